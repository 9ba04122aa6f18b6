namespace Mesh.Dialog.Flows;

/// <summary>A fixed text in both languages of the platform.</summary>
public sealed record LocalText(string Zh, string En)
{
    /// <summary>The text in <paramref name="language"/>; anything but "en" is answered in Chinese, the platform's first language.</summary>
    public string In(string language) => language == "en" ? En : Zh;
}

/// <summary>Sentences by which customers express a wish, in both languages.</summary>
public sealed record Examples(IReadOnlyList<string> Zh, IReadOnlyList<string> En)
{
    public static readonly Examples None = new([], []);
}
