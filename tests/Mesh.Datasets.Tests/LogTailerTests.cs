using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mesh.Datasets.Stats;
using Mesh.Dialog.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Datasets.Tests;

public sealed class LogTailerTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-tailer").FullName;
    private readonly BrokenLog _log = new();
    private WebApplication _dialog = null!;

    public async ValueTask InitializeAsync()
    {
        // Away from the settings of Datasets that stand beside this assembly.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Logging.ClearProviders();
        builder.Configuration["Mesh:Internal:Key"] = Key;
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(_log);
        _dialog = builder.Build();
        _dialog.MapGrpcService<LogService>();
        await _dialog.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _dialog.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tail_LogBreaksOffTwice_GoesOnWhereItStoppedAndCountsEachEventOnce()
    {
        // Three events and a break; the third again with two more and a break; then the log stays open.
        _log.Attempts.Enqueue([1, 2, 3]);
        _log.Attempts.Enqueue([3, 4, 5]);

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder });
        builder.Logging.ClearProviders();
        builder.Configuration["Mesh:Internal:Key"] = Key;
        builder.Configuration["services:dialog:grpc:0"] = _dialog.Urls.Single();
        builder.Configuration["ConnectionStrings:datasets"] = $"Data Source={Path.Combine(_folder, "datasets.db")};Pooling=False";
        builder.Configuration["Datasets:Log:RetryDelayMs"] = "10";
        builder.AddServiceDefaults();
        builder.AddDatasets();
        using var datasets = builder.Build();
        await datasets.StartAsync(TestContext.Current.CancellationToken);

        await _log.OpenedAgain.Task.WaitAsync(TestContext.Current.CancellationToken);
        var stats = await datasets.Services.GetRequiredService<StatsStore>().ReadAsync(null, TestContext.Current.CancellationToken);
        await datasets.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([0, 3, 5], _log.AskedAfter);
        Assert.Equal((5, 1, 5), (stats.Events, stats.Duplicates, stats.Position));
    }

    /// <summary>What the dialog's log does, attempt by attempt.</summary>
    private sealed class BrokenLog
    {
        public Queue<long[]> Attempts { get; } = [];

        public List<long> AskedAfter { get; } = [];

        public TaskCompletionSource OpenedAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class LogService(BrokenLog log) : DialogService.DialogServiceBase
    {
        public override async Task TailEvents(TailEventsRequest request, IServerStreamWriter<ConversationEvent> responseStream, ServerCallContext context)
        {
            log.AskedAfter.Add(request.AfterPosition);
            if (!log.Attempts.TryDequeue(out var sequences))
            {
                log.OpenedAgain.TrySetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
                return;
            }
            foreach (var sequence in sequences)
            {
                await responseStream.WriteAsync(new ConversationEvent
                {
                    TenantId = "t1",
                    ConversationId = "c1",
                    Sequence = sequence,
                    Position = sequence,
                    Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
                    PrivateNote = new PrivateNote(),
                });
            }
            throw new RpcException(new Status(StatusCode.Unavailable, "the log breaks off"));
        }
    }
}
