using System.Buffers.Binary;
using System.Globalization;
using Mesh.Vectors.Rpc;
using Qdrant.Client.Grpc;

namespace Mesh.Vectors.Points;

/// <summary>A point's id: an unsigned 64-bit integer or a UUID. Ordered as Qdrant scrolls: all integers ascending, then all UUIDs ascending.</summary>
internal readonly record struct PointKey(bool IsUuid, UInt128 Value) : IComparable<PointKey>
{
    private const int ByteCount = 17;
    private const string UrnPrefix = "urn:uuid:";

    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the id is missing or not a UUID.</exception>
    public static PointKey From(PointId? id) => id?.PointIdOptionsCase switch
    {
        PointId.PointIdOptionsOneofCase.Num => new PointKey(false, id.Num),
        PointId.PointIdOptionsOneofCase.Uuid => FromUuid(id.Uuid),
        _ => throw QdrantError.Invalid("id", "is required"),
    };

    public static bool TryParseUuid(string text, out PointKey key)
    {
        var digits = text.StartsWith(UrnPrefix, StringComparison.OrdinalIgnoreCase) ? text.AsSpan(UrnPrefix.Length) : text.AsSpan();
        if (!Guid.TryParseExact(digits, "D", out var uuid) && !Guid.TryParseExact(digits, "N", out uuid) && !Guid.TryParseExact(digits, "B", out uuid))
        {
            key = default;
            return false;
        }
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        key = new PointKey(true, BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    /// <summary>A byte form whose order is the order of keys.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        bytes[0] = IsUuid ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(1), Value);
        return bytes;
    }

    public static PointKey FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == ByteCount ? new PointKey(bytes[0] == 1, BinaryPrimitives.ReadUInt128BigEndian(bytes[1..]))
            : throw new InvalidDataException($"A stored point id has {bytes.Length} bytes instead of {ByteCount}.");

    public PointId ToPointId() => IsUuid ? new PointId { Uuid = ToString() } : new PointId { Num = (ulong)Value };

    public int CompareTo(PointKey other) => IsUuid == other.IsUuid ? Value.CompareTo(other.Value) : IsUuid.CompareTo(other.IsUuid);

    public override string ToString()
    {
        if (!IsUuid) return ((ulong)Value).ToString(CultureInfo.InvariantCulture);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    private static PointKey FromUuid(string text) =>
        TryParseUuid(text, out var key) ? key : throw QdrantError.Invalid("id", $"unable to parse `{Shorten(text)}` as a UUID");

    private static string Shorten(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 64), "…");
}
