using System.Text.Json.Nodes;
using Mesh.Tools.Http;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;

namespace Mesh.Tools.Catalog;

/// <summary>A tool, ready to be called.</summary>
/// <param name="Descriptions">By language.</param>
/// <param name="Arguments">What the caller may set.</param>
/// <param name="Answer">What the business system may answer, before <paramref name="Pick"/>; null if it answers nothing.</param>
/// <param name="ResultSchema">What is handed on.</param>
/// <param name="Pick">Which parts of the answer are handed on; null for all.</param>
/// <param name="Question">What the customer is asked first; null if nothing.</param>
internal sealed record ToolDefinition(
    string Name, BusinessSystem System, Dictionary<string, string> Descriptions, Effect Effect, HttpOperation Operation, JsonContract Arguments,
    JsonContract? Answer, JsonObject? ResultSchema, ResultPick? Pick, ConfirmQuestion? Question, CallLimits Limits)
{
    public bool RequiresCustomer => Operation.Binds(BoundValue.CustomerId);

    /// <summary>Whether the call may be sent again when its answer was lost.</summary>
    public bool Repeatable => Effect == Effect.Read || Operation.Binds(BoundValue.IdempotencyKey);
}

/// <summary>Bounds of a call in time.</summary>
/// <param name="Timeout">The whole call with its repeats.</param>
/// <param name="AttemptTimeout">One attempt.</param>
/// <param name="Retries">Repeats of a call that is safe to repeat.</param>
internal sealed record CallLimits(TimeSpan Timeout, TimeSpan AttemptTimeout, int Retries);
