using System.Globalization;
using System.Text;
using Google.Protobuf;
using RpcStatus = Google.Rpc.Status;

namespace Mesh.Gateway.Edge;

/// <summary>
/// Ends a gRPC call with a status that the edge itself decided on: in the headers when nothing was sent yet ("Trailers-Only", HTTP 200), otherwise in the trailers.
/// As gRPC over HTTP/2 (PROTOCOL-HTTP2) describes it.
/// </summary>
internal static class GrpcFailure
{
    public static void Answer(HttpContext context, RpcStatus status)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            if (!response.SupportsTrailers()) return;
            foreach (var (name, value) in Fields(status)) response.AppendTrailer(name, value);
            return;
        }
        response.Clear();
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        foreach (var (name, value) in Fields(status)) response.Headers[name] = value;
    }

    private static IEnumerable<(string Name, string Value)> Fields(RpcStatus status) =>
    [
        ("grpc-status", status.Code.ToString(CultureInfo.InvariantCulture)),
        ("grpc-message", PercentEncode(status.Message)),
        ("grpc-status-details-bin", Convert.ToBase64String(status.ToByteArray()).TrimEnd('=')),
    ];

    private static string PercentEncode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%') encoded.Append((char)b);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }
}
