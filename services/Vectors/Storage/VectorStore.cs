using System.Diagnostics;
using Mesh.Vectors.Collections;
using Mesh.Vectors.Filters;
using Mesh.Vectors.Points;
using Mesh.Vectors.Rpc;
using Microsoft.Extensions.Options;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Storage;

/// <summary>
/// All collections: in memory for reading, in the database for keeping. One writer at a time: it checks, commits to the
/// database, then changes the memory, so that what a reader sees is always on the disk.
/// </summary>
internal sealed partial class VectorStore(IOptions<VectorsOptions> options, VectorsDirectory directory, TimeProvider time, ILogger<VectorStore> logger)
    : IDisposable
{
    private readonly VectorsOptions _limits = options.Value;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private volatile Catalog _catalog = Catalog.Empty;
    private VectorDatabase? _database;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the indexes are in memory; until then every call is refused as unavailable.</summary>
    public Task Loaded => _loaded.Task;

    /// <exception cref="Grpc.Core.RpcException">Unavailable while loading.</exception>
    public Catalog Catalog => Loaded.IsCompletedSuccessfully ? _catalog : throw QdrantError.Loading();

    /// <summary>Reads the database into memory.</summary>
    /// <exception cref="IOException">The database cannot be opened.</exception>
    public void Load(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var database = _database = VectorDatabase.Open(directory.Path);
        var collections = new Dictionary<long, Collection>();
        var points = 0;
        foreach (var stored in database.ReadCollections())
        {
            var collection = new Collection(stored.Id, stored.Name, CollectionSchema.FromStored(stored.Config), stored.CreatedAt, stored.LastOperation);
            collection.Write(data =>
            {
                foreach (var point in database.ReadPoints(stored.Id))
                {
                    cancel.ThrowIfCancellationRequested();
                    data.Put(point);
                }
                foreach (var field in database.ReadFields(stored.Id)) data.AddField(field.Field, field.Parameters, field.Type);
                points += data.Count;
            });
            collections.Add(stored.Id, collection);
        }
        _catalog = new Catalog(
            Catalog.Empty.Collections.AddRange(collections.Values.Select(c => KeyValuePair.Create(c.Name, c))),
            Catalog.Empty.Aliases.AddRange(database.ReadAliases().Select(a => KeyValuePair.Create(a.Key, collections[a.Value]))));
        LogLoaded(collections.Count, points, time.GetElapsedTime(started).TotalMilliseconds);
        _loaded.SetResult();
    }

    /// <summary>The collection of a name or an alias.</summary>
    /// <exception cref="Grpc.Core.RpcException">NotFound.</exception>
    public Collection Collection(string name) => Catalog.Find(name) ?? throw QdrantError.CollectionNotFound(name);

    public Task CreateAsync(CreateCollection request, CancellationToken cancel)
    {
        var schema = CollectionSchema.FromRequest(request, _limits);
        return WriteAsync(database =>
        {
            var name = request.CollectionName;
            if (_catalog.Collections.ContainsKey(name)) throw QdrantError.CollectionExists(name);
            if (_catalog.Aliases.ContainsKey(name))
                throw QdrantError.WrongInput($"Can't create collection with name {name}. Alias with the same name already exists");
            var createdAt = time.GetUtcNow();
            var id = InTransaction(database, () => database.AddCollection(name, schema.Config, createdAt));
            _catalog = _catalog with { Collections = _catalog.Collections.Add(name, new Collection(id, name, schema, createdAt, 0)) };
            return true;
        }, cancel);
    }

    /// <returns>Whether there was one; aliases do not count.</returns>
    public Task<bool> DeleteAsync(string name, CancellationToken cancel) => WriteAsync(database =>
    {
        if (!_catalog.Collections.TryGetValue(name, out var collection)) return false;
        InTransaction(database, () => database.RemoveCollection(collection.Id));
        var aliases = _catalog.Aliases.Where(a => a.Value == collection).Select(a => a.Key);
        _catalog = new Catalog(_catalog.Collections.Remove(name), _catalog.Aliases.RemoveRange(aliases));
        return true;
    }, cancel);

    /// <summary>Applies all actions, in order, at once: readers see none or all of them.</summary>
    public Task UpdateAliasesAsync(IReadOnlyCollection<AliasOperations> actions, CancellationToken cancel) => WriteAsync(database =>
    {
        var aliases = _catalog.Aliases;
        foreach (var action in actions)
        {
            switch (action.ActionCase)
            {
                case AliasOperations.ActionOneofCase.CreateAlias:
                    CollectionSchema.CheckName("alias_name", action.CreateAlias.AliasName, _limits);
                    if (!_catalog.Collections.TryGetValue(action.CreateAlias.CollectionName, out var target))
                        throw QdrantError.CollectionNotFound(action.CreateAlias.CollectionName);
                    aliases = aliases.SetItem(FreeName(action.CreateAlias.AliasName), target);
                    break;
                case AliasOperations.ActionOneofCase.RenameAlias:
                    CollectionSchema.CheckName("new_alias_name", action.RenameAlias.NewAliasName, _limits);
                    if (!aliases.TryGetValue(action.RenameAlias.OldAliasName, out var renamed))
                        throw QdrantError.AliasNotFound(action.RenameAlias.OldAliasName);
                    aliases = aliases.Remove(action.RenameAlias.OldAliasName).SetItem(FreeName(action.RenameAlias.NewAliasName), renamed);
                    break;
                case AliasOperations.ActionOneofCase.DeleteAlias:
                    aliases = aliases.Remove(action.DeleteAlias.AliasName);
                    break;
                default:
                    throw QdrantError.Invalid("actions", "an action is empty");
            }
        }
        InTransaction(database, () => database.ReplaceAliases(aliases.Select(a => KeyValuePair.Create(a.Key, a.Value.Id))));
        _catalog = _catalog with { Aliases = aliases };
        return true;
    }, cancel);

    /// <summary>Writes points whole: vectors and payload that a point does not name are gone.</summary>
    /// <returns>The operation's number.</returns>
    public Task<ulong> UpsertAsync(UpsertPoints request, CancellationToken cancel)
    {
        CheckBatch("points", request.Points.Count);
        return WriteAsync(database =>
        {
            var collection = Collection(request.CollectionName);
            var operation = collection.LastOperation + 1;
            var writes = collection.Read(data =>
            {
                var condition = FilterCompiler.Compile(request.UpdateFilter, data, _limits);
                var accepted = new Dictionary<PointKey, PointWrite>();
                foreach (var point in request.Points)
                {
                    var write = VectorReader.ReadPoint(point, operation, collection.Schema, _limits);
                    var existing = accepted.TryGetValue(write.Point.Key, out var earlier) ? earlier.Point : data.Find(write.Point.Key);
                    if (IsWanted(existing)) accepted[write.Point.Key] = write;
                }
                return accepted.Values.ToArray();

                bool IsWanted(Point? existing) => request.UpdateMode switch
                {
                    UpdateMode.InsertOnly => existing is null,
                    UpdateMode.UpdateOnly => existing is not null && condition?.Matches(existing) != false,
                    UpdateMode.Upsert => existing is null || condition?.Matches(existing) != false,
                    _ => throw QdrantError.Unsupported($"`update_mode` {request.UpdateMode}"),
                };
            });
            Commit(database, collection, operation, () => database.PutPoints(collection.Id, writes));
            collection.Write(data =>
            {
                foreach (var write in writes) data.Put(write);
            });
            return operation;
        }, cancel);
    }

    /// <summary>Deletes points by id or by filter; an unknown id is no error.</summary>
    /// <returns>The operation's number.</returns>
    public Task<ulong> DeletePointsAsync(DeletePoints request, CancellationToken cancel) => WriteAsync(database =>
    {
        var collection = Collection(request.CollectionName);
        var operation = collection.LastOperation + 1;
        PointKey[] keys;
        switch (request.Points?.PointsSelectorOneOfCase)
        {
            case PointsSelector.PointsSelectorOneOfOneofCase.Points:
                CheckBatch("points.ids", request.Points.Points.Ids.Count);
                keys = [.. request.Points.Points.Ids.Select(PointKey.From)];
                break;
            case PointsSelector.PointsSelectorOneOfOneofCase.Filter:
                keys = collection.Read(data =>
                {
                    var filter = FilterCompiler.Compile(request.Points.Filter, data, _limits)!;
                    return data.InOrder().Where(filter.Matches).Select(p => p.Key).ToArray();
                });
                break;
            default:
                throw QdrantError.Invalid("points", "is required");
        }
        Commit(database, collection, operation, () => database.RemovePoints(collection.Id, keys));
        collection.Write(data =>
        {
            foreach (var key in keys) data.Remove(key);
        });
        return operation;
    }, cancel);

    /// <returns>The operation's number.</returns>
    public Task<ulong> CreateFieldIndexAsync(CreateFieldIndexCollection request, CancellationToken cancel)
    {
        var field = FieldIndexRequest.Read(request);
        return WriteAsync(database =>
        {
            var collection = Collection(request.CollectionName);
            var operation = collection.LastOperation + 1;
            Commit(database, collection, operation, () => database.PutField(collection.Id, field));
            collection.Write(data => data.AddField(field.Field, field.Parameters, field.Type));
            return operation;
        }, cancel);
    }

    /// <returns>The operation's number.</returns>
    public Task<ulong> DeleteFieldIndexAsync(DeleteFieldIndexCollection request, CancellationToken cancel) => WriteAsync(database =>
    {
        var collection = Collection(request.CollectionName);
        var operation = collection.LastOperation + 1;
        Commit(database, collection, operation, () => database.RemoveField(collection.Id, request.FieldName));
        collection.Write(data => data.Fields.Remove(request.FieldName));
        return operation;
    }, cancel);

    public void Dispose()
    {
        _database?.Dispose();
        _writer.Dispose();
    }

    /// <summary>Runs a write alone. It is cancelled while it waits, not once it has begun.</summary>
    private async Task<T> WriteAsync<T>(Func<VectorDatabase, T> write, CancellationToken cancel)
    {
        if (!Loaded.IsCompletedSuccessfully) throw QdrantError.Loading();
        await _writer.WaitAsync(cancel);
        try
        {
            return write(_database ?? throw new UnreachableException("The database is open once the store is loaded."));
        }
        finally
        {
            _writer.Release();
        }
    }

    private static void Commit(VectorDatabase database, Collection collection, ulong operation, Action write)
    {
        InTransaction(database, () =>
        {
            write();
            database.SetLastOperation(collection.Id, operation);
        });
        collection.LastOperation = operation;
    }

    private static void InTransaction(VectorDatabase database, Action write) => InTransaction(database, () =>
    {
        write();
        return true;
    });

    private static T InTransaction<T>(VectorDatabase database, Func<T> write)
    {
        using var transaction = database.Begin();
        var result = write();
        transaction.Commit();
        return result;
    }

    private string FreeName(string alias) => _catalog.Collections.ContainsKey(alias)
        ? throw QdrantError.WrongInput($"Collection with the same name already exists: {alias}") : alias;

    private void CheckBatch(string field, int count)
    {
        if (count > _limits.MaxBatchPoints) throw QdrantError.Invalid(field, $"{count} points, at most {_limits.MaxBatchPoints} are allowed");
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Loaded {Collections} collections with {Points} points in {Elapsed_ms:F0} ms")]
    private partial void LogLoaded(int collections, int points, double elapsed_ms);
}
