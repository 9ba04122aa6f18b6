using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Filters;

/// <summary>One step of a path into a payload: a key, an element of an array, or all elements (<c>Key</c> and <c>Index</c> null).</summary>
internal readonly record struct PathStep(string? Key, int? Index)
{
    public bool IsAllElements => Key is null && Index is null;
}

/// <summary>
/// A path into a payload in Qdrant's form: <c>a.b</c>, <c>a[].b</c> (every element), <c>a[0]</c>, and quotes around a key with other characters
/// than letters, digits, underscore and hyphen (<c>"a.b".c</c>). Arrays are entered by brackets only.
/// </summary>
internal sealed class FieldPath
{
    private FieldPath(IReadOnlyList<PathStep> steps) => Steps = steps;

    public IReadOnlyList<PathStep> Steps { get; }

    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: not a path.</exception>
    public static FieldPath Parse(string text)
    {
        var steps = new List<PathStep>();
        var at = 0;
        while (true)
        {
            steps.Add(new PathStep(ReadKey(text, ref at), null));
            while (at < text.Length && text[at] == '[') steps.Add(ReadBrackets(text, ref at));
            if (at == text.Length) return new FieldPath(steps);
            if (text[at] != '.') throw Bad(text);
            at++;
        }
    }

    /// <summary>The path of an array element of this path and of its fields, as <c>nested</c> means it: <c>reviews</c> is <c>reviews[]</c>.</summary>
    public FieldPath AsElements() => Steps[^1].IsAllElements ? this : new FieldPath([.. Steps, new PathStep(null, null)]);

    /// <summary>Every value at this path.</summary>
    public List<Value> Find(MapField<string, Value> root)
    {
        var found = new List<Value>();
        if (root.TryGetValue(Steps[0].Key!, out var value)) Collect(value, 1, found);
        return found;
    }

    private void Collect(Value value, int step, List<Value> found)
    {
        if (step == Steps.Count)
        {
            found.Add(value);
            return;
        }
        var (key, index) = Steps[step];
        if (key is not null)
        {
            if (value.KindCase == Value.KindOneofCase.StructValue && value.StructValue.Fields.TryGetValue(key, out var field)) Collect(field, step + 1, found);
        }
        else if (value.KindCase == Value.KindOneofCase.ListValue)
        {
            var elements = value.ListValue.Values;
            if (index is null)
            {
                foreach (var element in elements) Collect(element, step + 1, found);
            }
            else if (index < elements.Count)
            {
                Collect(elements[index.Value], step + 1, found);
            }
        }
    }

    private static string ReadKey(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
        {
            var key = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '"')
                {
                    at++;
                    return key.ToString();
                }
                if (text[at] == '\\' && ++at == text.Length) break;
                key.Append(text[at]);
            }
            throw Bad(text);
        }
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' || char.IsSurrogate(text[at]))) at++;
        return at > start ? text[start..at] : throw Bad(text);
    }

    private static PathStep ReadBrackets(string text, ref int at)
    {
        var end = text.IndexOf(']', at);
        if (end < 0) throw Bad(text);
        var inside = text.AsSpan(at + 1, end - at - 1);
        at = end + 1;
        if (inside.IsEmpty) return new PathStep(null, null);
        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new PathStep(null, index) : throw Bad(text);
    }

    private static Grpc.Core.RpcException Bad(string text) => QdrantError.WrongInput($"Invalid JSON path `{(text.Length <= 100 ? text : text[..100])}`");
}
