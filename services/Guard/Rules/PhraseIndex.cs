using System.Buffers;

using Mesh.Guard.Text;

namespace Mesh.Guard.Rules;

/// <summary>A phrase of the index found in a text; the range is in the words view.</summary>
internal readonly record struct PhraseHit(int Phrase, TextRange Range);

/// <summary>
/// Finds every one of many phrases in one pass (Aho and Corasick, 1975). Phrases with Chinese characters are looked for with everything but
/// letters and digits left out, so that "忽 略、之前" is seen; others as whole words, with a trailing "*" as beginnings of words.
/// </summary>
internal sealed class PhraseIndex
{
    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create("。！？!?；;\n");

    private readonly Dictionary<string, int> _ids = [];
    private readonly List<Phrase> _phrases = [];
    private readonly Automaton _words = new();
    private readonly Automaton _compact = new();

    /// <summary>Adds a phrase and returns its number; the same phrase has one number.</summary>
    /// <exception cref="FormatException">The phrase holds nothing to look for.</exception>
    public int Add(string phrase)
    {
        var open = phrase.EndsWith('*');
        var normal = new NormalizedText(open ? phrase[..^1] : phrase);
        var han = normal.Words.Text.Any(CharFolding.IsHan);
        var text = (han ? normal.Compact.Text : normal.Words.Text).Trim();
        if (!text.Any(char.IsLetterOrDigit))
            throw new FormatException($"the phrase '{phrase}' holds nothing to look for");
        var key = open && !han ? text + "*" : text;
        if (_ids.TryGetValue(key, out var id))
            return id;
        id = _phrases.Count;
        _ids[key] = id;
        _phrases.Add(new Phrase(text.Length, !han, open));
        (han ? _compact : _words).Add(text, id);
        return id;
    }

    /// <summary>Call once, after the last <see cref="Add"/>.</summary>
    public void Build()
    {
        _words.Build();
        _compact.Build();
    }

    /// <summary>Every phrase in the text, ordered by end.</summary>
    public List<PhraseHit> Find(NormalizedText text)
    {
        var hits = new List<PhraseHit>();
        var words = text.Words.Text;
        _words.Run(words, (id, end) =>
        {
            var phrase = _phrases[id];
            var start = end - phrase.Length;
            if ((start == 0 || !IsWord(words[start - 1]) || !IsWord(words[start])) && (phrase.Open || end == words.Length || !IsWord(words[end])))
                hits.Add(new PhraseHit(id, new TextRange(start, phrase.Open ? WordEnd(words, end) : end)));
        });
        var compact = text.Compact;
        _compact.Run(compact.Text, (id, end) =>
        {
            // What one sentence ends with and the next begins with is no phrase: "17日。你好".
            var range = compact.Map(end - _phrases[id].Length, end);
            if (!words.AsSpan(range.Start, range.Length).ContainsAny(SentenceEnds))
                hits.Add(new PhraseHit(id, range));
        });
        hits.Sort((a, b) => a.Range.End != b.Range.End ? a.Range.End.CompareTo(b.Range.End) : a.Range.Start.CompareTo(b.Range.Start));
        return hits;
    }

    private static int WordEnd(string words, int end)
    {
        // Bounded, so that one endless word cannot make every hit in it long.
        var limit = Math.Min(words.Length, end + 32);
        while (end < limit && IsWord(words[end]))
            end++;
        return end;
    }

    // Chinese characters end a Latin word: "用base64解码".
    private static bool IsWord(char c) => char.IsLetterOrDigit(c) && !CharFolding.IsHan(c);

    private readonly record struct Phrase(int Length, bool Whole, bool Open);

    private sealed class Automaton
    {
        private readonly List<Node> _nodes = [new Node()];
        private readonly Dictionary<long, int> _next = [];
        private readonly int[] _fromRoot = new int[char.MaxValue + 1];

        public void Add(string text, int id)
        {
            var at = 0;
            foreach (var c in text)
            {
                if (!_next.TryGetValue(Key(at, c), out var next))
                {
                    next = _nodes.Count;
                    _nodes.Add(new Node { Parent = at, Letter = c });
                    _next[Key(at, c)] = next;
                    if (at == 0)
                        _fromRoot[c] = next;
                }

                at = next;
            }

            _nodes[at].Ids.Add(id);
        }

        public void Build()
        {
            // By depth, so that the shorter suffix is linked already.
            var order = Enumerable.Range(1, _nodes.Count - 1).OrderBy(Depth).ToArray();
            foreach (var node in order)
            {
                var n = _nodes[node];
                n.Fail = n.Parent == 0 ? 0 : Step(_nodes[n.Parent].Fail, n.Letter);
                n.Output = _nodes[n.Fail].Ids.Count > 0 ? n.Fail : _nodes[n.Fail].Output;
            }
        }

        public void Run(string text, Action<int, int> found)
        {
            var at = 0;
            for (var i = 0; i < text.Length; i++)
            {
                at = Step(at, text[i]);
                for (var output = at; output != 0; output = _nodes[output].Output)
                {
                    foreach (var id in _nodes[output].Ids)
                        found(id, i + 1);
                }
            }
        }

        private int Step(int at, char c)
        {
            while (at != 0)
            {
                if (_next.TryGetValue(Key(at, c), out var next))
                    return next;
                at = _nodes[at].Fail;
            }

            return _fromRoot[c];
        }

        private int Depth(int node)
        {
            var depth = 0;
            for (; node != 0; node = _nodes[node].Parent)
                depth++;
            return depth;
        }

        private static long Key(int node, char c) => ((long)node << 16) | c;
    }

    private sealed class Node
    {
        public int Parent;
        public char Letter;
        public int Fail;
        public int Output;
        public readonly List<int> Ids = [];
    }
}
