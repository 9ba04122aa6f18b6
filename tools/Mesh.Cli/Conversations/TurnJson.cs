using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Mesh.Dialog.V1;

namespace Mesh.Cli.Conversations;

/// <summary>The JSON object that <c>mesh ask --json</c> prints.</summary>
internal static class TurnJson
{
    public static string Write(Turn turn)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("answer", turn.Answer);
            WriteArray(json, "citations", turn.Citations, (w, c) =>
            {
                w.WriteNumber("index", c.Index);
                w.WriteString("document", c.DocumentId);
                w.WriteString("title", c.Title);
                w.WriteString("chunk", c.ChunkId);
                w.WriteStartArray("span");
                w.WriteNumberValue(c.Span?.Start ?? 0);
                w.WriteNumberValue(c.Span?.End ?? 0);
                w.WriteEndArray();
                w.WriteString("excerpt", c.Excerpt);
            });
            WriteArray(json, "tool_calls", turn.ToolCalls, (w, t) =>
            {
                w.WriteString("name", t.Call.Name);
                w.WritePropertyName("arguments");
                w.WriteRawValue(t.Call.Arguments is { } arguments ? JsonFormatter.Default.Format(arguments) : "{}");
                w.WriteString("status", t.Result?.Status ?? "unfinished");
            });
            WriteArray(json, "commands", turn.Commands, (w, c) =>
            {
                w.WriteString("type", TypeName(c.Type));
                w.WriteString("name", c.Name);
                if (c.Value.Length > 0) w.WriteString("value", c.Value);
                w.WriteNumber("score", Math.Round(c.Score, 4));
            });
            WriteArray(json, "quick_replies", turn.QuickReplies, (w, r) => w.WriteString("title", r.Title));
            if (turn.Confirmation is { } confirmation)
            {
                json.WriteStartObject("confirmation");
                json.WriteString("id", confirmation.ConfirmationId);
                json.WriteString("tool", confirmation.Tool);
                json.WriteString("summary", confirmation.Summary);
                json.WriteEndObject();
            }
            if (turn.HandOver is { } handOver)
            {
                json.WriteStartObject("hand_over");
                json.WriteString("reason", handOver.Reason);
                json.WriteString("summary", handOver.Summary);
                json.WriteEndObject();
            }
            json.WriteStartObject("timings_ms");
            foreach (var stage in (turn.Done?.Timings ?? []).GroupBy(t => t.Stage))
                json.WriteNumber(stage.Key, Math.Round(stage.Sum(t => t.Duration.ToTimeSpan().TotalMilliseconds), 1));
            json.WriteEndObject();
            if (turn.Done?.Degradations is { Count: > 0 } degradations)
            {
                json.WriteStartArray("degradations");
                foreach (var degradation in degradations) json.WriteStringValue(degradation);
                json.WriteEndArray();
            }
            json.WriteString("conversation", turn.Conversation);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>"TYPE_START_FLOW" without its prefix, in lower case.</summary>
    public static string TypeName(Command.Types.Type type) =>
        Command.Descriptor.EnumTypes.Single(e => e.Name == "Type").FindValueByNumber((int)type)?.Name["TYPE_".Length..].ToLowerInvariant() ?? "unknown";

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
