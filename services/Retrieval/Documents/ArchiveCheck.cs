using System.IO.Compression;

namespace Mesh.Retrieval.Documents;

/// <summary>
/// Holds an Office archive to the limits before any library expands it: first by what its directory declares, then by really inflating and counting, since
/// a directory can lie.
/// </summary>
internal static class ArchiveCheck
{
    /// <param name="mainPart">An entry that a document of this kind has.</param>
    /// <exception cref="DocumentRefusedException">Malformed, too large expanded, or another kind of archive.</exception>
    public static void Require(byte[] bytes, string mainPart, DocumentLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (archive.Entries.Count > limits.ArchiveEntries)
                throw new DocumentRefusedException($"archive has {archive.Entries.Count:N0} entries, allowed are {limits.ArchiveEntries:N0}");
            long declared = 0;
            foreach (var entry in archive.Entries)
            {
                declared += entry.Length;
                if (declared > limits.ArchiveExpandedBytes)
                    throw TooLarge(limits);
                if (entry.Length > 1024 * 1024 && entry.Length / Math.Max(1, entry.CompressedLength) > limits.ArchiveRatio)
                    throw new DocumentRefusedException($"an archive entry expands to more than {limits.ArchiveRatio:N0} times its size");
                if (entry.IsEncrypted)
                    throw new DocumentRefusedException("archive is encrypted");
            }
            if (archive.GetEntry(mainPart) is null)
                throw new DocumentRefusedException($"the archive is no document of this kind: it lacks {mainPart}");
            var buffer = new byte[81_920];
            long expanded = 0;
            foreach (var entry in archive.Entries)
            {
                using var stream = entry.Open();
                int read;
                while ((read = stream.Read(buffer)) > 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if ((expanded += read) > limits.ArchiveExpandedBytes)
                        throw TooLarge(limits);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or EndOfStreamException or IOException)
        {
            throw new DocumentRefusedException("archive is damaged", error);
        }
    }

    private static DocumentRefusedException TooLarge(DocumentLimits limits) =>
        new($"archive expands to more than {limits.ArchiveExpandedBytes / (1024 * 1024):N0} MiB");
}
