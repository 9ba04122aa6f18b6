using Dapper;
using Mesh.ServiceDefaults.Data;

namespace Mesh.ServiceDefaults.Tests;

public sealed class MeshDatabaseTests : IAsyncLifetime
{
    private static readonly string[] Scripts = ["CREATE TABLE items (id {autoincrement}, content {blob} NOT NULL)", "ALTER TABLE items ADD COLUMN name TEXT"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-database").FullName;
    private readonly MeshDatabase _database;

    public MeshDatabaseTests() => _database = new MeshDatabase($"Data Source={Path.Combine(_folder, "sub", "test.db")};Pooling=False");

    public async ValueTask InitializeAsync() => await _database.MigrateAsync("test", Scripts, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task MigrateAsync_Again_ChangesNothing()
    {
        await InsertAsync("a");

        await _database.MigrateAsync("test", Scripts, TestContext.Current.CancellationToken);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task InTransactionAsync_WorkThrows_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.InTransactionAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("INSERT INTO items (content, name) VALUES (@Content, 'x')", new { Content = new byte[] { 1 } }, transaction);
            throw new InvalidOperationException("no");
        }, TestContext.Current.CancellationToken));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task InTransactionAsync_ManyWritersAtOnce_AllCommit()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => InsertAsync($"n{i}")));

        Assert.Equal(20, await CountAsync());
    }

    private Task InsertAsync(string name) => _database.InTransactionAsync(
        (connection, transaction) => connection.ExecuteAsync("INSERT INTO items (content, name) VALUES (@Content, @Name)", new { Content = new byte[] { 1 }, Name = name }, transaction),
        TestContext.Current.CancellationToken);

    private async Task<long> CountAsync()
    {
        await using var connection = await _database.OpenAsync(TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM items");
    }
}
