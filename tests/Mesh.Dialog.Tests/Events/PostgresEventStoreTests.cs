using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Mesh.Dialog.Tests.Events;

/// <summary>The same tests on PostgreSQL, where its server programs are installed.</summary>
public sealed class PostgresEventStoreTests(PostgresServer server) : EventStoreTests, IClassFixture<PostgresServer>
{
    protected override async ValueTask<string> ConnectionStringAsync()
    {
        if (server.Missing is { } reason)
            Assert.Skip(reason);
        return await server.CreateDatabaseAsync();
    }
}

/// <summary>A PostgreSQL server of its own in a temporary folder.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine("/tmp", $"mesh-pg-{Guid.CreateVersion7():N}");
    private string _bin = "";
    private int _port;
    private int _databases;

    /// <summary>Why there is none.</summary>
    public string? Missing { get; private set; } = "no PostgreSQL server programs are installed";

    public async ValueTask InitializeAsync()
    {
        var found = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (found is null || !File.Exists(Path.Combine(found, "bin", "initdb")))
            return;
        _bin = Path.Combine(found, "bin");
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await RunAsync("initdb", "-D", _folder, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C");
        await RunAsync("pg_ctl", "-D", _folder, "-w", "-l", $"{_folder}/log", "-o", $"-p {_port} -k {_folder} -c fsync=off -c listen_addresses=127.0.0.1", "start");
        Missing = null;
    }

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is not null)
            return;
        NpgsqlConnection.ClearAllPools();
        await RunAsync("pg_ctl", "-D", _folder, "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    // The server refuses to run as root.
    private async Task RunAsync(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(_bin, program), .. arguments];
        if (Environment.UserName == "root")
            command = ["runuser", "-u", "postgres", "--", .. command];
        // No redirection: the server would keep the pipes open.
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/tmp", RedirectStandardOutput = program == "initdb" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
