using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace Mesh.ServiceDefaults.Errors;

/// <summary>The one place where an exception becomes a status, for gRPC and for HTTP alike.</summary>
public static class ErrorTable
{
    /// <summary>Value of <see cref="ErrorInfo.Domain"/> in every answer.</summary>
    public const string Domain = "mesh";

    /// <summary>How a failed call is answered. Anything not in the table is INTERNAL, without a word about what happened.</summary>
    /// <param name="deadlinePassed">Tells a deadline from a cancellation.</param>
    public static RpcStatus ToStatus(Exception exception, bool deadlinePassed) => exception switch
    {
        InvalidRequestException e => Status(Code.InvalidArgument, e.Message, "INVALID_REQUEST", BadRequest(e)),
        NotFoundException e => Status(Code.NotFound, e.Message, "NOT_FOUND",
            new ResourceInfo { ResourceType = e.Kind, ResourceName = e.Id }),
        ConflictException e => Status(Code.Aborted, e.Message, e.Reason),
        PreconditionException e => Status(Code.FailedPrecondition, e.Message, e.Reason),
        OverloadedException e => Status(Code.ResourceExhausted, e.Message, "OVERLOADED", Retry(e.RetryAfter)),
        DependencyUnavailableException e => Status(Code.Unavailable, e.Message, "DEPENDENCY_UNAVAILABLE", Retry(e.RetryAfter)),
        PermissionDeniedException e => Status(Code.PermissionDenied, e.Message, "PERMISSION_DENIED"),
        UnauthenticatedException e => Status(Code.Unauthenticated, e.Message, "UNAUTHENTICATED"),
        RpcException e when e.GetRpcStatus() is { } status => status,
        RpcException e when e.StatusCode is not (StatusCode.Unknown or StatusCode.Internal) => Status((Code)e.StatusCode, e.Status.Detail, "UPSTREAM"),
        OperationCanceledException or TimeoutException when deadlinePassed => Status(Code.DeadlineExceeded, "the deadline has passed", "DEADLINE_EXCEEDED"),
        OperationCanceledException => Status(Code.Cancelled, "the call was cancelled", "CANCELLED"),
        TimeoutException => Status(Code.DeadlineExceeded, "a time limit has passed", "DEADLINE_EXCEEDED"),
        _ => Status(Code.Internal, "an internal error; the service's log has it under this call's trace id", "INTERNAL"),
    };

    /// <summary>google.rpc.Code to HTTP, as google/rpc/code.proto maps them.</summary>
    public static int ToHttp(Code code) => code switch
    {
        Code.Ok => 200,
        Code.InvalidArgument or Code.FailedPrecondition or Code.OutOfRange => 400,
        Code.Unauthenticated => 401,
        Code.PermissionDenied => 403,
        Code.NotFound => 404,
        Code.AlreadyExists or Code.Aborted => 409,
        Code.ResourceExhausted => 429,
        Code.Cancelled => 499,
        Code.Unimplemented => 501,
        Code.Unavailable => 503,
        Code.DeadlineExceeded => 504,
        _ => 500,
    };

    private static RpcStatus Status(Code code, string message, string reason, params Google.Protobuf.IMessage[] details)
    {
        var status = new RpcStatus { Code = (int)code, Message = message };
        status.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = reason }));
        foreach (var detail in details) status.Details.Add(Any.Pack(detail));
        return status;
    }

    private static RetryInfo Retry(TimeSpan after) => new() { RetryDelay = Duration.FromTimeSpan(after) };

    private static BadRequest BadRequest(InvalidRequestException e)
    {
        var detail = new BadRequest();
        foreach (var error in e.Errors)
            detail.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = error.Field, Description = error.Description });
        return detail;
    }
}
