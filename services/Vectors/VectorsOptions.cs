using System.ComponentModel.DataAnnotations;

namespace Mesh.Vectors;

/// <summary>Settings of the vector store, section <c>Vectors</c>.</summary>
public sealed class VectorsOptions
{
    public const string Section = "Vectors";

    /// <summary>Folder of the database. Default: <c>vectors</c> below <c>Mesh:DataDirectory</c>, or below <c>.mesh/data</c> of the content root.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>When set, each Qdrant call must carry it as metadata <c>api-key</c> or as a bearer token. Default: none, every caller is served.</summary>
    [MinLength(8)]
    public string? ApiKey { get; set; }

    /// <summary>Largest dimension of a dense vector. Default 65,536, as Qdrant.</summary>
    [Range(1, 65_536)]
    public int MaxVectorSize { get; set; } = 65_536;

    /// <summary>Most entries of one sparse vector. Default 65,536.</summary>
    [Range(1, 1_000_000)]
    public int MaxSparseEntries { get; set; } = 65_536;

    /// <summary>Most points of one upsert, and most ids of one get or delete. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatchPoints { get; set; } = 10_000;

    /// <summary>Largest payload of one point in bytes, as encoded on the wire. Default 1 MiB.</summary>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxPayloadBytes { get; set; } = 1024 * 1024;

    /// <summary>Longest collection, alias or vector name in characters. Default 255, as Qdrant.</summary>
    [Range(1, 255)]
    public int MaxNameLength { get; set; } = 255;

    /// <summary>Most points of one answer: limit plus offset of a query, of a prefetch, and limit of a scroll. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueryLimit { get; set; } = 10_000;

    /// <summary>Most queries of one batch. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxBatchQueries { get; set; } = 100;

    /// <summary>Most prefetches of one query, nested ones included. Default 32.</summary>
    [Range(1, 1_000)]
    public int MaxPrefetches { get; set; } = 32;

    /// <summary>Most conditions of one filter, nested ones and listed values included. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxFilterConditions { get; set; } = 10_000;

    /// <summary>Largest gRPC request in bytes. Default 64 MiB.</summary>
    [Range(1024, 512 * 1024 * 1024)]
    public int MaxRequestBytes { get; set; } = 64 * 1024 * 1024;
}
