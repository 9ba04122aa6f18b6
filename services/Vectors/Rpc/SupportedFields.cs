using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Rpc;

/// <summary>
/// The fields that are read, of every message of a request down to the leaves listed here. A field that is set and not listed
/// is refused by name, so that nothing that could change a result is ignored in silence. Fields that only steer speed or
/// replication (HNSW, disk, consistency, ordering, timeout) are listed: an exact scan on one node gives at least what they ask for.
/// </summary>
internal static class SupportedFields
{
    private const string Hints = "wait ordering timeout read_consistency";

    public static readonly IReadOnlyDictionary<MessageDescriptor, HashSet<string>> Known = new Dictionary<MessageDescriptor, HashSet<string>>
    {
        [CreateCollection.Descriptor] = Fields("collection_name hnsw_config wal_config optimizers_config shard_number on_disk_payload timeout vectors_config "
            + "replication_factor write_consistency_factor sharding_method sparse_vectors_config metadata payload id_tracker"),
        [VectorsConfig.Descriptor] = Fields("params params_map"),
        [VectorParamsMap.Descriptor] = Fields("map"),
        [VectorParams.Descriptor] = Fields("size distance hnsw_config on_disk datatype memory"),
        [SparseVectorConfig.Descriptor] = Fields("map"),
        [SparseVectorParams.Descriptor] = Fields("index modifier"),
        [SparseIndexConfig.Descriptor] = Fields("full_scan_threshold on_disk datatype memory"),

        [UpsertPoints.Descriptor] = Fields($"collection_name points update_filter update_mode {Hints}"),
        [DeletePoints.Descriptor] = Fields($"collection_name points {Hints}"),
        [GetPoints.Descriptor] = Fields($"collection_name ids with_payload with_vectors {Hints}"),
        [ScrollPoints.Descriptor] = Fields($"collection_name filter offset limit with_payload with_vectors {Hints}"),
        [CountPoints.Descriptor] = Fields($"collection_name filter exact {Hints}"),
        [CreateFieldIndexCollection.Descriptor] = Fields($"collection_name field_name field_type field_index_params {Hints}"),
        [KeywordIndexParams.Descriptor] = Fields("is_tenant on_disk enable_hnsw memory"),
        [IntegerIndexParams.Descriptor] = Fields("lookup range is_principal on_disk enable_hnsw memory"),
        [FloatIndexParams.Descriptor] = Fields("is_principal on_disk enable_hnsw memory"),
        [GeoIndexParams.Descriptor] = Fields("on_disk enable_hnsw memory"),
        [TextIndexParams.Descriptor] = Fields("tokenizer lowercase on_disk enable_hnsw memory"),
        [BoolIndexParams.Descriptor] = Fields("on_disk enable_hnsw memory"),
        [DatetimeIndexParams.Descriptor] = Fields("is_principal on_disk enable_hnsw memory"),
        [UuidIndexParams.Descriptor] = Fields("is_tenant on_disk enable_hnsw memory"),
        [PayloadIndexParams.Descriptor] = Fields("keyword_index_params integer_index_params float_index_params geo_index_params text_index_params "
            + "bool_index_params datetime_index_params uuid_index_params"),

        [QueryBatchPoints.Descriptor] = Fields($"collection_name query_points {Hints}"),
        [QueryPoints.Descriptor] = Fields($"collection_name prefetch query using filter params score_threshold limit offset with_vectors with_payload {Hints}"),
        [PrefetchQuery.Descriptor] = Fields("prefetch query using filter params score_threshold limit"),
        [Query.Descriptor] = Fields("nearest fusion rrf"),
        [VectorInput.Descriptor] = Fields("id dense sparse"),
        [Rrf.Descriptor] = Fields("k weights"),
        [SearchParams.Descriptor] = Fields("hnsw_ef exact quantization indexed_only acorn idf"),
        [IdfParams.Descriptor] = Fields("corpus"),

        [Filter.Descriptor] = Fields("should must must_not min_should"),
        [MinShould.Descriptor] = Fields("conditions min_count"),
        [Condition.Descriptor] = Fields("field is_empty has_id filter is_null nested has_vector"),
        [NestedCondition.Descriptor] = Fields("key filter"),
        [FieldCondition.Descriptor] = Fields("key match range values_count datetime_range is_empty is_null"),
        [Match.Descriptor] = Fields("keyword integer boolean text keywords integers except_integers except_keywords text_any"),
    };

    /// <exception cref="Grpc.Core.RpcException">Unimplemented, with the path of the first field that is not read.</exception>
    public static void Check(IMessage request) => Check(request, "");

    private static void Check(IMessage message, string path)
    {
        if (!Known.TryGetValue(message.Descriptor, out var known)) return;
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (!IsSet(message, field, value)) continue;
            var fieldPath = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (!known.Contains(field.Name)) throw QdrantError.Unsupported($"Field `{fieldPath}`");
            switch (value)
            {
                case IMessage inner:
                    Check(inner, fieldPath);
                    break;
                case IDictionary map:
                    foreach (var inner in map.Values.OfType<IMessage>()) Check(inner, fieldPath);
                    break;
                case IList list when field.FieldType == Google.Protobuf.Reflection.FieldType.Message && Known.ContainsKey(field.MessageType):
                    foreach (var inner in list.Cast<IMessage>()) Check(inner, fieldPath);
                    break;
            }
        }
    }

    private static bool IsSet(IMessage message, FieldDescriptor field, object? value) => value switch
    {
        null => false,
        ICollection items => items.Count > 0,
        _ when field.HasPresence => field.Accessor.HasValue(message),
        _ => true, // Without presence the default cannot be told from unset, and every such field of these messages is listed.
    };

    private static HashSet<string> Fields(string names) => [.. names.Split(' ')];
}
