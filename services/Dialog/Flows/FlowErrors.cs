namespace Mesh.Dialog.Flows;

/// <summary>One mistake in a flow file.</summary>
/// <param name="Line">1-based.</param>
public sealed record FlowError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}

/// <summary>The flow files hold mistakes; all that were found are listed.</summary>
public sealed class InvalidFlowsException(IReadOnlyList<FlowError> errors)
    : Exception($"{errors.Count} mistake(s) in the flows:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    public IReadOnlyList<FlowError> Errors { get; } = errors;
}

/// <summary>A flow cannot go on because of its own definition: a template beyond its limits, steps that never end.</summary>
public sealed class FlowFailedException(string message, Exception? inner = null) : Exception(message, inner);
