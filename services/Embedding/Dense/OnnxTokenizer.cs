using Microsoft.ML.Tokenizers;

namespace Mesh.Embedding.Dense;

/// <summary>A sentence encoder's tokenizer without its special tokens, which <see cref="First"/>, <see cref="Last"/> and <see cref="Padding"/> name.</summary>
internal abstract class OnnxTokenizer
{
    public abstract int First { get; }

    public abstract int Last { get; }

    public abstract int Padding { get; }

    public abstract string File { get; }

    public abstract List<(int Id, string Piece)> Encode(string text);

    /// <summary>Opens what the folder holds, or says what was looked for.</summary>
    public static OnnxTokenizer Open(string directory)
    {
        foreach (var name in (string[])["sentencepiece.bpe.model", "sentencepiece.model", "spiece.model", "tokenizer.model"])
            if (System.IO.File.Exists(Path.Combine(directory, name)))
                return new XlmRobertaTokenizer(Path.Combine(directory, name));
        var vocabulary = Path.Combine(directory, "vocab.txt");
        return System.IO.File.Exists(vocabulary)
            ? new WordPiece(vocabulary)
            : throw new FileNotFoundException("The encoder's folder holds no SentencePiece model (sentencepiece.bpe.model) and no vocab.txt.");
    }

    /// <summary>
    /// SentencePiece as XLM-R numbers it (fairseq's layout): id + 1, the special tokens 0 to 3 first, neighbouring unknown pieces joined into one.
    /// </summary>
    private sealed class XlmRobertaTokenizer(string path) : OnnxTokenizer
    {
        private const int Unknown = 3;
        private readonly SentencePieceTokenizer _model = Load(path);

        public override int First => 0;

        public override int Last => 2;

        public override int Padding => 1;

        public override string File => path;

        public override List<(int Id, string Piece)> Encode(string text)
        {
            var result = new List<(int, string)>();
            foreach (var token in _model.EncodeToTokens(text, out _, addBeginningOfSentence: false, addEndOfSentence: false))
            {
                if (token.Id != _model.UnknownId)
                    result.Add((token.Id + 1, token.Value));
                else if (result is [.., (Unknown, var before)])
                    result[^1] = (Unknown, before + token.Value);
                else
                    result.Add((Unknown, token.Value));
            }
            return result;
        }

        private static SentencePieceTokenizer Load(string path)
        {
            using var stream = System.IO.File.OpenRead(path);
            return SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
        }
    }

    /// <summary>BERT's WordPiece, Chinese characters single.</summary>
    private sealed class WordPiece(string path) : OnnxTokenizer
    {
        private readonly BertTokenizer _model = BertTokenizer.Create(path);

        public override int First => _model.ClassificationTokenId;

        public override int Last => _model.SeparatorTokenId;

        public override int Padding => _model.PaddingTokenId;

        public override string File => path;

        public override List<(int Id, string Piece)> Encode(string text) =>
            [.. _model.EncodeToTokens(text, out _).Where(token => token.Id != First && token.Id != Last).Select(token => (token.Id, token.Value))];
    }
}
