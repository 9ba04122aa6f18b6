using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Qdrant.Client.Grpc;
using ListValue = Qdrant.Client.Grpc.ListValue;
using Struct = Qdrant.Client.Grpc.Struct;
using Value = Qdrant.Client.Grpc.Value;

namespace Mesh.Vectors.Tests.Golden;

/// <summary>
/// Reads requests in the form of Qdrant's REST interface as gRPC messages. What the service does not support is only named, not
/// read in full: enough for it to say so.
/// </summary>
internal static class RestToGrpc
{
    public static CreateCollection CreateCollection(string name, JsonElement collection)
    {
        var request = new CreateCollection { CollectionName = name, VectorsConfig = new VectorsConfig() };
        var vectors = collection.GetProperty("vectors");
        if (vectors.TryGetProperty("size", out _)) request.VectorsConfig.Params = VectorParams(vectors);
        else
        {
            request.VectorsConfig.ParamsMap = new VectorParamsMap();
            foreach (var vector in vectors.EnumerateObject()) request.VectorsConfig.ParamsMap.Map[vector.Name] = VectorParams(vector.Value);
        }
        if (collection.GetProperty("sparse_vectors") is { ValueKind: JsonValueKind.Object } sparse)
        {
            request.SparseVectorsConfig = new SparseVectorConfig();
            foreach (var vector in sparse.EnumerateObject())
            {
                request.SparseVectorsConfig.Map[vector.Name] = new SparseVectorParams { Modifier = vector.Value.TryGetProperty("modifier", out _) ? Modifier.Idf : Modifier.None };
            }
        }
        return request;
    }

    public static CreateFieldIndexCollection FieldIndex(string collection, string field, JsonElement schema)
    {
        var request = new CreateFieldIndexCollection { CollectionName = collection, FieldName = field, Wait = true };
        request.FieldType = System.Enum.Parse<FieldType>((schema.ValueKind == JsonValueKind.String ? schema : schema.GetProperty("type")).GetString()!, ignoreCase: true);
        if (schema.ValueKind == JsonValueKind.Object)
        {
            var text = new TextIndexParams { Tokenizer = System.Enum.Parse<TokenizerType>(schema.GetProperty("tokenizer").GetString()!, ignoreCase: true) };
            if (schema.TryGetProperty("lowercase", out var lowercase)) text.Lowercase = lowercase.GetBoolean();
            if (schema.TryGetProperty("min_token_len", out var shortest)) text.MinTokenLen = shortest.GetUInt64();
            if (schema.TryGetProperty("max_token_len", out var longest)) text.MaxTokenLen = longest.GetUInt64();
            if (schema.TryGetProperty("phrase_matching", out var phrase)) text.PhraseMatching = phrase.GetBoolean();
            request.FieldIndexParams = new PayloadIndexParams { TextIndexParams = text };
        }
        return request;
    }

    public static UpsertPoints Upsert(string collection, JsonElement request)
    {
        var upsert = new UpsertPoints { CollectionName = collection, Wait = true };
        upsert.Points.AddRange(request.GetProperty("points").EnumerateArray().Select(Point));
        if (request.TryGetProperty("update_mode", out var mode)) upsert.UpdateMode = mode.GetString() == "insert_only" ? UpdateMode.InsertOnly : UpdateMode.UpdateOnly;
        if (request.TryGetProperty("update_filter", out var filter)) upsert.UpdateFilter = Filter(filter);
        return upsert;
    }

    public static PointStruct Point(JsonElement json)
    {
        var point = new PointStruct { Id = Id(json.GetProperty("id")) };
        var vectors = json.TryGetProperty("vectors", out var plural) ? plural : json.GetProperty("vector");
        point.Vectors = vectors.ValueKind == JsonValueKind.Array
            ? new Qdrant.Client.Grpc.Vectors { Vector = Vector(vectors) }
            : new Qdrant.Client.Grpc.Vectors { Vectors_ = new NamedVectors { Vectors = { vectors.EnumerateObject().ToDictionary(v => v.Name, v => Vector(v.Value)) } } };
        if (json.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object) point.Payload.Add(payload.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value)));
        return point;
    }

    public static PointId Id(JsonElement json) => json.ValueKind == JsonValueKind.Number ? new PointId { Num = json.GetUInt64() } : new PointId { Uuid = json.GetString()! };

    public static QueryPoints Query(string collection, JsonElement json)
    {
        var request = new QueryPoints { CollectionName = collection, Query = json.TryGetProperty("query", out var query) ? Query(query) : null };
        if (json.TryGetProperty("using", out var vector)) request.Using = vector.GetString()!;
        if (json.TryGetProperty("prefetch", out var prefetch)) request.Prefetch.AddRange(Prefetches(prefetch));
        if (json.TryGetProperty("filter", out var filter)) request.Filter = Filter(filter);
        if (json.TryGetProperty("limit", out var limit)) request.Limit = limit.GetUInt64();
        if (json.TryGetProperty("offset", out var offset)) request.Offset = offset.GetUInt64();
        if (json.TryGetProperty("score_threshold", out var threshold)) request.ScoreThreshold = threshold.GetSingle();
        if (json.TryGetProperty("params", out var parameters)) request.Params = Params(parameters);
        if (json.TryGetProperty("with_payload", out var payload)) request.WithPayload = WithPayload(payload);
        if (json.TryGetProperty("with_vector", out var vectors)) request.WithVectors = WithVectors(vectors);
        return request;
    }

    public static ScrollPoints Scroll(string collection, JsonElement json)
    {
        var request = new ScrollPoints { CollectionName = collection };
        if (json.TryGetProperty("filter", out var filter)) request.Filter = Filter(filter);
        if (json.TryGetProperty("limit", out var limit)) request.Limit = limit.GetUInt32();
        if (json.TryGetProperty("offset", out var offset)) request.Offset = Id(offset);
        if (json.TryGetProperty("order_by", out _)) request.OrderBy = new OrderBy();
        if (json.TryGetProperty("with_payload", out var payload)) request.WithPayload = WithPayload(payload);
        if (json.TryGetProperty("with_vector", out var vectors)) request.WithVectors = WithVectors(vectors);
        return request;
    }

    public static GetPoints Get(string collection, JsonElement json)
    {
        var request = new GetPoints { CollectionName = collection, Ids = { json.GetProperty("ids").EnumerateArray().Select(Id) } };
        if (json.TryGetProperty("with_payload", out var payload)) request.WithPayload = WithPayload(payload);
        if (json.TryGetProperty("with_vector", out var vectors)) request.WithVectors = WithVectors(vectors);
        return request;
    }

    public static CountPoints Count(string collection, JsonElement json) =>
        new() { CollectionName = collection, Exact = true, Filter = json.TryGetProperty("filter", out var filter) ? Filter(filter) : null };

    public static DeletePoints Delete(string collection, JsonElement json) => new()
    {
        CollectionName = collection,
        Wait = true,
        Points = json.TryGetProperty("points", out var ids)
            ? new PointsSelector { Points = new PointsIdsList { Ids = { ids.EnumerateArray().Select(Id) } } } : new PointsSelector { Filter = Filter(json.GetProperty("filter")) },
    };

    public static Filter Filter(JsonElement json)
    {
        var filter = new Filter();
        if (json.TryGetProperty("must", out var must)) filter.Must.AddRange(Conditions(must));
        if (json.TryGetProperty("should", out var should)) filter.Should.AddRange(Conditions(should));
        if (json.TryGetProperty("must_not", out var mustNot)) filter.MustNot.AddRange(Conditions(mustNot));
        if (json.TryGetProperty("min_should", out var minShould))
            filter.MinShould = new MinShould { MinCount = minShould.GetProperty("min_count").GetUInt64(), Conditions = { Conditions(minShould.GetProperty("conditions")) } };
        return filter;
    }

    public static Value Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new Value { StringValue = json.GetString()! },
        JsonValueKind.True or JsonValueKind.False => new Value { BoolValue = json.GetBoolean() },
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? new Value { IntegerValue = integer } : new Value { DoubleValue = json.GetDouble() },
        JsonValueKind.Array => new Value { ListValue = new ListValue { Values = { json.EnumerateArray().Select(Value) } } },
        JsonValueKind.Object => new Value { StructValue = new Struct { Fields = { json.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value)) } } },
        _ => new Value { NullValue = Qdrant.Client.Grpc.NullValue.NullValue },
    };

    private static VectorParams VectorParams(JsonElement json) =>
        new() { Size = json.GetProperty("size").GetUInt64(), Distance = System.Enum.Parse<Distance>(json.GetProperty("distance").GetString()!) };

    private static Vector Vector(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? new Vector { Dense = new DenseVector { Data = { Floats(json) } } } : new Vector { Sparse = Sparse(json) };

    private static SparseVector Sparse(JsonElement json) =>
        new() { Indices = { json.GetProperty("indices").EnumerateArray().Select(i => i.GetUInt32()) }, Values = { Floats(json.GetProperty("values")) } };

    private static IEnumerable<float> Floats(JsonElement json) => json.EnumerateArray().Select(number => number.ValueKind switch
    {
        JsonValueKind.String => float.Parse(number.GetString()!, CultureInfo.InvariantCulture),
        _ => number.GetSingle(),
    });

    private static IEnumerable<PrefetchQuery> Prefetches(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Select(Prefetch) : [Prefetch(json)];

    private static PrefetchQuery Prefetch(JsonElement json)
    {
        var request = new PrefetchQuery { Query = json.TryGetProperty("query", out var query) ? Query(query) : null };
        if (json.TryGetProperty("using", out var vector)) request.Using = vector.GetString()!;
        if (json.TryGetProperty("prefetch", out var prefetch)) request.Prefetch.AddRange(Prefetches(prefetch));
        if (json.TryGetProperty("filter", out var filter)) request.Filter = Filter(filter);
        if (json.TryGetProperty("limit", out var limit)) request.Limit = limit.GetUInt64();
        if (json.TryGetProperty("score_threshold", out var threshold)) request.ScoreThreshold = threshold.GetSingle();
        if (json.TryGetProperty("params", out var parameters)) request.Params = Params(parameters);
        return request;
    }

    private static Query Query(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.TryGetProperty("indices", out _)) return new Query { Nearest = VectorInput(json) };
        if (json.TryGetProperty("nearest", out var nearest))
            return json.TryGetProperty("mmr", out _) ? new Query { NearestWithMmr = new NearestInputWithMmr() } : new Query { Nearest = VectorInput(nearest) };
        if (json.TryGetProperty("fusion", out var fusion)) return new Query { Fusion = fusion.GetString() == "rrf" ? Fusion.Rrf : Fusion.Dbsf };
        if (json.TryGetProperty("rrf", out var rrf))
        {
            var query = new Query { Rrf = new Rrf() };
            if (rrf.TryGetProperty("k", out var k)) query.Rrf.K = k.GetUInt32();
            if (rrf.TryGetProperty("weights", out var weights)) query.Rrf.Weights.AddRange(Floats(weights));
            return query;
        }
        if (json.TryGetProperty("recommend", out _)) return new Query { Recommend = new RecommendInput() };
        if (json.TryGetProperty("discover", out _)) return new Query { Discover = new DiscoverInput() };
        if (json.TryGetProperty("context", out _)) return new Query { Context = new ContextInput() };
        if (json.TryGetProperty("order_by", out _)) return new Query { OrderBy = new OrderBy() };
        if (json.TryGetProperty("formula", out _)) return new Query { Formula = new Formula() };
        throw new FormatException($"Unknown query {json}");
    }

    private static VectorInput VectorInput(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => new VectorInput { Dense = new DenseVector { Data = { Floats(json) } } },
        JsonValueKind.Object => new VectorInput { Sparse = Sparse(json) },
        _ => new VectorInput { Id = Id(json) },
    };

    private static SearchParams Params(JsonElement json)
    {
        var parameters = new SearchParams();
        if (json.TryGetProperty("exact", out var exact)) parameters.Exact = exact.GetBoolean();
        if (json.TryGetProperty("hnsw_ef", out var ef)) parameters.HnswEf = ef.GetUInt64();
        if (json.TryGetProperty("idf", out var idf)) parameters.Idf = new IdfParams { Corpus = Filter(idf.GetProperty("corpus")) };
        return parameters;
    }

    private static WithPayloadSelector WithPayload(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False) return new WithPayloadSelector { Enable = json.GetBoolean() };
        if (json.ValueKind == JsonValueKind.Array) return new WithPayloadSelector { Include = new PayloadIncludeSelector { Fields = { Strings(json) } } };
        return json.TryGetProperty("include", out var include)
            ? new WithPayloadSelector { Include = new PayloadIncludeSelector { Fields = { Strings(include) } } }
            : new WithPayloadSelector { Exclude = new PayloadExcludeSelector { Fields = { Strings(json.GetProperty("exclude")) } } };
    }

    private static WithVectorsSelector WithVectors(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? new WithVectorsSelector { Include = new VectorsSelector { Names = { Strings(json) } } } : new WithVectorsSelector { Enable = json.GetBoolean() };

    private static IEnumerable<Condition> Conditions(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Select(Condition) : [Condition(json)];

    private static Condition Condition(JsonElement json)
    {
        if (json.TryGetProperty("is_empty", out var isEmpty) && !json.TryGetProperty("key", out _)) return new Condition { IsEmpty = new IsEmptyCondition { Key = isEmpty.GetProperty("key").GetString()! } };
        if (json.TryGetProperty("is_null", out var isNull) && !json.TryGetProperty("key", out _)) return new Condition { IsNull = new IsNullCondition { Key = isNull.GetProperty("key").GetString()! } };
        if (json.TryGetProperty("has_id", out var ids)) return new Condition { HasId = new HasIdCondition { HasId = { ids.EnumerateArray().Select(Id) } } };
        if (json.TryGetProperty("has_vector", out var name)) return new Condition { HasVector = new HasVectorCondition { HasVector = name.GetString()! } };
        if (json.TryGetProperty("nested", out var nested))
            return new Condition { Nested = new NestedCondition { Key = nested.GetProperty("key").GetString()!, Filter = Filter(nested.GetProperty("filter")) } };
        return json.TryGetProperty("key", out var key) ? new Condition { Field = Field(key.GetString()!, json) } : new Condition { Filter = Filter(json) };
    }

    private static FieldCondition Field(string key, JsonElement json)
    {
        var field = new FieldCondition { Key = key };
        foreach (var part in json.EnumerateObject())
        {
            switch (part.Name)
            {
                case "key": break;
                case "match": field.Match = Match(part.Value); break;
                case "range" when part.Value.EnumerateObject().Any(b => b.Value.ValueKind == JsonValueKind.String): field.DatetimeRange = Times(part.Value); break;
                case "range": field.Range = Range(part.Value); break;
                case "values_count": field.ValuesCount = Counts(part.Value); break;
                case "is_empty": field.IsEmpty = part.Value.GetBoolean(); break;
                case "is_null": field.IsNull = part.Value.GetBoolean(); break;
                case "geo_radius": field.GeoRadius = new GeoRadius(); break;
                case "geo_bounding_box": field.GeoBoundingBox = new GeoBoundingBox(); break;
                case "geo_polygon": field.GeoPolygon = new GeoPolygon(); break;
                default: throw new FormatException($"Unknown condition {part.Name}");
            }
        }
        return field;
    }

    private static Match Match(JsonElement json)
    {
        var (kind, value) = json.EnumerateObject().Select(p => (p.Name, p.Value)).Single();
        var integers = value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Number);
        return (kind, value.ValueKind) switch
        {
            ("value", JsonValueKind.String) => new Match { Keyword = value.GetString()! },
            ("value", JsonValueKind.Number) => new Match { Integer = value.GetInt64() },
            ("value", _) => new Match { Boolean = value.GetBoolean() },
            ("any", _) when integers => new Match { Integers = new RepeatedIntegers { Integers = { value.EnumerateArray().Select(v => v.GetInt64()) } } },
            ("any", _) => new Match { Keywords = new RepeatedStrings { Strings = { Strings(value) } } },
            ("except", _) when integers => new Match { ExceptIntegers = new RepeatedIntegers { Integers = { value.EnumerateArray().Select(v => v.GetInt64()) } } },
            ("except", _) => new Match { ExceptKeywords = new RepeatedStrings { Strings = { Strings(value) } } },
            ("text", _) => new Match { Text = value.GetString()! },
            ("text_any", _) => new Match { TextAny = value.GetString()! },
            ("phrase", _) => new Match { Phrase = value.GetString()! },
            _ => throw new FormatException($"Unknown match {json}"),
        };
    }

    private static Qdrant.Client.Grpc.Range Range(JsonElement json)
    {
        var range = new Qdrant.Client.Grpc.Range();
        if (json.TryGetProperty("lt", out var lt)) range.Lt = lt.GetDouble();
        if (json.TryGetProperty("lte", out var lte)) range.Lte = lte.GetDouble();
        if (json.TryGetProperty("gt", out var gt)) range.Gt = gt.GetDouble();
        if (json.TryGetProperty("gte", out var gte)) range.Gte = gte.GetDouble();
        return range;
    }

    private static ValuesCount Counts(JsonElement json)
    {
        var range = new ValuesCount();
        if (json.TryGetProperty("lt", out var lt)) range.Lt = lt.GetUInt64();
        if (json.TryGetProperty("lte", out var lte)) range.Lte = lte.GetUInt64();
        if (json.TryGetProperty("gt", out var gt)) range.Gt = gt.GetUInt64();
        if (json.TryGetProperty("gte", out var gte)) range.Gte = gte.GetUInt64();
        return range;
    }

    private static DatetimeRange Times(JsonElement json)
    {
        var range = new DatetimeRange();
        if (json.TryGetProperty("lt", out var lt)) range.Lt = Time(lt);
        if (json.TryGetProperty("lte", out var lte)) range.Lte = Time(lte);
        if (json.TryGetProperty("gt", out var gt)) range.Gt = Time(gt);
        if (json.TryGetProperty("gte", out var gte)) range.Gte = Time(gte);
        return range;
    }

    private static Timestamp Time(JsonElement json) => Timestamp.FromDateTimeOffset(
        DateTimeOffset.Parse(json.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));

    private static IEnumerable<string> Strings(JsonElement json) => json.EnumerateArray().Select(s => s.GetString()!);
}
