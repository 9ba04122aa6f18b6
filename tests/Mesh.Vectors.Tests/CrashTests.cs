using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Tests;

/// <summary>The service as a process of its own, killed in the middle of its work.</summary>
public sealed partial class CrashTests
{
    private const int PointsPerBatch = 20;
    private const int BatchesBeforeKill = 60;
    private const int Writers = 4;

    /// <summary>For a machine that is busy with other things.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_DuringUpserts_LosesNothingAcknowledgedAndHalvesNoBatch()
    {
        var folder = Directory.CreateTempSubdirectory("mesh-vectors-").FullName;
        try
        {
            var acknowledged = new ConcurrentBag<int>();
            using (var service = await ServiceProcess.StartAsync(folder))
            {
                await service.Collections.CreateAsync(new CreateCollection
                {
                    CollectionName = "load",
                    VectorsConfig = new VectorsConfig { Params = new VectorParams { Size = 8, Distance = Distance.Dot } },
                }, cancellationToken: Cancel);

                var next = 0;
                var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
                {
                    // Each goes on until the killed service answers no more.
                    while (true)
                    {
                        var batch = Interlocked.Increment(ref next);
                        try
                        {
                            await service.Points.UpsertAsync(Batch(batch), cancellationToken: Cancel);
                        }
                        catch (RpcException)
                        {
                            return;
                        }
                        acknowledged.Add(batch);
                        if (acknowledged.Count >= BatchesBeforeKill) enough.TrySetResult();
                    }
                }, Cancel)).ToArray();

                await enough.Task.WaitAsync(Patience, Cancel);
                service.Kill();
                await Task.WhenAll(writers);
            }

            using var restarted = await ServiceProcess.StartAsync(folder);
            var found = new Dictionary<int, int>();
            PointId? offset = null;
            do
            {
                var page = await restarted.Points.ScrollAsync(
                    new ScrollPoints { CollectionName = "load", Limit = 500, Offset = offset, WithVectors = new WithVectorsSelector { Enable = true } }, cancellationToken: Cancel);
                foreach (var point in page.Result)
                {
                    var batch = (int)(point.Id.Num / PointsPerBatch);
                    Assert.Equal(batch, point.Payload["batch"].IntegerValue);
                    Assert.Equal(VectorOf(point.Id.Num), point.Vectors.Vector.Dense.Data);
                    found[batch] = found.GetValueOrDefault(batch) + 1;
                }
                offset = page.NextPageOffset;
            }
            while (offset is not null);

            Assert.True(acknowledged.Count >= BatchesBeforeKill);
            Assert.Empty(acknowledged.Except(found.Keys));
            Assert.All(found, batch => Assert.Equal(PointsPerBatch, batch.Value));
            restarted.Kill();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Start_OverAFolderInUse_EndsAndSaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("mesh-vectors-").FullName;
        try
        {
            using var first = await ServiceProcess.StartAsync(folder);
            using var second = ServiceProcess.StartWithoutWaiting(folder);
            var (exitCode, output) = await second.RunToEndAsync();
            Assert.NotEqual(0, exitCode);
            Assert.Contains("Another process uses the vector database", output, StringComparison.Ordinal);
            Assert.Empty((await first.Collections.ListAsync(new ListCollectionsRequest(), cancellationToken: Cancel)).Collections);
            first.Kill();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static UpsertPoints Batch(int batch) => new()
    {
        CollectionName = "load",
        Wait = true,
        Points =
        {
            Enumerable.Range(0, PointsPerBatch).Select(i => (ulong)((batch * PointsPerBatch) + i))
                .Select(id => new PointStruct { Id = id, Vectors = VectorOf(id), Payload = { ["batch"] = batch } }),
        },
    };

    private static float[] VectorOf(ulong id) => [.. Enumerable.Range(0, 8).Select(i => (id * 8) + (float)i)];

    private sealed partial class ServiceProcess : IDisposable
    {
        private readonly Process _process;
        private GrpcChannel? _channel;

        private ServiceProcess(Process process) => _process = process;

        public Qdrant.Client.Grpc.Collections.CollectionsClient Collections { get; private set; } = null!;

        public Qdrant.Client.Grpc.Points.PointsClient Points { get; private set; } = null!;

        public static ServiceProcess StartWithoutWaiting(string folder)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    "exec", Path.Combine(AppContext.BaseDirectory, "Mesh.Vectors.dll"),
                    "--Kestrel:Endpoints:grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:grpc:Protocols=Http2",
                    $"--Vectors:DataDirectory={folder}", $"--Mesh:Internal:Key={new string('k', 32)}",
                },
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            return new ServiceProcess(Process.Start(start)!);
        }

        /// <summary>Starts it and waits until it has loaded its collections.</summary>
        public static async Task<ServiceProcess> StartAsync(string folder)
        {
            var service = StartWithoutWaiting(folder);
            try
            {
                var address = await service.ReadAddressAsync().WaitAsync(Patience, Cancel);
                // While it loads it answers UNAVAILABLE, which a client tries again.
                var retry = new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 5,
                        InitialBackoff = TimeSpan.FromMilliseconds(50),
                        MaxBackoff = TimeSpan.FromSeconds(2),
                        BackoffMultiplier = 3,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                };
                using (var patient = GrpcChannel.ForAddress(address, new GrpcChannelOptions { ServiceConfig = new ServiceConfig { MethodConfigs = { retry } } }))
                    await new Qdrant.Client.Grpc.Collections.CollectionsClient(patient).ListAsync(new ListCollectionsRequest(), cancellationToken: Cancel);
                service._channel = GrpcChannel.ForAddress(address);
                service.Collections = new(service._channel);
                service.Points = new(service._channel);
                return service;
            }
            catch
            {
                service.Dispose();
                throw;
            }
        }

        /// <summary>SIGKILL: nothing of the process runs any more.</summary>
        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public async Task<(int ExitCode, string Output)> RunToEndAsync()
        {
            var output = await Task.WhenAll(_process.StandardOutput.ReadToEndAsync(Cancel), _process.StandardError.ReadToEndAsync(Cancel)).WaitAsync(Patience, Cancel);
            await _process.WaitForExitAsync(Cancel);
            return (_process.ExitCode, string.Concat(output));
        }

        public void Dispose()
        {
            _channel?.Dispose();
            if (!_process.HasExited) Kill();
            _process.Dispose();
        }

        private async Task<Uri> ReadAddressAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync(Cancel) is { } line)
            {
                if (ListeningOn().Match(line) is { Success: true } match) return new Uri(match.Groups[1].Value);
            }
            throw new InvalidOperationException($"The service ended: {await _process.StandardError.ReadToEndAsync(Cancel)}");
        }

        [GeneratedRegex(@"Now listening on: (http://\S+)")]
        private static partial Regex ListeningOn();
    }
}
