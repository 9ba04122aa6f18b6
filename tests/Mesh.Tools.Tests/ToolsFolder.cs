namespace Mesh.Tools.Tests;

/// <summary>A tools.yaml with a document of its own.</summary>
internal sealed class ToolsFolder : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-tools-file-").FullName;

    /// <param name="tools">The tools of the source, as one line of YAML or indented by nothing.</param>
    /// <param name="more">Further lines of the source, indented by nothing.</param>
    public ToolsFolder(string openapi, string tools, Uri? address = null, string more = "", string hosts = "127.0.0.1")
    {
        System.IO.File.WriteAllText(Path.Combine(folder, "api.yaml"), openapi);
        System.IO.File.WriteAllText(File, $$"""
            allowed_hosts: ["{{hosts}}"]
            sources:
              test:
                {{(more.Contains("openapi:", StringComparison.Ordinal) ? "" : "openapi: { file: api.yaml }")}}
                address: {{address ?? new("http://127.0.0.1:1")}}
            {{Indent(more, 4)}}
                tools:
            {{Indent(tools, 6)}}
            """);
    }

    public string File => Path.Combine(folder, "tools.yaml");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string Indent(string text, int by) => string.Join('\n', text.Split('\n').Select(l => new string(' ', by) + l));
}
