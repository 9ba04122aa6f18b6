using Mesh.Retrieval.Documents;

namespace Mesh.Retrieval.Chunks;

/// <summary>
/// Cuts a document along its structure: a chunk never crosses a heading, a table is its own chunk (in parts with the header repeated where it is large), a
/// question with its answer is one chunk, and running text is packed up to the size, cut between sentences.
/// </summary>
internal static class Chunker
{
    /// <summary>Changes when the same blocks give other chunks than before.</summary>
    public const string Version = "chunks-1";

    private const int MaxCharacters = 3_600;
    private const int MaxHeaderCharacters = 360;

    /// <exception cref="DocumentRefusedException">More chunks than allowed.</exception>
    public static List<Chunk> Cut(string documentId, ExtractedDocument document, ChunkingOptions options) => new Cutting(documentId, document, options).Run();

    private sealed class Cutting(string documentId, ExtractedDocument document, ChunkingOptions options)
    {
        private readonly List<Chunk> _chunks = [];
        private readonly List<(int Level, string Text)> _path = [];
        private readonly Dictionary<string, int> _ordinals = [];
        private readonly List<Block> _open = [];
        private Block? _bareHeading;

        public List<Chunk> Run()
        {
            foreach (var block in document.Blocks)
            {
                if (block.Kind == BlockKind.Heading)
                {
                    Flush();
                    EnterHeading(block);
                    continue;
                }
                _bareHeading = null;
                switch (block.Kind)
                {
                    case BlockKind.Faq:
                        Flush();
                        if (block.Span.Length <= MaxCharacters)
                            Add(ChunkKind.Faq, block.Span, block.Page, block);
                        else
                            AddWindows(block.Span, ChunkKind.Faq, block.Page, block);
                        break;
                    case BlockKind.Table:
                        Flush();
                        AddTable(block);
                        break;
                    default:
                        AddRunning(block);
                        break;
                }
            }
            Flush();
            FlushBareHeading();
            return _chunks;
        }

        private void EnterHeading(Block heading)
        {
            if (_bareHeading is { } bare && heading.Level <= bare.Level)
                FlushBareHeading();
            while (_path.Count > 0 && _path[^1].Level >= heading.Level)
                _path.RemoveAt(_path.Count - 1);
            _path.Add((heading.Level, document.Text[heading.Span.Start..heading.Span.End]));
            _bareHeading = heading;
        }

        /// <summary>A heading without anything under it is still something that can be found.</summary>
        private void FlushBareHeading()
        {
            if (_bareHeading is { } bare)
                AddWindows(bare.Span, ChunkKind.Text, bare.Page, bare);
            _bareHeading = null;
        }

        private void AddRunning(Block block)
        {
            if (_open.Count > 0 && !Fits(new Span(_open[0].Span.Start, block.Span.End)))
                Flush();
            if (Fits(block.Span))
                _open.Add(block);
            else
                AddWindows(block.Span, KindOf([block]), block.Page, block);
        }

        private void Flush()
        {
            if (_open.Count > 0)
                Add(KindOf(_open), new Span(_open[0].Span.Start, _open[^1].Span.End), _open[0].Page, _open[0]);
            _open.Clear();
        }

        private void AddTable(Block table)
        {
            if (Fits(table.Span))
            {
                Add(ChunkKind.Table, table.Span, table.Page, table);
                return;
            }
            var header = table.HasHeader && table.Parts[0].Length <= MaxHeaderCharacters ? table.Parts[0] : (Span?)null;
            Span? rows = null;
            foreach (var row in table.Parts)
            {
                var together = rows is { } open ? new Span(open.Start, row.End) : row;
                if (rows is { } full && !Fits(together))
                {
                    AddRows(full);
                    together = row;
                }
                rows = together;
            }
            if (rows is { } last)
                AddRows(last);

            void AddRows(Span span)
            {
                if (!Fits(span))
                    AddWindows(span, ChunkKind.Table, table.Page, table);
                else
                    Add(ChunkKind.Table, span, table.Page, table, header is { } repeated && span.Start > repeated.Start ? document.Text[repeated.Start..repeated.End] + "\n" : "");
            }
        }

        private void AddWindows(Span range, ChunkKind kind, int page, Block block)
        {
            Span? window = null;
            foreach (var sentence in Sentences.Split(document.Text, range).SelectMany(Pieces))
            {
                var together = window is { } open ? new Span(open.Start, sentence.End) : sentence;
                if (window is { } full && !Fits(together))
                {
                    Add(kind, full, page, block);
                    together = sentence;
                }
                window = together;
            }
            if (window is { } last)
                Add(kind, last, page, block);
        }

        /// <summary>A sentence without an end in reach is cut by length.</summary>
        private IEnumerable<Span> Pieces(Span sentence)
        {
            var start = sentence.Start;
            while (!Fits(new Span(start, sentence.End)))
            {
                var end = Math.Min(sentence.End, start + Math.Min(options.MaxUnits, MaxCharacters));
                if (char.IsHighSurrogate(document.Text[end - 1]))
                    end--;
                if (end >= sentence.End)
                    break;
                yield return new Span(start, end);
                start = end;
            }
            yield return new Span(start, sentence.End);
        }

        private bool Fits(Span span) => span.Length <= MaxCharacters && Sentences.Units(document.Text.AsSpan(span.Start, span.Length)) <= options.MaxUnits;

        private static ChunkKind KindOf(List<Block> blocks) => blocks.TrueForAll(block => block.Kind == BlockKind.List) ? ChunkKind.List : ChunkKind.Text;

        private void Add(ChunkKind kind, Span span, int page, Block block, string before = "")
        {
            while (span.Length > 0 && char.IsWhiteSpace(document.Text[span.Start]))
                span = span with { Start = span.Start + 1 };
            while (span.Length > 0 && char.IsWhiteSpace(document.Text[span.End - 1]))
                span = span with { End = span.End - 1 };
            if (span.Length == 0)
                return;
            if (_chunks.Count >= options.MaxChunks)
                throw new DocumentRefusedException($"it makes more than {options.MaxChunks:N0} chunks");
            string[] path = [.. _path.Select(heading => heading.Text)];
            // A list of questions has one section and is often reordered: there the question names the chunk.
            string[] named = kind == ChunkKind.Faq ? [.. path, block.Question] : path;
            var key = string.Join('\u001F', named);
            var ordinal = _ordinals.GetValueOrDefault(key);
            _ordinals[key] = ordinal + 1;
            _chunks.Add(new Chunk(Chunk.IdOf(documentId, named, ordinal), documentId, _chunks.Count, path, kind, span, page, before + document.Text[span.Start..span.End],
                block.Language.Length > 0 ? block.Language : document.Metadata.Language, block.Question, Limit(block.Answer)));
        }

        private static string Limit(string answer) => answer.Length <= MaxCharacters ? answer : answer[..MaxCharacters];
    }
}
