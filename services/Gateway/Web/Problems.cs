using System.Globalization;
using System.Text.Json.Serialization;
using Google.Rpc;
using Grpc.Core;
using Mesh.ServiceDefaults.Errors;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;
using RpcStatus = Google.Rpc.Status;

namespace Mesh.Gateway.Web;

/// <summary>A failure as the page gets it (RFC 9457), in the customer's language.</summary>
/// <param name="Code">Stable, for programs: "UNAVAILABLE".</param>
/// <param name="Errors">Which fields are wrong and how, for the programmer of the page.</param>
internal sealed record Problem(
    string Title, int Status, string Code, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? RetryAfterSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Errors)
{
    public const string ContentType = "application/problem+json";

    private static readonly Dictionary<Code, (string Chinese, string English)> Titles = new()
    {
        [Google.Rpc.Code.InvalidArgument] = ("请求有误，请检查后再试。", "The request is not valid."),
        [Google.Rpc.Code.FailedPrecondition] = ("现在不能这样操作。", "This cannot be done right now."),
        [Google.Rpc.Code.Unauthenticated] = ("会话已过期，请刷新页面。", "Your session has expired. Please reload the page."),
        [Google.Rpc.Code.PermissionDenied] = ("没有权限执行此操作。", "You are not allowed to do this."),
        [Google.Rpc.Code.NotFound] = ("没有找到。", "Not found."),
        [Google.Rpc.Code.Aborted] = ("会话状态已变化，请再试一次。", "The conversation has changed. Please try again."),
        [Google.Rpc.Code.ResourceExhausted] = ("发送得太快了，请稍后再试。", "That was a little fast. Please try again in a moment."),
        [Google.Rpc.Code.Unavailable] = ("客服系统暂时无法连接，请稍后重试。", "Customer care cannot be reached right now. Please try again in a moment."),
        [Google.Rpc.Code.DeadlineExceeded] = ("回答超时了，请重试。", "The answer took too long. Please try again."),
    };

    /// <summary>What a failure is to the page. Nothing of a service's own words is passed on except which field of the request is wrong.</summary>
    public static Problem Of(Exception exception, string language)
    {
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
            return new(Say(language, "内容太长了。", "This is too large."), StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", null, null);
        if (exception is BadHttpRequestException bad)
            return new(Say(language, "请求有误，请检查后再试。", "The request is not valid."), bad.StatusCode, "INVALID_ARGUMENT", null, null);

        // The connection broke under the call: what the client library calls it depends on the moment.
        if (exception is RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown or StatusCode.Unavailable or StatusCode.Cancelled, Status.DebugException: not null })
            exception = new DependencyUnavailableException("the service", TimeSpan.FromSeconds(1));
        var timedOut = exception is RpcException { StatusCode: StatusCode.DeadlineExceeded };
        var status = ErrorTable.ToStatus(exception, timedOut);
        var code = (Code)status.Code;
        var (chinese, english) = Titles.GetValueOrDefault(code, ("出了点问题，请重试。", "Something went wrong. Please try again."));
        var retryAfter = Detail<RetryInfo>(status)?.RetryDelay?.ToTimeSpan().TotalSeconds;
        var errors = exception is InvalidRequestException invalid
            ? invalid.Errors.GroupBy(e => e.Field, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Description, StringComparer.Ordinal)
            : null;
        return new(Say(language, chinese, english), ErrorTable.ToHttp(code), Name(code), retryAfter, errors);
    }

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsJsonAsync(this, ChatJson.Options, ContentType, context.RequestAborted);
    }

    /// <summary>"zh" or "en", whichever the visitor prefers; "zh" where that says nothing.</summary>
    public static string Language(HttpRequest request)
    {
        foreach (var wish in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (wish.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return "zh";
            if (wish.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return "en";
        }
        return "zh";
    }

    private static string Say(string language, string chinese, string english) => language == "en" ? english : chinese;

    private static T? Detail<T>(RpcStatus status) where T : class, Google.Protobuf.IMessage<T>, new() =>
        status.Details.FirstOrDefault(d => d.Is(new T().Descriptor))?.Unpack<T>();

    // "ResourceExhausted" to "RESOURCE_EXHAUSTED".
    private static string Name(Code code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
