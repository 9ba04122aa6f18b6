using System.Globalization;
using Google.Protobuf;
using Mesh.Vectors.Points;
using Microsoft.Data.Sqlite;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Storage;

internal sealed record StoredCollection(long Id, string Name, CollectionConfig Config, DateTimeOffset CreatedAt, ulong LastOperation);

internal sealed record StoredField(string Field, PayloadSchemaType Type, PayloadIndexParams? Parameters);

/// <summary>
/// The database of all collections: one SQLite file, opened exclusively, used by one thread at a time. Write-ahead log with
/// <c>synchronous=FULL</c>: a commit returns after its log is on the disk, so what was acknowledged survives a killed process and a power cut.
/// </summary>
internal sealed class VectorDatabase : IDisposable
{
    private const int SchemaVersion = 1;
    private const int Busy = 5;
    private const int BusySeconds = 2;

    private readonly SqliteConnection _connection;

    private VectorDatabase(SqliteConnection connection) => _connection = connection;

    /// <exception cref="IOException">Another process has the database open, or it is of a newer version.</exception>
    public static VectorDatabase Open(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "vectors.db");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
            var database = new VectorDatabase(connection);
            database.Execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384;");
            database.Migrate(path);
            return database;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            connection.Dispose();
            throw new IOException($"Another process uses the vector database {path}.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    public List<StoredCollection> ReadCollections()
    {
        using var command = Command("SELECT id, name, config, created_at, last_operation FROM collections");
        using var reader = command.ExecuteReader();
        var found = new List<StoredCollection>();
        while (reader.Read())
        {
            found.Add(new StoredCollection(reader.GetInt64(0), reader.GetString(1), CollectionConfig.Parser.ParseFrom((byte[])reader[2]),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)), (ulong)reader.GetInt64(4)));
        }
        return found;
    }

    public Dictionary<string, long> ReadAliases()
    {
        using var command = Command("SELECT name, collection FROM aliases");
        using var reader = command.ExecuteReader();
        var found = new Dictionary<string, long>();
        while (reader.Read()) found.Add(reader.GetString(0), reader.GetInt64(1));
        return found;
    }

    public List<StoredField> ReadFields(long collection)
    {
        using var command = Command("SELECT field, type, parameters FROM fields WHERE collection = $collection", ("$collection", collection));
        using var reader = command.ExecuteReader();
        var found = new List<StoredField>();
        while (reader.Read())
        {
            found.Add(new StoredField(reader.GetString(0), (PayloadSchemaType)reader.GetInt32(1),
                reader.IsDBNull(2) ? null : PayloadIndexParams.Parser.ParseFrom((byte[])reader[2])));
        }
        return found;
    }

    public IEnumerable<PointWrite> ReadPoints(long collection)
    {
        using var command = Command("SELECT id, version, payload, dense, sparse FROM points WHERE collection = $collection", ("$collection", collection));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var payload = Struct.Parser.ParseFrom((byte[])reader[2]).Fields;
            var (dense, sparse) = (PointEncoding.ReadDense((byte[])reader[3]), PointEncoding.ReadSparse((byte[])reader[4]));
            var point = new Point(PointKey.FromBytes((byte[])reader[0]), payload, (ulong)reader.GetInt64(1), [.. dense.Keys, .. sparse.Keys]);
            yield return new PointWrite(point, dense, sparse);
        }
    }

    public long AddCollection(string name, CollectionConfig config, DateTimeOffset createdAt)
    {
        using var command = Command("INSERT INTO collections (name, config, created_at, last_operation) VALUES ($name, $config, $created, 0) RETURNING id",
            ("$name", name), ("$config", config.ToByteArray()), ("$created", createdAt.ToUnixTimeMilliseconds()));
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Removes the collection with its points, fields and aliases.</summary>
    public void RemoveCollection(long id) => Execute("DELETE FROM collections WHERE id = $id", ("$id", id));

    public void ReplaceAliases(IEnumerable<KeyValuePair<string, long>> aliases)
    {
        Execute("DELETE FROM aliases");
        foreach (var (name, collection) in aliases)
            Execute("INSERT INTO aliases (name, collection) VALUES ($name, $collection)", ("$name", name), ("$collection", collection));
    }

    public void PutPoints(long collection, IEnumerable<PointWrite> points)
    {
        using var command = Command(
            "INSERT OR REPLACE INTO points (collection, id, version, payload, dense, sparse) VALUES ($collection, $id, $version, $payload, $dense, $sparse)",
            ("$collection", collection), ("$id", DBNull.Value), ("$version", 0L), ("$payload", DBNull.Value), ("$dense", DBNull.Value),
            ("$sparse", DBNull.Value));
        foreach (var write in points)
        {
            var payload = new Struct();
            payload.Fields.Add(write.Point.Payload);
            command.Parameters["$id"].Value = write.Point.Key.ToBytes();
            command.Parameters["$version"].Value = (long)write.Point.Version;
            command.Parameters["$payload"].Value = payload.ToByteArray();
            command.Parameters["$dense"].Value = PointEncoding.WriteDense(write.Dense);
            command.Parameters["$sparse"].Value = PointEncoding.WriteSparse(write.Sparse);
            command.ExecuteNonQuery();
        }
    }

    public void RemovePoints(long collection, IEnumerable<PointKey> keys)
    {
        using var command = Command("DELETE FROM points WHERE collection = $collection AND id = $id", ("$collection", collection), ("$id", DBNull.Value));
        foreach (var key in keys)
        {
            command.Parameters["$id"].Value = key.ToBytes();
            command.ExecuteNonQuery();
        }
    }

    public void PutField(long collection, StoredField field) =>
        Execute("INSERT OR REPLACE INTO fields (collection, field, type, parameters) VALUES ($collection, $field, $type, $parameters)",
            ("$collection", collection), ("$field", field.Field), ("$type", (int)field.Type),
            ("$parameters", field.Parameters is { } parameters ? parameters.ToByteArray() : DBNull.Value));

    public void RemoveField(long collection, string field) =>
        Execute("DELETE FROM fields WHERE collection = $collection AND field = $field", ("$collection", collection), ("$field", field));

    public void SetLastOperation(long collection, ulong operation) =>
        Execute("UPDATE collections SET last_operation = $operation WHERE id = $id", ("$operation", (long)operation), ("$id", collection));

    public void Dispose() => _connection.Dispose();

    private void Migrate(string path)
    {
        using var command = Command("PRAGMA user_version");
        switch (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture))
        {
            case SchemaVersion:
                return;
            case 0:
                using (var transaction = Begin())
                {
                    Execute($"""
                        CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, config BLOB NOT NULL,
                            created_at INTEGER NOT NULL, last_operation INTEGER NOT NULL);
                        CREATE TABLE aliases (name TEXT PRIMARY KEY, collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE);
                        CREATE TABLE fields (collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
                            field TEXT NOT NULL, type INTEGER NOT NULL, parameters BLOB, PRIMARY KEY (collection, field));
                        CREATE TABLE points (collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
                            id BLOB NOT NULL, version INTEGER NOT NULL, payload BLOB NOT NULL, dense BLOB NOT NULL, sparse BLOB NOT NULL, PRIMARY KEY (collection, id));
                        PRAGMA user_version = {SchemaVersion};
                        """);
                    transaction.Commit();
                }
                return;
            case var version:
                throw new IOException($"The vector database {path} has version {version}; this program reads version {SchemaVersion}.");
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only the constant texts of this file come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }
}
