using CsCheck;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Points;
using Mesh.Vectors.Search;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests;

/// <summary>Random writes and queries against a model that keeps everything in a list and looks at all of it.</summary>
public sealed class SearchPropertyTests
{
    private const int Size = 5;

    private static readonly VectorsOptions Limits = new();

    private static readonly string[] Langs = ["zh", "en", "de"];

    private static readonly Gen<PointStruct> GenPoint =
        from id in Gen.ULong[1, 40]
        from dense in Gen.Float[-1, 1].Array[Size]
        from hasDense in Gen.Bool
        from sparse in Gen.Dictionary(Gen.UInt[0, 6], Gen.Float[-1, 2])[0, 4]
        from lang in Gen.Int[0, 2].Select(i => Langs[i])
        from numbers in Gen.Long[0, 3].Array[0, 3]
        select PointOf(id, hasDense ? dense : null, sparse, lang, numbers);

    /// <summary>A point to write, or an id to delete.</summary>
    private static readonly Gen<(PointStruct? Write, ulong Delete)> GenChange =
        Gen.Frequency((4, GenPoint.Select(p => ((PointStruct?)p, 0UL))), (1, Gen.ULong[1, 40].Select(id => ((PointStruct?)null, id))));

    private static readonly Gen<Condition> GenCondition = Gen.OneOf(
        Gen.Int[0, 2].Select(i => Langs[i]).Select(lang => Field("lang", new Match { Keyword = lang })),
        Gen.Int[0, 2].Select(i => Langs[i]).Array[0, 3].Select(langs => Field("lang", new Match { Keywords = new RepeatedStrings { Strings = { langs } } })),
        Gen.Long[0, 4].Select(n => Field("n", new Match { Integer = n })),
        Gen.Long[0, 4].Array[1, 2].Select(n => Field("n", new Match { ExceptIntegers = new RepeatedIntegers { Integers = { n } } })),
        Gen.Double[0, 3].Select(low => new Condition { Field = new FieldCondition { Key = "n", Range = new Qdrant.Client.Grpc.Range { Gte = low } } }),
        Gen.ULong[1, 40].Array[0, 10].Select(ids => new Condition { HasId = new HasIdCondition { HasId = { ids.Select(id => new PointId { Num = id }) } } }));

    private static readonly Gen<Filter?> GenFilter =
        from must in GenCondition.Array[0, 2]
        from should in GenCondition.Array[0, 2]
        from mustNot in GenCondition.Array[0, 1]
        select must.Length + should.Length + mustNot.Length == 0 ? null : new Filter { Must = { must }, Should = { should }, MustNot = { mustNot } };

    [Fact]
    public void Query_Dense_IsTheModelsWithAndWithoutIndexes() =>
        Gen.Select(GenChange.Array[0, 80], GenFilter, Gen.Float[-1, 1].Array[Size], Gen.Int[1, 12]).Sample((changes, filter, query, limit) =>
        {
            var request = new QueryPoints { Query = query, Using = "d", Filter = filter, Limit = (ulong)limit };
            var model = ModelOf(changes);
            Check(changes, request, point => point.Vectors.Vectors_.Vectors.TryGetValue("d", out var row) ? Cosine(query, row.Dense.Data) : null, model, limit);
        }, seed: "000000000001");

    [Fact]
    public void Query_SparseWithIdf_IsTheModelsWithAndWithoutIndexes() =>
        Gen.Select(GenChange.Array[0, 80], GenFilter, Gen.Dictionary(Gen.UInt[0, 6], Gen.Float[0, 2])[1, 4], Gen.Int[1, 12]).Sample((changes, filter, query, limit) =>
        {
            var request = new QueryPoints { Query = query.Select(e => (e.Value, e.Key)).ToArray(), Using = "s", Filter = filter, Limit = (ulong)limit };
            var model = ModelOf(changes);
            var documents = model.Values.Select(SparseOf).OfType<Dictionary<uint, float>>().ToArray();
            var weights = query.ToDictionary(e => e.Key, e =>
            {
                double frequency = documents.Count(d => d.ContainsKey(e.Key));
                return e.Value * Math.Log(((documents.Length - frequency + 0.5) / (frequency + 0.5)) + 1);
            });
            Check(changes, request, point => SparseOf(point) is { } entries && entries.Keys.Any(weights.ContainsKey) ? entries.Sum(e => e.Value * weights.GetValueOrDefault(e.Key)) : null, model, limit);
        }, seed: "000000000002");

    private static void Check((PointStruct? Write, ulong Delete)[] changes, QueryPoints request, Func<PointStruct, double?> score, Dictionary<ulong, PointStruct> model, int limit)
    {
        foreach (var indexed in new[] { false, true })
        {
            var data = DataOf(changes, indexed);
            var hits = new QueryRunner(data, CancellationToken.None).Run(QueryPlan.From(request, data, Limits));

            var best = model.Values.Where(p => Matches(request.Filter, p)).Select(p => (p.Id.Num, Score: score(p))).Where(p => p.Score is not null)
                .ToDictionary(p => p.Num, p => p.Score!.Value);
            Assert.Equal(Math.Min(limit, best.Count), hits.Count);
            var expected = best.Values.OrderDescending().Take(limit).ToArray();
            for (var i = 0; i < hits.Count; i++)
            {
                Assert.Equal(expected[i], hits[i].Score, 1e-4);
                Assert.Equal(best[(ulong)hits[i].Key.Value], hits[i].Score, 1e-4);
            }
            Assert.Equal(hits.Order(Hit.BestFirst), hits);
            Assert.Equal(hits.Count, hits.Select(h => h.Key).Distinct().Count());
            Assert.Equal(model.Keys.Order(), data.InOrder().Select(p => (ulong)p.Key.Value));
            if (!indexed) continue;
            foreach (var lang in Langs) Assert.Equal(model.Values.Count(p => p.Payload["lang"].StringValue == lang), data.Fields["lang"].Lookup(lang).Count);
            Assert.Equal(model.Values.Count(p => p.Payload["n"].ListValue.Values.Count > 0), data.Fields["n"].PointCount);
        }
    }

    private static CollectionData DataOf((PointStruct? Write, ulong Delete)[] changes, bool indexed)
    {
        var data = new CollectionData(CollectionSchema.FromRequest(new CreateCollection
        {
            CollectionName = "c",
            VectorsConfig = new VectorsConfig { ParamsMap = new VectorParamsMap { Map = { ["d"] = new VectorParams { Size = Size, Distance = Distance.Cosine } } } },
            SparseVectorsConfig = new SparseVectorConfig { Map = { ["s"] = new SparseVectorParams { Modifier = Modifier.Idf } } },
        }, Limits));
        if (indexed) data.AddField("lang", null, PayloadSchemaType.Keyword);
        foreach (var (write, delete) in changes)
        {
            if (write is not null) data.Put(VectorReader.ReadPoint(write, 1, data.Schema, Limits));
            else data.Remove(PointKey.From(new PointId { Num = delete }));
        }
        // One index is kept up to date by writes, the other is built over what is there.
        if (indexed) data.AddField("n", null, PayloadSchemaType.Integer);
        return data;
    }

    private static Dictionary<ulong, PointStruct> ModelOf((PointStruct? Write, ulong Delete)[] changes)
    {
        var model = new Dictionary<ulong, PointStruct>();
        foreach (var (write, delete) in changes)
        {
            if (write is not null) model[write.Id.Num] = write;
            else model.Remove(delete);
        }
        return model;
    }

    private static bool Matches(Filter? filter, PointStruct point) => filter is null
        || (filter.Must.All(c => Holds(c, point)) && !filter.MustNot.Any(c => Holds(c, point)) && (filter.Should.Count == 0 || filter.Should.Any(c => Holds(c, point))));

    private static bool Holds(Condition condition, PointStruct point)
    {
        if (condition.HasId is { } ids) return ids.HasId.Contains(point.Id);
        var numbers = point.Payload["n"].ListValue.Values.Select(v => v.IntegerValue).ToArray();
        var lang = point.Payload["lang"].StringValue;
        if (condition.Field.Range is { } range) return numbers.Any(n => n >= range.Gte);
        var match = condition.Field.Match;
        return match.MatchValueCase switch
        {
            Match.MatchValueOneofCase.Keyword => lang == match.Keyword,
            Match.MatchValueOneofCase.Keywords => match.Keywords.Strings.Contains(lang),
            Match.MatchValueOneofCase.Integer => numbers.Contains(match.Integer),
            _ => numbers.Any(n => !match.ExceptIntegers.Integers.Contains(n)),
        };
    }

    private static Condition Field(string key, Match match) => new() { Field = new FieldCondition { Key = key, Match = match } };

    private static PointStruct PointOf(ulong id, float[]? dense, Dictionary<uint, float> sparse, string lang, long[] numbers)
    {
        var vectors = new NamedVectors();
        if (dense is not null) vectors.Vectors["d"] = dense;
        if (sparse.Count > 0) vectors.Vectors["s"] = sparse.Select(e => (e.Value, e.Key)).ToArray();
        return new PointStruct
        {
            Id = id,
            Vectors = new Qdrant.Client.Grpc.Vectors { Vectors_ = vectors },
            Payload = { ["lang"] = lang, ["n"] = new Value { ListValue = new ListValue { Values = { numbers.Select(n => new Value { IntegerValue = n }) } } } },
        };
    }

    private static Dictionary<uint, float>? SparseOf(PointStruct point) => point.Vectors.Vectors_.Vectors.TryGetValue("s", out var vector)
        ? vector.Sparse.Indices.Zip(vector.Sparse.Values).ToDictionary(e => e.First, e => e.Second) : null;

    private static double Cosine(float[] a, IReadOnlyList<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++) (dot, aa, bb) = (dot + (a[i] * b[i]), aa + (a[i] * a[i]), bb + (b[i] * b[i]));
        return aa == 0 || bb == 0 ? 0 : dot / Math.Sqrt(aa * bb);
    }
}
