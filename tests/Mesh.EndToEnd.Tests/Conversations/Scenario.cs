namespace Mesh.EndToEnd.Tests.Conversations;

/// <summary>A scripted conversation: what a customer writes, and what must and must not come of it.</summary>
public sealed class Scenario
{
    public string Name { get; set; } = "";

    /// <summary>Signed-in customer; empty for an anonymous visitor.</summary>
    public string Customer { get; set; } = "";

    /// <summary>What is wrong with the product when the scenario fails today; it is then reported as skipped with this reason.</summary>
    public string? KnownWrong { get; set; }

    public List<ScriptedTurn> Turns { get; set; } = [];

    /// <summary>State of the shop's database at the end. A scenario that has it may change the shop, which is put back afterwards.</summary>
    public List<ShopOrder> ShopAfter { get; set; } = [];

    public override string ToString() => Name;
}

/// <summary>One line of the script: exactly one of <see cref="Say"/>, <see cref="Confirm"/>, <see cref="Deny"/> and <see cref="Agent"/>.</summary>
public sealed class ScriptedTurn
{
    public string? Say { get; set; }

    /// <summary>The customer presses yes on the confirmation shown last.</summary>
    public bool Confirm { get; set; }

    /// <summary>The customer presses no on the confirmation shown last.</summary>
    public bool Deny { get; set; }

    /// <summary>"take_over", "hand_back", or what a person writes.</summary>
    public string? Agent { get; set; }

    public string? ClientMessageId { get; set; }

    public Expectation Expect { get; set; } = new();
}

/// <summary>What a turn must bring; what is left out is not looked at.</summary>
public sealed class Expectation
{
    /// <summary>Each must be among the turn's commands: "start_flow return_request", "set_slot order_id=SO2026110002", "ask_knowledge".</summary>
    public List<string>? Commands { get; set; }

    /// <summary>Values that the turn set.</summary>
    public Dictionary<string, string>? Slots { get; set; }

    /// <summary>All calls whose outcome the turn brought, in order.</summary>
    public List<ExpectedToolCall>? ToolCalls { get; set; }

    /// <summary>One of these documents must be cited; empty: none may be.</summary>
    public List<string>? Citations { get; set; }

    /// <summary>Each must stand in the answer; alternatives are separated by "|".</summary>
    public List<string> AnswerContains { get; set; } = [];

    public List<string> AnswerLacks { get; set; } = [];

    public bool? Confirmation { get; set; }

    public bool? HandOver { get; set; }

    public string? HandOverReason { get; set; }

    public bool? QuickReplies { get; set; }

    /// <summary>"bot", "waiting" or "agent".</summary>
    public string? Owner { get; set; }

    /// <summary>The stored answer of an earlier message was given again.</summary>
    public bool? Duplicate { get; set; }

    /// <summary>"zh" or "en": the language of the answer.</summary>
    public string? Language { get; set; }
}

public sealed class ExpectedToolCall
{
    public string Name { get; set; } = "";

    /// <summary>As in <c>ToolReturned.status</c>.</summary>
    public string Status { get; set; } = "ok";

    /// <summary>Arguments that the call must have had, among others.</summary>
    public Dictionary<string, string> Arguments { get; set; } = [];
}

public sealed class ShopOrder
{
    public string Order { get; set; } = "";

    /// <summary>Whose it is; by default the scenario's customer.</summary>
    public string? Customer { get; set; }

    public string? Status { get; set; }

    public string? Address { get; set; }

    /// <summary>Status of its refund, or "none".</summary>
    public string? Refund { get; set; }

    /// <summary>Name on its invoice, or "none".</summary>
    public string? Invoice { get; set; }
}
