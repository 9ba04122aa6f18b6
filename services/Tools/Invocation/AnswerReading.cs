using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Tools.Catalog;
using Mesh.Tools.Http;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;

namespace Mesh.Tools.Invocation;

/// <summary>Turns what a business system answered into a result.</summary>
internal static class AnswerReading
{
    private const int MaxMessage = 500;
    private const int MaxCode = 64;

    public static ToolResult Read(ToolDefinition tool, HttpAnswer answer)
    {
        var result = answer.Status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Success(tool, answer),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Results.InvalidResult("unexpected_redirect", "the business system redirects, which is not followed"),
            // The mesh's own credential is refused: the customer can do nothing about it.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Results.Unavailable("credential_refused", "the business system does not accept the mesh's credential"),
            HttpStatusCode.TooManyRequests => Results.Unavailable("rate_limited", "the business system wants fewer calls"),
            var status when BusinessSystem.IsFailure(status) => Results.Unavailable("system_failed", "the business system failed"),
            _ => Rejection(answer),
        };
        result.HttpStatus = (int)answer.Status;
        return result;
    }

    private static ToolResult Success(ToolDefinition tool, HttpAnswer answer)
    {
        if (answer.Body is null)
            return Results.InvalidResult("result_too_large", "the answer is larger than Tools:MaxResultBytes");
        if (tool.Answer is null)
            return new() { Status = ToolResult.Types.Status.Ok, Value = StructJson.ToValue(null) };
        if (Parse(answer) is not { } json)
            return Results.InvalidResult("result_not_json", "the answer is not JSON");
        if (tool.Answer.Check(json) is { Count: > 0 } violations)
        {
            return Results.InvalidResult(
                "result_not_as_described", Cut($"the answer does not match its description: {string.Join("; ", violations.Select(v => $"{v.Field} {v.Description}"))}", MaxMessage));
        }

        return new() { Status = ToolResult.Types.Status.Ok, Value = StructJson.ToValue(tool.Pick is null ? json : tool.Pick.Apply(json)) };
    }

    // Problem details (RFC 9457) with a code; other bodies are not shown to anyone.
    private static ToolResult Rejection(HttpAnswer answer)
    {
        var problem = Parse(answer) as JsonObject;
        var code = Text(problem?["code"]) is { Length: > 0 and <= MaxCode } stated && stated.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '_')
            ? stated
            : $"http_{(int)answer.Status}";
        var message = Text(problem?["detail"]) ?? Text(problem?["title"]) ?? "the business system refused";
        return new() { Status = ToolResult.Types.Status.Rejected, ErrorCode = code, ErrorMessage = Cut(message, MaxMessage) };
    }

    private static JsonNode? Parse(HttpAnswer answer)
    {
        if (answer.Body is null || answer.MediaType is not { } type || !(type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal)))
            return null;
        try
        {
            return JsonNode.Parse(answer.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}

/// <summary>Results that no business system gave.</summary>
internal static class Results
{
    public static ToolResult Unavailable(string code, string message) => Failed(ToolResult.Types.Status.Unavailable, code, message);

    public static ToolResult Timeout(string message) => Failed(ToolResult.Types.Status.Timeout, "timeout", message);

    public static ToolResult InvalidResult(string code, string message) => Failed(ToolResult.Types.Status.InvalidResult, code, message);

    public static ToolResult Rejected(string code, string message) => Failed(ToolResult.Types.Status.Rejected, code, message);

    public static ToolResult Declined() => Failed(ToolResult.Types.Status.Declined, "declined", "the customer said no; nothing was done");

    public static ToolResult InvalidArguments(IReadOnlyList<Violation> violations)
    {
        var result = Failed(
            ToolResult.Types.Status.InvalidArguments, "invalid_arguments", string.Join("; ", violations.Select(v => $"{v.Field}: {v.Description}")));
        result.Violations.AddRange(violations.Select(v => new FieldViolation { Field = v.Field, Description = v.Description }));
        return result;
    }

    private static ToolResult Failed(ToolResult.Types.Status status, string code, string message) => new() { Status = status, ErrorCode = code, ErrorMessage = message };
}
