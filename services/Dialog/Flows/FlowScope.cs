namespace Mesh.Dialog.Flows;

/// <summary>What a flow's templates can read.</summary>
internal static class FlowScope
{
    /// <summary>Names that are always there: the slots by name, the customer (<c>customer.id</c>, <c>customer.known</c>), the last failed tool call (<c>error.code</c>, <c>error.message</c>) and the language ("zh" or "en").</summary>
    public static readonly string[] FixedNames = ["slots", "customer", "error", "language"];
}
