using System.Globalization;
using DocumentFormat.OpenXml.CustomProperties;
using DocumentFormat.OpenXml.Packaging;

namespace Mesh.Retrieval.Documents;

/// <summary>What an Office document says about itself: custom properties carry the names that Markdown has in its front matter, core properties the rest.</summary>
internal static class OfficeProperties
{
#pragma warning disable OOXML0001 // The interface is marked as experimental; both kinds of package hand out nothing else.
    public static DocumentMetadata Read(IPackageProperties core, CustomFilePropertiesPart? custom, DocumentBuilder builder)
#pragma warning restore OOXML0001
    {
        var fields = custom?.Properties?.Elements<CustomDocumentProperty>()
            .Where(property => property.Name?.Value is { Length: > 0 } && property.InnerText.Length > 0)
            .Select(property => new KeyValuePair<string, string>(property.Name!.Value!, property.InnerText)).ToList() ?? [];
        Add("title", core.Title);
        Add("language", core.Language);
        Add("category", core.Category);
        Add("category", core.Keywords);
        Add("revision", core.Version);
        Add("revision", core.Modified?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return FrontMatter.FromFields(fields, builder);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value) && !fields.Exists(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                fields.Add(new(name, value));
        }
    }
}
