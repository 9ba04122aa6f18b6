using System.Diagnostics;
using System.Text;
using CsCheck;
using Mesh.Retrieval.Documents;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Writer;

namespace Mesh.Retrieval.Tests;

/// <summary>What is not a document, or is one to do harm, is refused with a reason that a person understands.</summary>
public sealed class HostileDocumentTests
{
    [Fact]
    public void Docx_ZipBomb_IsRefusedBeforeItExpands()
    {
        var bomb = Office.Bomb("word/document.xml", 300L * 1024 * 1024);
        Assert.InRange(bomb.Length, 0, 4 * 1024 * 1024);

        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("expands to more than 64 MiB", Reading.Refusal("a.docx", bomb), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 8 * 1024 * 1024);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Fact]
    public void Docx_ArchiveThatLiesAboutItsSize_IsNeverExpanded()
    {
        var bomb = Office.Bomb("word/document.xml", 80L * 1024 * 1024);
        // The central directory and the entry's own header say 16 bytes where 80 MiB come out.
        var real = BitConverter.GetBytes(80 * 1024 * 1024);
        for (var at = bomb.AsSpan().IndexOf(real); at >= 0; at = bomb.AsSpan().IndexOf(real))
            BitConverter.GetBytes(16).CopyTo(bomb, at);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotEmpty(Reading.Refusal("a.docx", bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void Archive_TooManyEntriesOrTooDense_IsRefused()
    {
        Assert.Contains("entries", Reading.Refusal("a.docx", Office.Docx(Office.Paragraph("a")), new DocumentLimits { ArchiveEntries = 1 }), StringComparison.Ordinal);
        Assert.Contains("times its size", Reading.Refusal("a.docx", Office.Bomb("word/document.xml", 30L * 1024 * 1024, System.IO.Compression.CompressionLevel.SmallestSize)), StringComparison.Ordinal);
        Assert.Contains("lacks xl/workbook.xml", Reading.Refusal("a.xlsx", Office.Docx(Office.Paragraph("a"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Pdf_TenThousandPages_IsRefusedQuickly()
    {
        var builder = new PdfDocumentBuilder();
        for (var i = 0; i < 10_000; i++)
            builder.AddPage(PageSize.A6);
        var bytes = builder.Build();

        var started = Stopwatch.GetTimestamp();
        Assert.Contains("10,000 pages, allowed are 2,000", Reading.Refusal("long.pdf", bytes), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("a.md", "%PDF-1.7\n1 0 obj", "its bytes are a PDF document")]
    [InlineData("a.pdf", "# A heading", "is not a PDF document")]
    [InlineData("a.docx", "plain text", "is not a ZIP archive")]
    [InlineData("a.docx", "PK\u0003\u0004 nothing", "damaged")]
    [InlineData("a.pdf", "%PDF-1.7 nothing more", "damaged")]
    [InlineData("a.exe", "x", "no reader for '.exe'")]
    [InlineData("a", "x", "no extension")]
    [InlineData("a.txt", "a\0b", "zero bytes")]
    [InlineData("a.md", "", "it is empty")]
    [InlineData("a.md", " \n\n ", "holds no text")]
    [InlineData("a.md", "---\ntitle: [\n---\ntext", "front matter")]
    public void Read_WrongOrDamaged_SaysWhatIsWrong(string name, string content, string reason) =>
        Assert.Contains(reason, Reading.Refusal(name, Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);

    [Fact]
    public void Docx_Encrypted_IsRefused() =>
        Assert.Contains("encrypted", Reading.Refusal("a.docx", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0]), StringComparison.Ordinal);

    [Fact]
    public void Read_TooLarge_IsRefused() =>
        Assert.Contains("allowed are 1,000", Reading.Refusal("a.txt", new byte[1_001], new DocumentLimits { DocumentBytes = 1_000 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.html", "<div>")]
    [InlineData("a.html", "<ul><li>")]
    [InlineData("a.html", "<b>")]
    [InlineData("a.md", "> ")]
    [InlineData("a.md", "[")]
    public void Read_DeeplyNested_IsReadOrRefusedAndNeverCrashes(string name, string open)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 20_000)) + "text");
        try
        {
            Assert.Contains("text", Reading.Read(name, bytes).Document.Text, StringComparison.Ordinal);
        }
        catch (DocumentRefusedException refused)
        {
            Assert.Contains("nested", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_HiddenControls_AreLeftOut() =>
        Assert.Equal("退货abc", Reading.Read("a.txt", "退\u200B货\u202Eabc\u2066\u0007。。".Replace("。。", "", StringComparison.Ordinal)).Document.Text);

    [Fact]
    public void Read_AnyBytesUnderAnyName_AreReadOrRefused()
    {
        byte[][] seeds = [Office.Docx(Office.Heading(1, "保修"), Office.Table(["a", "b"], ["c", "d"])), Office.Xlsx(("s", [["a", "b"], ["c", "d"]])),
            Encoding.UTF8.GetBytes("question,answer\n\"a\",b\n"), Encoding.UTF8.GetBytes("# a\n\n| a | b |\n| - | - |\n| c | d |"), Encoding.UTF8.GetBytes("<table><tr><td rowspan=9>a</table>"), Pdf()];
        string[] names = ["a.docx", "a.xlsx", "a.csv", "a.md", "a.html", "a.pdf", "a.txt"];
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, names.Length - 1], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 6], Gen.Int[0, 100]).Sample((seed, name, changes, kept) =>
        {
            var bytes = seeds[seed].ToArray();
            foreach (var (at, value) in changes)
                bytes[at % bytes.Length] = value;
            try
            {
                Reading.Read(names[name], kept < 20 ? bytes[..(bytes.Length * kept / 20)] : bytes);
            }
            catch (DocumentRefusedException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }, iter: 400, seed: "0000000000001");

        static byte[] Pdf()
        {
            var builder = new PdfDocumentBuilder();
            builder.AddPage(PageSize.A6).AddText("Returns", 12, new UglyToad.PdfPig.Core.PdfPoint(20, 100), builder.AddStandard14Font(UglyToad.PdfPig.Fonts.Standard14Fonts.Standard14Font.Helvetica));
            return builder.Build();
        }
    }
}
