using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests.Golden;

/// <summary>
/// The answers of Qdrant's own engine, where they lie beside the repository. Whatever the service answers must agree with them; what
/// it does not support must say so, and the number of supported cases must not fall.
/// </summary>
public sealed class GoldenTests
{
    private const int SupportedCases = 332;
    private const int SupportedErrors = 28;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfTheSupportedPart_AgreeWithQdrant()
    {
        var folder = GoldenFolder();
        await using var host = await VectorsHost.StartAsync();
        var cases = new CaseRunner(host, folder);
        await cases.CreateAllAsync();

        var disagreements = new List<string>();
        var unsupported = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (agreed, total) = (0, 0);
        foreach (var test in ReadLines(folder, "requests.jsonl").Where(c => !c.TryGetProperty("loose", out _)))
        {
            total++;
            try
            {
                if (await cases.AgreesAsync(test)) agreed++;
                else disagreements.Add(test.GetProperty("name").GetString()!);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
            {
                unsupported[e.Status.Detail] = unsupported.GetValueOrDefault(e.Status.Detail) + 1;
            }
        }

        Report($"golden requests: {total}, agree {agreed}, disagree {disagreements.Count}, refused by name {unsupported.Values.Sum()}");
        foreach (var (what, count) in unsupported) Report($"  {count} x {what}");
        Assert.Empty(disagreements);
        Assert.All(unsupported.Keys, detail => Assert.EndsWith("is not supported by Mesh Vectors", detail));
        Assert.True(agreed >= SupportedCases, $"{agreed} cases agree, {SupportedCases} did before");
    }

    [Fact]
    public async Task BadRequests_OfTheSupportedPart_GetQdrantsStatus()
    {
        var folder = GoldenFolder();
        await using var host = await VectorsHost.StartAsync();
        var cases = new CaseRunner(host, folder);
        await cases.CreateAllAsync();

        var disagreements = new List<string>();
        var (agreed, refused) = (0, 0);
        foreach (var test in ReadLines(folder, "errors.jsonl"))
        {
            if (test.GetProperty("grpc_status").GetString() is not { } expected) continue;
            var status = await cases.StatusOfAsync(test);
            if (status.StatusCode == StatusCode.Unimplemented) refused++;
            else if (status.StatusCode.ToString() == expected && SaysTheSame(test, status.Detail)) agreed++;
            else disagreements.Add($"{test.GetProperty("name").GetString()}: {status.StatusCode} {status.Detail}");
        }

        Report($"golden bad requests: agree {agreed}, disagree {disagreements.Count}, refused by name {refused}");
        Assert.Empty(disagreements);
        Assert.True(agreed >= SupportedErrors, $"{agreed} cases agree, {SupportedErrors} did before");
    }

    /// <summary>Where the engine's text is one that the server passes on, it must be in ours.</summary>
    private static bool SaysTheSame(JsonElement test, string detail)
    {
        string[] passedOn = ["Vector dimension error", "Not existing vector name", "Not found: No point", "vector with name", "Wrong usage of sparse", "Validation failed"];
        var said = test.GetProperty("edge").TryGetProperty("error", out var error) ? error.GetString()! : "";
        return !passedOn.Any(said.StartsWith) || detail.Contains(said.TrimEnd(), StringComparison.Ordinal);
    }

    private static IEnumerable<JsonElement> ReadLines(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static string GoldenFolder()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "eval", "qdrant_golden");
            if (File.Exists(Path.Combine(candidate, "requests.jsonl"))) return candidate;
        }
        Assert.Skip("Qdrant's golden answers (shared/eval/qdrant_golden beside the repository) are not here.");
        return "";
    }

    private static void Report(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }

    private sealed class CaseRunner(VectorsHost host, string folder)
    {
        private readonly JsonElement _collections = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder, "collections.json"))).GetProperty("collections");
        private int _copies;

        public async Task CreateAllAsync()
        {
            foreach (var collection in _collections.EnumerateObject()) await CreateAsync(collection.Name, collection.Name);
        }

        public async Task<bool> AgreesAsync(JsonElement test)
        {
            var collection = test.GetProperty("collection").GetString()!;
            if (!test.TryGetProperty("steps", out var steps)) return await AgreesAsync(collection, test);
            var copy = string.Create(CultureInfo.InvariantCulture, $"{collection}-{++_copies}");
            await CreateAsync(copy, collection);
            try
            {
                foreach (var step in steps.EnumerateArray()) await CallAsync(copy, step.GetProperty("op").GetString()!, step.GetProperty("request"));
                return await AgreesAsync(copy, test);
            }
            finally
            {
                await host.Collections.DeleteAsync(new DeleteCollection { CollectionName = copy }, cancellationToken: Cancel);
            }
        }

        public async Task<Status> StatusOfAsync(JsonElement test)
        {
            try
            {
                await CallAsync(test.GetProperty("collection").GetString()!, test.GetProperty("op").GetString()!, test.GetProperty("request"));
                return Status.DefaultSuccess;
            }
            catch (RpcException e)
            {
                return e.Status;
            }
        }

        private async Task<bool> AgreesAsync(string collection, JsonElement test)
        {
            var expected = test.GetProperty("response");
            return await CallAsync(collection, test.GetProperty("op").GetString()!, test.GetProperty("request")) switch
            {
                QueryResponse response => GoldenComparison.SameHits(expected, response.Result),
                ScrollResponse response => GoldenComparison.SamePoints(expected, response.Result) && GoldenComparison.SameOffset(expected, response.NextPageOffset),
                GetResponse response => GoldenComparison.SamePoints(expected, response.Result),
                CountResponse response => expected.GetProperty("count").GetUInt64() == response.Result.Count,
                _ => false,
            };
        }

        private async Task CreateAsync(string name, string like)
        {
            var collection = _collections.GetProperty(like);
            await host.Collections.CreateAsync(RestToGrpc.CreateCollection(name, collection), cancellationToken: Cancel);
            foreach (var index in collection.GetProperty("payload_indexes").EnumerateObject())
                await host.Points.CreateFieldIndexAsync(RestToGrpc.FieldIndex(name, index.Name, index.Value), cancellationToken: Cancel);
            var upsert = new UpsertPoints { CollectionName = name, Wait = true, Points = { ReadLines(folder, $"points_{like}.jsonl").Select(RestToGrpc.Point) } };
            await host.Points.UpsertAsync(upsert, cancellationToken: Cancel);
        }

        private async Task<object> CallAsync(string collection, string op, JsonElement request)
        {
            var points = host.Points;
            return op switch
            {
                "query" => await points.QueryAsync(RestToGrpc.Query(collection, request), cancellationToken: Cancel),
                "scroll" => await points.ScrollAsync(RestToGrpc.Scroll(collection, request), cancellationToken: Cancel),
                "retrieve" => await points.GetAsync(RestToGrpc.Get(collection, request), cancellationToken: Cancel),
                "count" => await points.CountAsync(RestToGrpc.Count(collection, request), cancellationToken: Cancel),
                "upsert" => await points.UpsertAsync(RestToGrpc.Upsert(collection, request), cancellationToken: Cancel),
                "delete" => await points.DeleteAsync(RestToGrpc.Delete(collection, request), cancellationToken: Cancel),
                "create_payload_index" => await points.CreateFieldIndexAsync(
                    RestToGrpc.FieldIndex(collection, request.GetProperty("field_name").GetString()!, request.GetProperty("field_schema")), cancellationToken: Cancel),
                "query_groups" => await points.QueryGroupsAsync(new QueryPointGroups(), cancellationToken: Cancel),
                "facet" => await points.FacetAsync(new FacetCounts(), cancellationToken: Cancel),
                "set_payload" => await points.SetPayloadAsync(new SetPayloadPoints(), cancellationToken: Cancel),
                "overwrite_payload" => await points.OverwritePayloadAsync(new SetPayloadPoints(), cancellationToken: Cancel),
                "delete_payload" => await points.DeletePayloadAsync(new DeletePayloadPoints(), cancellationToken: Cancel),
                "clear_payload" => await points.ClearPayloadAsync(new ClearPayloadPoints(), cancellationToken: Cancel),
                "update_vectors" => await points.UpdateVectorsAsync(new UpdatePointVectors(), cancellationToken: Cancel),
                "delete_vectors" => await points.DeleteVectorsAsync(new DeletePointVectors(), cancellationToken: Cancel),
                _ => throw new FormatException($"Unknown operation {op}"),
            };
        }
    }
}
