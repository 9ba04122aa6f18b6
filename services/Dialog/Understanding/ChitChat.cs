namespace Mesh.Dialog.Understanding;

/// <summary>Kinds of small talk: the names that a <c>ChitChat</c> command carries.</summary>
public static class ChitChat
{
    public const string Greet = "greet";
    public const string Thanks = "thanks";
    public const string Bye = "bye";
    public const string Praise = "praise";

    /// <summary>Whether this is a machine, what it is called, what it can do.</summary>
    public const string WhoAreYou = "who_are_you";
    public const string HowAreYou = "how_are_you";
    public const string Joke = "joke";

    /// <summary>Abuse without a wish.</summary>
    public const string Scold = "scold";

    public static IReadOnlyList<string> Kinds { get; } = [Greet, Thanks, Bye, Praise, WhoAreYou, HowAreYou, Joke, Scold];
}
