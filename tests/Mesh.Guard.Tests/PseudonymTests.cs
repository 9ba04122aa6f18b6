using System.Security.Cryptography;

using CsCheck;

using Mesh.Guard.Checks;
using Mesh.Guard.Pseudonyms;
using Mesh.ServiceDefaults.Data;

namespace Mesh.Guard.Tests;

public sealed class PseudonymTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private MeshDatabase _database = null!;
    private Pseudonymizer _pseudonyms = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new MeshDatabase($"Data Source={Path.Combine(_folder.Path, "guard.db")}");
        await _database.MigrateAsync("guard", PseudonymStore.Migrations, Cancel);
        _pseudonyms = new Pseudonymizer(new PseudonymKey(new byte[PseudonymKey.Bytes]), new PseudonymStore(_database, Guards.Time));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("我叫张伟，电话138 0000 0001，身份证11010519491231002X")]
    [InlineData("13800000001 和 138-0000-0001 和 １３８００００００01")]
    [InlineData("My name is Jane Doe, jane@doe.org")]
    [InlineData("没有什么")]
    [InlineData("")]
    public async Task Restore_OfRedacted_IsTheText(string text)
    {
        var redacted = await RedactAsync(text);

        Assert.Equal(text, await RestoreAsync(redacted));
    }

    [Fact]
    public async Task Redact_AnyText_ComesBackAndIsStable()
    {
        // CsCheck's asynchronous sampling, on one thread: SQLite has one writer.
        await Gen.Select(Texts.Mixed.Where(t => t.IsWellFormed()), Gen.Bool).SampleAsync(
            async (text, _) =>
            {
                var once = await RedactAsync(text);
                var twice = await RedactAsync(once);
                return once == await RedactAsync(text) && twice == once && await RestoreAsync(once) == text;
            },
            threads: 1,
            iter: 300);
    }

    [Fact]
    public async Task Redact_SameValueInOtherWriting_SharesThePseudonymsStem()
    {
        var a = await RedactAsync("13800000001");
        var b = await RedactAsync("138 0000 0001");

        Assert.Matches(@"^\[PHONE_[0-9A-Z]{6}\]$", a);
        Assert.Equal(a[..^1] + "-2]", b);
    }

    [Fact]
    public async Task Redact_OtherKey_GivesOtherPseudonyms()
    {
        var other = new Pseudonymizer(new PseudonymKey([.. Enumerable.Repeat((byte)1, 32)]), new PseudonymStore(_database, Guards.Time));

        Assert.NotEqual(await RedactAsync("13800000001", scope: "a"), await RedactAsync("13800000001", other, "b"));
    }

    [Fact]
    public async Task Redact_TenThousandValues_StayApart()
    {
        var text = string.Join('，', Enumerable.Range(0, 3000).Select(i => $"138{i:D8}"));

        var redacted = await RedactAsync(text);

        Assert.Equal(3000, Pseudonymizer.Existing(redacted).Select(r => redacted[r.Start..r.End]).Distinct().Count());
        Assert.Equal(text, await RestoreAsync(redacted));
    }

    [Fact]
    public void Open_InAnotherContext_Fails()
    {
        var key = new PseudonymKey(new byte[PseudonymKey.Bytes]);
        var sealedValue = key.Seal("13800000001", "tenant-a");

        Assert.Equal("13800000001", key.Open(sealedValue, "tenant-a"));
        Assert.ThrowsAny<CryptographicException>(() => key.Open(sealedValue, "tenant-b"));
    }

    [Fact]
    public void Load_BrokenKeyFile_SaysWhatIsLost()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "guard-pseudonyms.key"), "not a key");

        var error = Assert.Throws<InvalidOperationException>(() => PseudonymKey.Load("", _folder.Path));

        Assert.Contains("cannot be restored", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> RedactAsync(string text, Pseudonymizer? pseudonyms = null, string scope = "s")
    {
        var found = Guards.Checker.PersonalDataIn("default", text, Pseudonymizer.Existing(text));
        var assigned = await (pseudonyms ?? _pseudonyms).AssignAsync("t", scope, [(text, found, Checker.IsChinese("", text))], Cancel);
        var next = 0;
        return Pseudonymizer.Replace(text, [.. found.Select(f => f.Span)], _ => assigned[0][next++].Pseudonym);
    }

    private async Task<string> RestoreAsync(string text) => (await _pseudonyms.RestoreAsync("t", "s", [text], Cancel)).Texts[0];
}

internal static class StringExtensions
{
    /// <summary>Whether every surrogate has its other half: the wire (UTF-8) carries nothing else.</summary>
    public static bool IsWellFormed(this string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
