using Google.Protobuf.Collections;
using Mesh.Vectors.Filters;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Points;

/// <summary>Which part of a payload is returned.</summary>
internal sealed class PayloadSelection
{
    private readonly bool _enabled;
    private readonly IReadOnlyList<FieldPath>? _include;
    private readonly IReadOnlyList<FieldPath>? _exclude;

    private PayloadSelection(bool enabled, IReadOnlyList<FieldPath>? include = null, IReadOnlyList<FieldPath>? exclude = null) =>
        (_enabled, _include, _exclude) = (enabled, include, exclude);

    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: a path is malformed.</exception>
    public static PayloadSelection From(WithPayloadSelector? selector, bool byDefault) => selector?.SelectorOptionsCase switch
    {
        WithPayloadSelector.SelectorOptionsOneofCase.Enable => new PayloadSelection(selector.Enable),
        WithPayloadSelector.SelectorOptionsOneofCase.Include => new PayloadSelection(true, include: [.. selector.Include.Fields.Select(FieldPath.Parse)]),
        WithPayloadSelector.SelectorOptionsOneofCase.Exclude => new PayloadSelection(true, exclude: [.. selector.Exclude.Fields.Select(FieldPath.Parse)]),
        _ => new PayloadSelection(byDefault),
    };

    public void Copy(MapField<string, Value> payload, MapField<string, Value> target)
    {
        if (!_enabled) return;
        if (_include is null && _exclude is null) target.Add(payload);
        else CopyFields(payload, target, []);
    }

    private void CopyFields(MapField<string, Value> source, MapField<string, Value> target, List<PathStep> at)
    {
        foreach (var (key, value) in source)
        {
            at.Add(new PathStep(key, null));
            if (IsWanted(at)) target[key] = Copy(value, at);
            at.RemoveAt(at.Count - 1);
        }
    }

    private Value Copy(Value value, List<PathStep> at)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StructValue:
                var fields = new Struct();
                CopyFields(value.StructValue.Fields, fields.Fields, at);
                return new Value { StructValue = fields };
            case Value.KindOneofCase.ListValue:
                var list = new ListValue();
                at.Add(new PathStep(null, null));
                if (IsWanted(at)) list.Values.Add(value.ListValue.Values.Select(element => Copy(element, at)));
                at.RemoveAt(at.Count - 1);
                return new Value { ListValue = list };
            default:
                return value;
        }
    }

    /// <summary>What is included, its ancestors and all below it; or all but what is excluded and all below that.</summary>
    private bool IsWanted(List<PathStep> at) => _include is not null
        ? _include.Any(path => IsPrefix(at, path.Steps) || IsPrefix(path.Steps, at))
        : !_exclude!.Any(path => IsPrefix(path.Steps, at));

    private static bool IsPrefix(IReadOnlyList<PathStep> prefix, IReadOnlyList<PathStep> path) =>
        prefix.Count <= path.Count && !prefix.Where((step, i) => step != path[i]).Any();
}
