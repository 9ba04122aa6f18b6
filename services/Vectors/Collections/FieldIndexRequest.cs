using Mesh.Vectors.Filters;
using Mesh.Vectors.Rpc;
using Mesh.Vectors.Storage;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Collections;

/// <summary>Reads what kind of payload index is asked for.</summary>
internal static class FieldIndexRequest
{
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument or Unimplemented, naming the field.</exception>
    public static StoredField Read(CreateFieldIndexCollection request)
    {
        FieldPath.Parse(request.FieldName);
        var parameters = request.FieldIndexParams;
        var type = parameters?.IndexParamsCase switch
        {
            PayloadIndexParams.IndexParamsOneofCase.KeywordIndexParams => PayloadSchemaType.Keyword,
            PayloadIndexParams.IndexParamsOneofCase.IntegerIndexParams => PayloadSchemaType.Integer,
            PayloadIndexParams.IndexParamsOneofCase.FloatIndexParams => PayloadSchemaType.Float,
            PayloadIndexParams.IndexParamsOneofCase.GeoIndexParams => PayloadSchemaType.Geo,
            PayloadIndexParams.IndexParamsOneofCase.TextIndexParams => PayloadSchemaType.Text,
            PayloadIndexParams.IndexParamsOneofCase.BoolIndexParams => PayloadSchemaType.Bool,
            PayloadIndexParams.IndexParamsOneofCase.DatetimeIndexParams => PayloadSchemaType.Datetime,
            PayloadIndexParams.IndexParamsOneofCase.UuidIndexParams => PayloadSchemaType.Uuid,
            _ => request.HasFieldType ? OfField(request.FieldType) : throw QdrantError.Invalid("field_type", "is required"),
        };
        if (parameters?.TextIndexParams is { } text)
        {
            // Text is matched by lower-case words, with or without an index; other ways of splitting would answer differently.
            if (text.Tokenizer is not (TokenizerType.Word or TokenizerType.Unknown))
                throw QdrantError.Unsupported($"`text_index_params.tokenizer` {text.Tokenizer}");
            if (text.HasLowercase && !text.Lowercase) throw QdrantError.Unsupported("`text_index_params.lowercase` false");
        }
        return new StoredField(request.FieldName, type, parameters);
    }

    private static PayloadSchemaType OfField(FieldType type) => type switch
    {
        FieldType.Keyword => PayloadSchemaType.Keyword,
        FieldType.Integer => PayloadSchemaType.Integer,
        FieldType.Float => PayloadSchemaType.Float,
        FieldType.Geo => PayloadSchemaType.Geo,
        FieldType.Text => PayloadSchemaType.Text,
        FieldType.Bool => PayloadSchemaType.Bool,
        FieldType.Datetime => PayloadSchemaType.Datetime,
        FieldType.Uuid => PayloadSchemaType.Uuid,
        _ => throw QdrantError.Unsupported($"`field_type` {type}"),
    };
}
