using System.ComponentModel.DataAnnotations;

namespace Mesh.Dialog;

/// <summary>Section <c>Dialog</c>.</summary>
public sealed class DialogOptions
{
    /// <summary>Folder of the flow files, relative to the content root. No default.</summary>
    [Required]
    public string FlowsFolder { get; set; } = "";

    /// <summary>Longest turn in seconds when the caller's deadline allows more. Default 20.</summary>
    [Range(1, 300)]
    public double TurnSeconds { get; set; } = 20;

    /// <summary>What is kept back of a turn's time for saying and recording that it ran out, in milliseconds. Default 400.</summary>
    [Range(50, 5_000)]
    public int ReserveMilliseconds { get; set; } = 400;

    /// <summary>Longest time of one stage in milliseconds.</summary>
    public StageBudgets Budgets { get; set; } = new();

    /// <summary>Remaining time of the turn, in milliseconds, below which the search is asked to skip reranking. Default 3,000.</summary>
    [Range(0, 60_000)]
    public int SkipRerankBelowMilliseconds { get; set; } = 3_000;

    /// <summary>Customer messages of one conversation that wait for a turn in progress; more are refused. Default 8.</summary>
    [Range(0, 100)]
    public int WaitingMessages { get; set; } = 8;

    /// <summary>Turns of all conversations in progress in this process; more are refused. Default 256.</summary>
    [Range(1, 10_000)]
    public int ConcurrentTurns { get; set; } = 256;

    /// <summary>Conversations whose state is kept in memory. Default 2,000.</summary>
    [Range(1, 1_000_000)]
    public int CachedConversations { get; set; } = 2_000;

    /// <summary>How often the log is looked at for events of other replicas, in milliseconds. Default 1,000.</summary>
    [Range(10, 60_000)]
    public int TailPollMilliseconds { get; set; } = 1_000;

    /// <summary>How often a slot is asked for before a person is offered. Default 3.</summary>
    [Range(1, 10)]
    public int SlotAttempts { get; set; } = 3;

    /// <summary>Time zone offset in which customers say "today", in hours. Default 8 (China).</summary>
    [Range(-14, 14)]
    public double UtcOffsetHours { get; set; } = 8;
}

/// <summary>Longest time of one stage, in milliseconds; the turn's remaining time bounds it further.</summary>
public sealed class StageBudgets
{
    /// <summary>Default 1,500.</summary>
    [Range(10, 60_000)]
    public int GuardInput { get; set; } = 1_500;

    /// <summary>Default 3,000.</summary>
    [Range(10, 60_000)]
    public int Understand { get; set; } = 3_000;

    /// <summary>One tool call. Default 10,000: business systems are slow, and the tools service has its own limit.</summary>
    [Range(10, 120_000)]
    public int Tool { get; set; } = 10_000;

    /// <summary>Default 5,000.</summary>
    [Range(10, 60_000)]
    public int Retrieve { get; set; } = 5_000;

    /// <summary>Default 5,000.</summary>
    [Range(10, 60_000)]
    public int Word { get; set; } = 5_000;

    /// <summary>Default 1,500.</summary>
    [Range(10, 60_000)]
    public int GuardOutput { get; set; } = 1_500;
}
