namespace Mesh.Dialog.Understanding.Intents;

/// <summary>Names of the classes that the classifier tells apart.</summary>
internal static class Labels
{
    public const string Knowledge = "knowledge";
    public const string HandOver = "hand_over";
    public const string Cancel = "cancel";
    public const string Repeat = "repeat";
    public const string Affirm = "affirm";
    public const string Deny = "deny";

    /// <summary>Clear, and no business of this shop.</summary>
    public const string OutOfScope = "out_of_scope";

    /// <summary>Without meaning.</summary>
    public const string Unclear = "unclear";

    private const string FlowPrefix = "flow:";
    private const string ChitChatPrefix = "chit_chat:";

    public static string Flow(string name) => FlowPrefix + name;

    public static string ChitChat(string kind) => ChitChatPrefix + kind;

    /// <summary>Name of the flow, or null for another class.</summary>
    public static string? FlowOf(string label) => label.StartsWith(FlowPrefix, StringComparison.Ordinal) ? label[FlowPrefix.Length..] : null;

    /// <summary>Kind of small talk, or null for another class.</summary>
    public static string? ChitChatOf(string label) => label.StartsWith(ChitChatPrefix, StringComparison.Ordinal) ? label[ChitChatPrefix.Length..] : null;

    /// <summary>Something that the customer wants done or answered.</summary>
    public static bool IsWish(string label) => label is Knowledge or HandOver || label.StartsWith(FlowPrefix, StringComparison.Ordinal);
}
