using Grpc.Core;
using Grpc.Net.Client;

namespace Mesh.Gateway.Tests.Edge;

internal static class RawCall
{
    /// <summary>The status of a call with an empty message.</summary>
    public static async Task<StatusCode> StatusAsync(GrpcChannel channel, string path, Metadata headers)
    {
        var stop = TestContext.Current.CancellationToken;
        var parts = path.Split('/');
        var marshaller = Marshallers.Create<byte[]>(b => b, b => b);
        var method = new Method<byte[], byte[]>(MethodType.ServerStreaming, parts[1], parts[2], marshaller, marshaller);
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(method, null, new CallOptions(headers, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: stop), []);
        try
        {
            while (await call.ResponseStream.MoveNext(stop)) { }
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
