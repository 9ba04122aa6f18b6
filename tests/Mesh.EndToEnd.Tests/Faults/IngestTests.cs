using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Mesh.EndToEnd.Tests.Conversations;
using Mesh.EndToEnd.Tests.Running;
using Mesh.Retrieval.V1;

namespace Mesh.EndToEnd.Tests.Faults;

/// <summary>Documents that must not come in, sent as an operator sends them.</summary>
public sealed class IngestTests(RunningMesh mesh)
{
    private const int PieceBytes = 200 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<byte[]>> Malformed => new()
    {
        { "bomb.docx", Bomb },
        { "truncated.docx", () => Bomb()[..2_000] },
        { "picture.pdf", () => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[500]] },
        { "text.xlsx", () => Encoding.UTF8.GetBytes("订单号,金额\nSO2026110001,12") },
        { "pages.pdf", () => Pages(10_000) },
        { "program.exe", () => [0x4D, 0x5A, .. new byte[500]] },
        { "empty.md", () => [] },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task Ingest_MalformedDocument_IsRefusedWithAReasonAndTheLiveSnapshotStays(string name, Func<byte[]> content)
    {
        var retrieval = mesh.Retrieval;
        var before = await LiveAsync(retrieval);

        var response = await IngestAsync(retrieval, name, content());

        var outcome = Assert.Single(response.Documents);
        Assert.Equal(DocumentOutcome.Types.Status.Refused, outcome.Status);
        Assert.NotEmpty(outcome.Reason);
        Assert.False(response.Activated);
        Assert.Equal(before, await LiveAsync(retrieval));
        var turn = await new Chat(mesh, "").SayAsync("洗衣机E20 水排不出去咋整", Cancelled);
        Assert.Contains(turn.Citations, citation => citation.DocumentId == "zh/products/washing-machine-wm10.pdf" && citation.SnapshotId == before.SnapshotId);
    }

    [Fact]
    public async Task Ingest_NewDocument_IsAnsweredFromAndRolledBack()
    {
        var retrieval = mesh.Retrieval;
        var before = await LiveAsync(retrieval);

        var response = await IngestAsync(retrieval, "zh/promotions/pets.md", Encoding.UTF8.GetBytes("# 宠物寄养服务\n\n云杉宠物寄养每天收费 66 元，猫狗都可以，需要提前三天预约，并带上免疫证。\n"));
        var after = await new Chat(mesh, "").SayAsync("你们宠物寄养一天多少钱", Cancelled);
        await retrieval.RollbackSnapshotAsync(new RollbackSnapshotRequest(), cancellationToken: Cancelled);

        Assert.True(response.Activated, response.Reason);
        Assert.Contains("66", after.Answer, StringComparison.Ordinal);
        Assert.Contains(after.Citations, citation => citation.DocumentId == "zh/promotions/pets.md" && citation.SnapshotId == response.Snapshot.SnapshotId);
        Assert.Equal(before.SnapshotId, (await LiveAsync(retrieval)).SnapshotId);
    }

    private static async Task<(string SnapshotId, int Documents, int Chunks)> LiveAsync(RetrievalService.RetrievalServiceClient retrieval)
    {
        var snapshots = await retrieval.ListSnapshotsAsync(new ListSnapshotsRequest(), cancellationToken: Cancelled);
        var live = Assert.Single(snapshots.Snapshots, snapshot => snapshot.State == Snapshot.Types.State.Live);
        return (live.SnapshotId, live.Documents, live.Chunks);
    }

    private static async Task<IngestResponse> IngestAsync(RetrievalService.RetrievalServiceClient retrieval, string name, byte[] content)
    {
        using var call = retrieval.Ingest(cancellationToken: Cancelled);
        await call.RequestStream.WriteAsync(
            new IngestRequest { Header = new IngestHeader { Mode = IngestHeader.Types.Mode.Merge, Activate = true, Strict = true, Note = "end-to-end test" } }, Cancelled);
        await call.RequestStream.WriteAsync(new IngestRequest { Document = new DocumentHeader { DocumentId = name } }, Cancelled);
        foreach (var piece in content.Chunk(PieceBytes))
            await call.RequestStream.WriteAsync(new IngestRequest { Content = ByteString.CopyFrom(piece) }, Cancelled);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    /// <summary>A .docx of 200 KB whose text is 200 MB.</summary>
    private static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""");
            Write(zip, "_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""");
            using var document = zip.CreateEntry("word/document.xml", CompressionLevel.Fastest).Open();
            document.Write("""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>"""u8);
            var megabyte = new byte[1024 * 1024];
            megabyte.AsSpan().Fill((byte)'a');
            for (var i = 0; i < 200; i++)
                document.Write(megabyte);
            document.Write("</w:t></w:r></w:p></w:body></w:document>"u8);
        }

        return file.ToArray();
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A well-formed PDF of so many empty pages.</summary>
    private static byte[] Pages(int count)
    {
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        void Add(string body)
        {
            offsets.Add(pdf.Length);
            pdf.Append(offsets.Count).Append(" 0 obj\n").Append(body).Append("\nendobj\n");
        }

        Add("<< /Type /Catalog /Pages 2 0 R >>");
        Add($"<< /Type /Pages /Count {count} /MediaBox [0 0 595 842] /Kids [{string.Join(' ', Enumerable.Range(3, count).Select(i => $"{i} 0 R"))}] >>");
        for (var i = 0; i < count; i++)
            Add("<< /Type /Page /Parent 2 0 R >>");
        var start = pdf.Length;
        pdf.Append("xref\n0 ").Append(offsets.Count + 1).Append("\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            pdf.Append(offset.ToString("D10", System.Globalization.CultureInfo.InvariantCulture)).Append(" 00000 n \n");
        pdf.Append("trailer\n<< /Size ").Append(offsets.Count + 1).Append(" /Root 1 0 R >>\nstartxref\n").Append(start).Append("\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
