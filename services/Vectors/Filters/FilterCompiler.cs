using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Points;
using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;
using ConditionCase = Qdrant.Client.Grpc.Condition.ConditionOneOfOneofCase;
using MatchCase = Qdrant.Client.Grpc.Match.MatchValueOneofCase;
using NumberRange = Qdrant.Client.Grpc.Range;
using Value = Qdrant.Client.Grpc.Value;

namespace Mesh.Vectors.Filters;

/// <summary>Turns a filter of the wire into one that can be evaluated; an unknown or bad condition is refused with its name.</summary>
internal sealed class FilterCompiler
{
    private readonly VectorsOptions _limits;
    private readonly CollectionData _data;
    private int _conditions;

    private FilterCompiler(CollectionData data, VectorsOptions limits) => (_data, _limits) = (data, limits);

    /// <returns>Null for an absent filter.</returns>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument or Unimplemented, naming the condition.</exception>
    public static PayloadFilter? Compile(Filter? filter, CollectionData data, VectorsOptions limits)
    {
        if (filter is null) return null;
        var compiler = new FilterCompiler(data, limits);
        var lookups = new List<Lookup>();
        return new PayloadFilter(compiler.Group(filter, lookups), lookups);
    }

    /// <param name="lookups">
    /// Gets what each matching point must satisfy; null inside <c>should</c>, <c>must_not</c> and nested objects, where it need not.
    /// </param>
    private PointTest Group(Filter filter, List<Lookup>? lookups)
    {
        var must = filter.Must.Select(c => Condition(c, lookups)).ToArray();
        var should = filter.Should.Select(c => Condition(c, null)).ToArray();
        var mustNot = filter.MustNot.Select(c => Condition(c, null)).ToArray();
        var (minShould, minCount) = (Array.Empty<PointTest>(), 0UL);
        if (filter.MinShould is { } atLeast)
        {
            if (atLeast.MinCount == 0) throw QdrantError.Invalid("min_should.min_count", "value 0 invalid, must be 1 or larger");
            (minShould, minCount) = (atLeast.Conditions.Select(c => Condition(c, null)).ToArray(), atLeast.MinCount);
        }
        return (payload, point) =>
        {
            foreach (var test in must)
                if (!test(payload, point)) return false;
            foreach (var test in mustNot)
                if (test(payload, point)) return false;
            return (should.Length == 0 || should.Any(test => test(payload, point)))
                && (minCount == 0 || (ulong)minShould.Count(test => test(payload, point)) >= minCount);
        };
    }

    private PointTest Condition(Condition condition, List<Lookup>? lookups)
    {
        Count(1);
        switch (condition.ConditionOneOfCase)
        {
            case ConditionCase.Field:
                return Field(condition.Field, lookups);
            case ConditionCase.Filter:
                return Group(condition.Filter, lookups);
            case ConditionCase.HasId:
                Count(condition.HasId.HasId.Count);
                var keys = condition.HasId.HasId.Select(PointKey.From).ToHashSet();
                lookups?.Add(new Lookup("", [], [.. keys]));
                return (_, point) => keys.Contains(point.Key);
            case ConditionCase.HasVector:
                var name = condition.HasVector.HasVector;
                return (_, point) => point.VectorNames.Contains(name);
            case ConditionCase.IsEmpty:
                var emptyPath = FieldPath.Parse(condition.IsEmpty.Key);
                return (payload, _) => FieldCheck.IsEmpty(emptyPath.Find(payload));
            case ConditionCase.IsNull:
                var nullPath = FieldPath.Parse(condition.IsNull.Key);
                return (payload, _) => FieldCheck.IsNull(nullPath.Find(payload));
            case ConditionCase.Nested:
                var elements = FieldPath.Parse(condition.Nested.Key).AsElements();
                var inner = Group(condition.Nested.Filter ?? new Filter(), null);
                return (payload, point) => elements.Find(payload).Any(element =>
                    element.KindCase == Value.KindOneofCase.StructValue && inner(element.StructValue.Fields, point));
            case ConditionCase.None:
                throw QdrantError.Invalid("filter", "a condition is empty");
            default:
                throw QdrantError.Unsupported($"Filter condition `{condition.ConditionOneOfCase}`");
        }
    }

    private PointTest Field(FieldCondition field, List<Lookup>? lookups)
    {
        var path = FieldPath.Parse(field.Key);
        var tests = new List<PointTest>();
        if (field.Match is { } match) tests.Add(Match(field.Key, path, match, lookups));
        if (field.Range is { } range)
        {
            var within = Within(range);
            tests.Add(AnyValue(path, value => FieldCheck.Number(value) is { } number && within(number)));
        }
        if (field.DatetimeRange is { } times)
        {
            var within = Within(times);
            tests.Add(AnyValue(path, value => FieldCheck.Instant(value) is { } instant && within(instant)));
        }
        if (field.ValuesCount is { } count)
        {
            var within = Within(count);
            tests.Add((payload, _) => FieldCheck.HasCount(path.Find(payload), within));
        }
        if (field.HasIsEmpty) tests.Add((payload, _) => FieldCheck.IsEmpty(path.Find(payload)) == field.IsEmpty);
        if (field.HasIsNull) tests.Add((payload, _) => FieldCheck.IsNull(path.Find(payload)) == field.IsNull);
        if (field.GeoBoundingBox is not null) throw QdrantError.Unsupported("Filter condition `geo_bounding_box`");
        if (field.GeoRadius is not null) throw QdrantError.Unsupported("Filter condition `geo_radius`");
        if (field.GeoPolygon is not null) throw QdrantError.Unsupported("Filter condition `geo_polygon`");
        return tests.Count switch
        {
            0 => throw QdrantError.Invalid("filter", $"the condition on `{field.Key}` is empty"),
            1 => tests[0],
            _ => (payload, point) => tests.All(test => test(payload, point)),
        };
    }

    private PointTest Match(string key, FieldPath path, Match match, List<Lookup>? lookups)
    {
        switch (match.MatchValueCase)
        {
            case MatchCase.Keyword:
                return Keywords(key, path, [match.Keyword], lookups);
            case MatchCase.Keywords:
                return Keywords(key, path, match.Keywords.Strings, lookups);
            case MatchCase.Integer:
                return Integers(key, path, [match.Integer], lookups);
            case MatchCase.Integers:
                return Integers(key, path, match.Integers.Integers, lookups);
            case MatchCase.Boolean:
                var boolean = match.Boolean;
                lookups?.Add(new Lookup(key, [boolean]));
                return AnyValue(path, value => value.KindCase == Value.KindOneofCase.BoolValue && value.BoolValue == boolean);
            case MatchCase.ExceptKeywords:
                Count(match.ExceptKeywords.Strings.Count);
                var otherStrings = match.ExceptKeywords.Strings.ToHashSet();
                return AnyValue(path, value => IsPresent(value)
                    && !(value.KindCase == Value.KindOneofCase.StringValue && otherStrings.Contains(value.StringValue)));
            case MatchCase.ExceptIntegers:
                Count(match.ExceptIntegers.Integers.Count);
                var otherIntegers = match.ExceptIntegers.Integers.ToHashSet();
                return AnyValue(path, value => IsPresent(value)
                    && !(value.KindCase == Value.KindOneofCase.IntegerValue && otherIntegers.Contains(value.IntegerValue)));
            case MatchCase.Text:
                return Text(path, match.Text, all: true);
            case MatchCase.TextAny:
                return Text(path, match.TextAny, all: false);
            case MatchCase.None:
                throw QdrantError.Invalid("filter", $"the match on `{key}` is empty");
            default:
                throw QdrantError.Unsupported($"Filter condition `match.{match.MatchValueCase}`");
        }
    }

    private PointTest Keywords(string key, FieldPath path, RepeatedField<string> keywords, List<Lookup>? lookups)
    {
        Count(keywords.Count);
        lookups?.Add(new Lookup(key, [.. keywords]));
        if (_data.Fields.TryGetValue(key, out var index) && index.Type == PayloadSchemaType.Uuid && keywords.All(k => PointKey.TryParseUuid(k, out _)))
        {
            // A uuid index compares UUIDs, in whatever form they are written.
            var uuids = keywords.Select(k => PointKey.TryParseUuid(k, out var uuid) ? uuid : default).ToHashSet();
            return AnyValue(path, value => value.KindCase == Value.KindOneofCase.StringValue
                && PointKey.TryParseUuid(value.StringValue, out var uuid) && uuids.Contains(uuid));
        }
        var set = keywords.ToHashSet();
        return AnyValue(path, value => value.KindCase == Value.KindOneofCase.StringValue && set.Contains(value.StringValue));
    }

    private PointTest Integers(string key, FieldPath path, RepeatedField<long> integers, List<Lookup>? lookups)
    {
        Count(integers.Count);
        lookups?.Add(new Lookup(key, [.. integers.Select(i => (object)i)]));
        var set = integers.ToHashSet();
        return AnyValue(path, value => value.KindCase == Value.KindOneofCase.IntegerValue && set.Contains(value.IntegerValue));
    }

    /// <summary>All or any of the text's words must occur in one value, in any order.</summary>
    private static PointTest Text(FieldPath path, string text, bool all)
    {
        var wanted = FieldCheck.Words(text).ToHashSet();
        if (wanted.Count == 0) return (_, _) => false;
        return AnyValue(path, value => value.KindCase == Value.KindOneofCase.StringValue
            && (all ? wanted.IsSubsetOf(FieldCheck.Words(value.StringValue)) : wanted.Overlaps(FieldCheck.Words(value.StringValue))));
    }

    private static PointTest AnyValue(FieldPath path, Predicate<Value> holds) => (payload, _) =>
    {
        foreach (var value in path.Find(payload))
            foreach (var element in FieldCheck.Elements(value))
                if (holds(element)) return true;
        return false;
    };

    private static bool IsPresent(Value value) => value.KindCase is not (Value.KindOneofCase.NullValue or Value.KindOneofCase.None);

    private static Predicate<double> Within(NumberRange range) => number =>
        (!range.HasLt || number < range.Lt) && (!range.HasLte || number <= range.Lte)
        && (!range.HasGt || number > range.Gt) && (!range.HasGte || number >= range.Gte);

    private static Predicate<ulong> Within(ValuesCount range) => count =>
        (!range.HasLt || count < range.Lt) && (!range.HasLte || count <= range.Lte)
        && (!range.HasGt || count > range.Gt) && (!range.HasGte || count >= range.Gte);

    private static Predicate<DateTimeOffset> Within(DatetimeRange range)
    {
        var (lt, lte, gt, gte) = (Bound(range.Lt), Bound(range.Lte), Bound(range.Gt), Bound(range.Gte));
        return instant => (lt is null || instant < lt) && (lte is null || instant <= lte) && (gt is null || instant > gt) && (gte is null || instant >= gte);
    }

    private static DateTimeOffset? Bound(Timestamp? bound)
    {
        try
        {
            return bound?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw QdrantError.Invalid("datetime_range", "a bound is not a valid timestamp");
        }
    }

    private void Count(int more)
    {
        _conditions += more;
        if (_conditions > _limits.MaxFilterConditions) throw QdrantError.Invalid("filter", $"more than {_limits.MaxFilterConditions} conditions and values");
    }
}
