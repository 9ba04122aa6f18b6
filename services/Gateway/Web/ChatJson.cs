using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Mesh.ServiceDefaults.Errors;

namespace Mesh.Gateway.Web;

/// <summary>The JSON of the page's API.</summary>
internal static class ChatJson
{
    /// <summary>A field that we do not know is refused: a misspelt one would otherwise be lost without a word.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 16,
    };

    public static string Format(IMessage message) => JsonFormatter.Default.Format(message);

    /// <exception cref="InvalidRequestException">The body is not JSON, or not of this shape.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken) where T : class
    {
        if (!request.HasJsonContentType())
            throw new BadHttpRequestException("the body must be application/json", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await request.ReadFromJsonAsync<T>(Options, cancellationToken) ?? throw new InvalidRequestException("body", "must be an object");
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(e.Path is { Length: > 0 } path ? path : "body", "is not what is expected here");
        }
    }
}
