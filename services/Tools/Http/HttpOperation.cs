using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Tools.Schemas;

namespace Mesh.Tools.Http;

/// <summary>A value that the mesh puts into a call itself: no argument can.</summary>
internal enum BoundValue
{
    CustomerId,
    ConversationId,
    TenantId,
    IdempotencyKey,
    Language,
    DeadlineMs,
}

internal enum ParameterPlace
{
    Path,
    Query,
    Header,
    Body,
}

/// <summary>A value that an operation takes.</summary>
/// <param name="Name">In the call, and as an argument.</param>
/// <param name="Bound">What the mesh puts there; null for an argument.</param>
internal sealed record HttpParameter(string Name, ParameterPlace Place, BoundValue? Bound);

/// <summary>On whose behalf and within what a call is made.</summary>
/// <param name="Deadline">What is left of the caller's time.</param>
internal sealed record CallScope(string TenantId, string CustomerId, string ConversationId, string Language, string IdempotencyKey, TimeSpan Deadline)
{
    public string Of(BoundValue value) => value switch
    {
        BoundValue.CustomerId => CustomerId,
        BoundValue.ConversationId => ConversationId,
        BoundValue.TenantId => TenantId,
        BoundValue.IdempotencyKey => IdempotencyKey,
        BoundValue.Language => Language,
        BoundValue.DeadlineMs => ((long)Deadline.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, null),
    };
}

/// <summary>How a call of a tool becomes an HTTP request.</summary>
/// <param name="Path">With its parameters in braces: "/v1/orders/{order_number}".</param>
internal sealed record HttpOperation(HttpMethod Method, string Path, IReadOnlyList<HttpParameter> Parameters)
{
    /// <summary>Where <see cref="Path"/> is kept in a request, for telemetry: the path that was sent holds arguments.</summary>
    public static readonly HttpRequestOptionsKey<string> Template = new("mesh.path_template");

    /// <summary>What no schema says: a segment of a path cannot be empty or a step up, whatever its escape.</summary>
    public IEnumerable<Violation> Check(JsonObject arguments) => Parameters
        .Where(p => p is { Place: ParameterPlace.Path, Bound: null } && Text(arguments[p.Name]) is "" or "." or "..")
        .Select(p => new Violation($"/{p.Name}", "cannot be part of a path"));

    public bool Binds(BoundValue value) => Parameters.Any(p => p.Bound == value);

    /// <summary>A request to <paramref name="address"/>; each attempt needs its own.</summary>
    public HttpRequestMessage Request(Uri address, JsonObject arguments, CallScope scope)
    {
        var path = Path;
        var query = new StringBuilder();
        var body = new JsonObject();
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var parameter in Parameters)
        {
            var value = parameter.Bound is { } bound ? JsonValue.Create(scope.Of(bound)) : arguments[parameter.Name];
            switch (parameter.Place)
            {
                case ParameterPlace.Path:
                    path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(Text(value)), StringComparison.Ordinal);
                    break;
                case ParameterPlace.Query:
                    foreach (var item in value is JsonArray items ? items : value is null ? [] : new JsonArray(value.DeepClone()))
                        query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(parameter.Name)).Append('=').Append(Uri.EscapeDataString(Text(item)));
                    break;
                case ParameterPlace.Header:
                    headers.Add(new(parameter.Name, Text(value)));
                    break;
                case ParameterPlace.Body when parameter.Bound is not null || arguments.ContainsKey(parameter.Name):
                    body[parameter.Name] = value?.DeepClone();
                    break;
            }
        }

        var request = new HttpRequestMessage(Method, new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}{path}{query}"));
        request.Options.Set(Template, Path);
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Accept.Add(new("application/problem+json"));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        if (Parameters.Any(p => p.Place == ParameterPlace.Body))
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private static string Text(JsonNode? value) => value is null ? "" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
