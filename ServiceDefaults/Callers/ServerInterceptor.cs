using Grpc.Core;
using Grpc.Core.Interceptors;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Logging;

namespace Mesh.ServiceDefaults.Callers;

/// <summary>Around every gRPC call of all four kinds: who calls, and what a failure becomes.</summary>
internal sealed partial class ServerInterceptor(InternalCredential credential, CallerAccessor callers, TimeProvider time, ILogger<ServerInterceptor> log)
    : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Done(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Done(continuation(requestStream, responseStream, context)));

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            if (context.Method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal)) return await call();
            var caller = Authenticate(context);
            context.UserState[ServerCallContextExtensions.Key] = caller;
            using (callers.Use(caller)) return await call();
        }
        catch (Exception e)
        {
            var status = ErrorTable.ToStatus(e, context.Deadline <= time.GetUtcNow().UtcDateTime);
            if (status.Code == (int)Google.Rpc.Code.Internal) LogFailed(context.Method, e);
            throw status.ToRpcException();
        }
    }

    private Caller Authenticate(ServerCallContext context) => credential.Accepts(context.RequestHeaders.GetValue(Caller.KeyHeader))
        ? Caller.ReadFrom(context.RequestHeaders)
        : throw new UnauthenticatedException("the call does not carry the mesh's internal credential; customers' calls go through the Gateway");

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Method} failed")]
    private partial void LogFailed(string method, Exception exception);
}
