using System.Threading.Channels;
using Grpc.Core;
using Mesh.Datasets.Stats;
using Mesh.Dialog.V1;
using Mesh.ServiceDefaults.Callers;
using Microsoft.Extensions.Options;

namespace Mesh.Datasets.Log;

/// <summary>
/// Reads the dialog's events table over gRPC from the position stored with what was made of it, so that every event counts once:
/// what is sent again after a break is recognised by its position and its conversation sequence.
/// </summary>
internal sealed partial class LogTailer(
    DialogService.DialogServiceClient dialog, StatsStore stats, LogStatus status, CallerAccessor callers, IOptions<LogOptions> options, TimeProvider time, ILogger<LogTailer> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = TimeSpan.FromMilliseconds(options.Value.RetryDelayMs);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var _ = callers.Use(Caller.Internal());
                await TailAsync(() => failures = 0, stoppingToken);
                status.Stopped("the dialog ended the log");
            }
            catch (RpcException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e)
            {
                status.Stopped($"the dialog does not answer: {e.StatusCode}");
                if (failures == 0) LogBroken(e.StatusCode);
            }
            // Nothing signals that the dialog is back, so the log is tried again after a while.
            await Task.Delay(delay * Math.Min(16, 1 << Math.Min(failures++, 4)), time, stoppingToken);
        }
    }

    private async Task TailAsync(Action onReading, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var position = await stats.PositionAsync(cancellationToken);
        using var call = dialog.TailEvents(new TailEventsRequest { AfterPosition = position, AllTenants = true }, cancellationToken: stop.Token);
        await call.ResponseHeadersAsync;
        status.Reading();
        onReading();
        LogReading(position);

        var events = System.Threading.Channels.Channel.CreateBounded<ConversationEvent>(options.Value.BatchSize * 2);
        var reading = ReadAsync(call.ResponseStream, events.Writer, stop.Token);
        try
        {
            var batch = new List<ConversationEvent>(options.Value.BatchSize);
            while (await events.Reader.WaitToReadAsync(cancellationToken))
            {
                batch.Clear();
                while (batch.Count < options.Value.BatchSize && events.Reader.TryRead(out var item)) batch.Add(item);
                await stats.AddAsync(batch, cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync(IAsyncStreamReader<ConversationEvent> stream, ChannelWriter<ConversationEvent> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in stream.ReadAllAsync(cancellationToken)) await writer.WriteAsync(item, cancellationToken);
            writer.Complete();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // Reaches the reading side through the channel.
            writer.Complete(e);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Reading the log after position {Position}")]
    private partial void LogReading(long position);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The log broke off with {Status}; it is opened again until it answers")]
    private partial void LogBroken(StatusCode status);
}
