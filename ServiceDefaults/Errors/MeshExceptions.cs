namespace Mesh.ServiceDefaults.Errors;

/// <summary>A failure that a caller can act on. <see cref="ErrorTable"/> says which gRPC status it becomes.</summary>
/// <param name="message">For the caller to read; holds no secrets and no personal data.</param>
public abstract class MeshException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One field of a request that breaks its contract.</summary>
/// <param name="Field">Path as in the proto: "target.conversation_id".</param>
/// <param name="Description">What is wrong and what is allowed.</param>
public sealed record FieldError(string Field, string Description);

/// <summary>The request breaks its contract; sending it again unchanged cannot help.</summary>
public sealed class InvalidRequestException(IReadOnlyList<FieldError> errors)
    : MeshException(string.Join("; ", errors.Select(e => $"{e.Field}: {e.Description}")))
{
    public InvalidRequestException(string field, string description) : this([new FieldError(field, description)]) { }

    public IReadOnlyList<FieldError> Errors { get; } = errors;
}

/// <summary>The thing does not exist, or not for this caller: the two are told apart nowhere.</summary>
public sealed class NotFoundException(string kind, string id) : MeshException($"{kind} '{id}' was not found")
{
    public string Kind { get; } = kind;
    public string Id { get; } = id;
}

/// <summary>Somebody else was faster; read again and decide anew.</summary>
public sealed class ConflictException(string reason, string message) : MeshException(message)
{
    /// <summary>Stable, upper-case: "OWNER_EPOCH_STALE".</summary>
    public string Reason { get; } = reason;
}

/// <summary>The thing is not in a state, or the process not in a configuration, in which this can be done.</summary>
public sealed class PreconditionException(string reason, string message) : MeshException(message)
{
    public string Reason { get; } = reason;
}

/// <summary>A bound was reached; the work was refused before it was begun.</summary>
public sealed class OverloadedException(string message, TimeSpan retryAfter) : MeshException(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>Something this process needs does not answer.</summary>
public sealed class DependencyUnavailableException(string dependency, TimeSpan retryAfter, Exception? inner = null)
    : MeshException($"{dependency} is not available", inner)
{
    public string Dependency { get; } = dependency;
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>The caller is known and may not do this.</summary>
public sealed class PermissionDeniedException(string message) : MeshException(message);

/// <summary>The caller did not say who it is, or the credential is not valid.</summary>
public sealed class UnauthenticatedException(string message) : MeshException(message);
