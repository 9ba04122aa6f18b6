using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mesh.Tools.Http;

namespace Mesh.Tools.Invocation;

/// <summary>A call of a tool as it was asked for.</summary>
internal sealed record ToolCall(string TenantId, string Tool, JsonObject Arguments, string IdempotencyKey, string CustomerId, string ConversationId, string Language)
{
    /// <summary>What one idempotency key stands for.</summary>
    public string Fingerprint() => Hash(Tool, Canonical(Arguments), CustomerId, ConversationId);

    /// <summary>What the business system gets to know. The key it sees is a hash: equal keys of two tenants or tools must not meet there.</summary>
    public CallScope Scope(string tool, TimeSpan deadline) =>
        new(TenantId, CustomerId, ConversationId, Language, Hash(TenantId, tool, IdempotencyKey), deadline);

    private static string Hash(params string[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The order of members means nothing, and a Struct does not keep it.
    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{JsonValue.Create(m.Key)!.ToJsonString()}:{Canonical(m.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Canonical))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
