using System.Globalization;
using System.Text;
using System.Text.Json;

using Mesh.Guard.Profiles;
using Mesh.Guard.Text;

namespace Mesh.Guard.Output;

/// <summary>Everything that an answer may state, as sets to look claims up in.</summary>
internal sealed class EvidenceIndex(int utcOffsetMinutes)
{
    private readonly HashSet<(string Kind, decimal Value)> _quantities = [];
    private readonly HashSet<decimal> _plain = [];
    private readonly HashSet<decimal> _any = [];
    private readonly HashSet<decimal> _dates = [];
    private readonly HashSet<decimal> _times = [];
    private readonly HashSet<string> _digits = [];
    private readonly HashSet<string> _urls = [];
    private readonly HashSet<string> _identifiers = [];
    private readonly StringBuilder _compact = new();
    private string? _compactText;

    /// <summary>Lower-case letters and digits of all of it, for anything that is compared as a whole.</summary>
    public string Compact => _compactText ??= _compact.ToString();

    public void Add(NormalizedText text, IReadOnlyList<Identifier> identifiers)
    {
        var plain = text.Plain.Text;
        foreach (var (_, range) in IdentifierScanner.Find(plain, identifiers))
            _identifiers.Add(plain[range.Start..range.End].ToUpperInvariant());
        foreach (var claim in ClaimReader.Read(plain, [], counting: true, Moment))
            Add(claim);
        AddRuns(plain);
        foreach (var c in plain)
        {
            if (char.IsLetterOrDigit(c))
                _compact.Append(char.ToLowerInvariant(c));
        }

        _compact.Append('\n');
        _compactText = null;
        if (plain.AsSpan().TrimStart().StartsWith("{") || plain.AsSpan().TrimStart().StartsWith("["))
            AddJson(plain);
    }

    public bool HasIdentifier(string identifier) => _identifiers.Contains(identifier.ToUpperInvariant());

    /// <summary>Whether the evidence says so.</summary>
    public bool Supports(Claim claim) => claim.Kind switch
    {
        ClaimKind.Date => _dates.Contains(claim.Value) || (claim.Value >= 10000 ? _dates.Contains(claim.Value % 10000) && !_dates.Any(d => d >= 10000 && d % 10000 == claim.Value % 10000) : _dates.Any(d => d % 10000 == claim.Value)),
        ClaimKind.Time => _times.Contains(claim.Value) || (claim.Text.Length > 0 && _times.Contains(claim.Value + 720)) || _plain.Contains(Math.Floor(claim.Value / 60)) && claim.Value % 60 == 0 && claim.Text.Length > 0,
        ClaimKind.Url => _urls.Contains(claim.Text) || Compact.Contains(Letters(claim.Text), StringComparison.Ordinal),
        ClaimKind.Digits => _digits.Contains(claim.Text) || _any.Contains(Parse(claim.Text)),
        ClaimKind.Masked => MatchesMask(claim.Text),
        ClaimKind.Code => Compact.Contains(Letters(claim.Text), StringComparison.Ordinal),
        _ => claim.Unit is { } unit
            ? _quantities.Contains((unit.Kind, claim.Value * unit.Size)) || _plain.Contains(claim.Value)
            : _any.Contains(claim.Value),
    };

    private void Add(Claim claim)
    {
        switch (claim.Kind)
        {
            case ClaimKind.Date:
                _dates.Add(claim.Value);
                _quantities.Add(("calendar_month", Math.Floor(claim.Value / 100) % 100));
                if (claim.Value >= 10000)
                    _any.Add(Math.Floor(claim.Value / 10000));
                break;
            case ClaimKind.Time:
                _times.Add(claim.Value);
                break;
            case ClaimKind.Url:
                _urls.Add(claim.Text);
                break;
            case ClaimKind.Digits:
                _digits.Add(claim.Text);
                _plain.Add(Parse(claim.Text));
                _any.Add(Parse(claim.Text));
                break;
            case ClaimKind.Number or ClaimKind.Amount or ClaimKind.Percent:
                _any.Add(claim.Value);
                if (claim.Unit is { } unit)
                    _quantities.Add((unit.Kind, claim.Value * unit.Size));
                else
                    _plain.Add(claim.Value);
                break;
            default:
                break;
        }
    }

    private void AddRuns(string plain)
    {
        foreach (var run in Privacy.DigitRun.In(plain))
        {
            if (run.Digits(plain, 0, run.Groups.Count - 1, 40) is { Length: >= 7 } whole)
                _digits.Add(whole);
            foreach (var group in run.Groups)
            {
                if (group.Length >= 4)
                    _digits.Add(plain[group.Start..group.End]);
            }
        }
    }

    /// <summary>A time stamp may be told in the shop's own zone.</summary>
    private void Moment(DateTimeOffset moment)
    {
        var local = moment.ToOffset(TimeSpan.FromMinutes(utcOffsetMinutes));
        _dates.Add((local.Year * 10000) + (local.Month * 100) + local.Day);
        _quantities.Add(("calendar_month", local.Month));
        _times.Add((local.Hour * 60) + local.Minute);
    }

    private void AddJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            AddJson("", document.RootElement);
        }
        catch (JsonException)
        {
            // Evidence that only looks like JSON has been read as text already.
        }
    }

    private void AddJson(string name, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    AddJson(property.Name, property.Value);
                break;
            case JsonValueKind.Array:
                // "您有两个包裹": how many there are is in the evidence too.
                _plain.Add(element.GetArrayLength());
                _any.Add(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    AddJson(name, item);
                break;
            case JsonValueKind.Number when element.TryGetDecimal(out var value):
                _plain.Add(value);
                _any.Add(value);
                if (name.EndsWith("cents", StringComparison.OrdinalIgnoreCase) || name.EndsWith("fen", StringComparison.OrdinalIgnoreCase))
                {
                    _plain.Add(value / 100);
                    _any.Add(value / 100);
                }

                break;
            default:
                break;
        }
    }

    private bool MatchesMask(string mask)
    {
        var head = mask[..mask.IndexOf('*', StringComparison.Ordinal)];
        var tail = mask[(mask.LastIndexOf('*') + 1)..];
        return _digits.Any(d => d.StartsWith(head, StringComparison.Ordinal) && d.EndsWith(tail, StringComparison.Ordinal)) || Compact.Contains(head + tail, StringComparison.Ordinal);
    }

    private static decimal Parse(string digits) => decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
