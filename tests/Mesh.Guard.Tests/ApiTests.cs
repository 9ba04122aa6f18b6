using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

using Grpc.Core;

using Mesh.Guard.V1;

using Microsoft.Extensions.Options;

using Action = Mesh.Guard.V1.Action;

namespace Mesh.Guard.Tests;

public sealed class ApiTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_WithoutTheMeshsCredential_IsUnauthenticated()
    {
        await using var host = new GuardHost(_folder.Path);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CheckAsync(new CheckRequest { Stage = Stage.Input, Text = "hi" }, cancellationToken: Cancel));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task Check_Input_AnswersWithSpansInTheOriginal()
    {
        await using var host = new GuardHost(_folder.Path);
        const string text = "😀我的电话是１３８　００００　０００１";

        var response = await host.Client.CheckAsync(new CheckRequest { Stage = Stage.Input, Text = text }, GuardHost.As("shop"), cancellationToken: Cancel);

        var verdict = Assert.Single(response.Verdicts);
        Assert.Equal(("privacy", "phone_cn", Action.Flag), (verdict.Scanner, verdict.Category, response.Action));
        Assert.Equal("１３８　００００　０００１", text[verdict.Spans[0].Start..verdict.Spans[0].End]);
    }

    [Theory]
    [InlineData(0, Stage.Input, "text")]
    [InlineData(65_537, Stage.Input, "text")]
    [InlineData(1, Stage.Unspecified, "stage")]
    public async Task Check_OutsideItsLimits_IsInvalidAndNamesTheField(int length, Stage stage, string field)
    {
        await using var host = new GuardHost(_folder.Path);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await host.Client.CheckAsync(new CheckRequest { Stage = stage, Text = new string('a', length) }, GuardHost.As("shop"), cancellationToken: Cancel));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith(field, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OneMegabyteOfHostileText_IsRefusedAtOnce()
    {
        await using var host = new GuardHost(_folder.Path);
        await host.Client.CheckAsync(new CheckRequest { Stage = Stage.Input, Text = "warm" }, GuardHost.As("shop"), cancellationToken: Cancel);
        var text = string.Concat(Enumerable.Repeat("忽略1@a.", 1_000_000 / 6));

        var started = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CheckAsync(new CheckRequest { Stage = Stage.Input, Text = text }, GuardHost.As("shop"), cancellationToken: Cancel));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("65536", error.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Check_TooMuchEvidence_IsInvalid()
    {
        await using var host = new GuardHost(_folder.Path);
        var request = new CheckRequest { Stage = Stage.Output, Text = "7天" };
        request.Evidence.Add(new Evidence { Text = new string('字', 1_048_577) });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.CheckAsync(request, GuardHost.As("shop"), cancellationToken: Cancel));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("evidence", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_AfterARestart_GivesTheTextBack()
    {
        const string text = "我叫张伟，电话138-0000-0001，或 13800000001，邮箱 A.b@qq.com";
        string redacted;
        await using (var host = new GuardHost(_folder.Path))
        {
            var response = await host.Client.RedactAsync(new RedactRequest { Texts = { text }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel);
            redacted = response.Texts[0].Text;
            Assert.DoesNotContain("0001", redacted, StringComparison.Ordinal);
            Assert.Equal(4, response.Texts[0].Redactions.Count);
        }

        await using (var host = new GuardHost(_folder.Path))
        {
            var response = await host.Client.RestoreAsync(new RestoreRequest { Texts = { redacted }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel);
            Assert.Equal(text, response.Texts[0]);
            Assert.Empty(response.Unknown);
        }
    }

    [Fact]
    public async Task Restore_OfAnotherTenantOrScope_GivesNothingAway()
    {
        await using var host = new GuardHost(_folder.Path);
        var redacted = (await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001" }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0];

        foreach (var (tenant, scope) in new[] { ("other", "c1"), ("shop", "c2"), ("shop", "") })
        {
            var response = await host.Client.RestoreAsync(new RestoreRequest { Texts = { redacted.Text }, Scope = scope }, GuardHost.As(tenant), cancellationToken: Cancel);
            Assert.Equal(redacted.Text, response.Texts[0]);
            Assert.Equal([redacted.Redactions[0].Pseudonym], response.Unknown);
        }

        var elsewhere = (await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001" }, Scope = "c1" }, GuardHost.As("other"), cancellationToken: Cancel)).Texts[0];
        Assert.NotEqual(redacted.Text, elsewhere.Text);
    }

    [Fact]
    public async Task Erase_Scope_ForgetsItAndNothingElse()
    {
        await using var host = new GuardHost(_folder.Path);
        var one = (await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001" }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0].Text;
        var two = (await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001" }, Scope = "c2" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0].Text;

        var erased = await host.Client.EraseAsync(new EraseRequest { Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel);

        Assert.Equal(1, erased.Erased);
        Assert.Equal(one, (await host.Client.RestoreAsync(new RestoreRequest { Texts = { one }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0]);
        Assert.Equal("电话13800000001", (await host.Client.RestoreAsync(new RestoreRequest { Texts = { two }, Scope = "c2" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0]);
    }

    [Fact]
    public async Task Redact_ManyAtOnce_AgreeOnOnePseudonym()
    {
        await using var host = new GuardHost(_folder.Path);

        var texts = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
            (await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001" }, Scope = "c1" }, GuardHost.As("shop"), cancellationToken: Cancel)).Texts[0].Text));

        Assert.Single(texts.Distinct());
    }

    [Fact]
    public async Task State_OnDisk_HoldsNoPlainValue()
    {
        await using (var host = new GuardHost(_folder.Path))
            await host.Client.RedactAsync(new RedactRequest { Texts = { "电话13800000001，我叫张伟" } }, GuardHost.As("shop"), cancellationToken: Cancel);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();

        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancel);
            Assert.True(bytes.AsSpan().IndexOf("13800000001"u8) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf("张伟"u8) < 0, file);
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "guard-pseudonyms.key")));
    }

    [Fact]
    public async Task Check_AnyText_IsMeasuredWithoutAWordOfIt()
    {
        await using var host = new GuardHost(_folder.Path);
        var measured = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Mesh.Guard")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.Start();

        await host.Client.CheckAsync(new CheckRequest { Stage = Stage.Input, Text = "我叫张伟，电话13800000001" }, GuardHost.As("shop"), cancellationToken: Cancel);

        Assert.Contains("mesh.guard.checks [stage, input] [action, flag]", measured);
        Assert.Contains("mesh.guard.check.duration [stage, input]", measured);
        Assert.Contains("mesh.guard.verdicts [scanner, privacy] [category, phone_cn] [action, flag]", measured);
        Assert.DoesNotContain(measured, m => m.Contains("张伟", StringComparison.Ordinal) || m.Contains("138", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_OfARunningService_IsHealthy()
    {
        await using var host = new GuardHost(_folder.Path);

        var body = await host.Http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel);

        Assert.Contains("\"Healthy\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WrongOptions_NamesThemAllAtOnce()
    {
        var error = Assert.ThrowsAny<Exception>(() => new GuardHost(
            _folder.Path, ("Guard:MaxTextChars", "5"), ("Guard:UtcOffsetMinutes", "9999"), ("Guard:PseudonymKey", "c2hvcnQ="), ("Guard:RulesFile", "/no/such/guard.yaml")));

        var message = (error as OptionsValidationException ?? error.GetBaseException()).Message;
        Assert.All(["MaxTextChars", "UtcOffsetMinutes", "PseudonymKey", "RulesFile"], key => Assert.Contains(key, message, StringComparison.Ordinal));
    }
}
