namespace Mesh.Retrieval.Tests;

/// <summary>Development data beside the repository, never in it: <c>../shared/{kind}/{name}</c>, or below <c>MESH_ASSETS</c>' parent.</summary>
internal static class SharedFolder
{
    public static string? Find(string kind, string name)
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("MESH_ASSETS") is { Length: > 0 } assets)
            roots.Add(Path.Combine(assets, ".."));
        if (RepositoryRoot() is { } root)
            roots.AddRange([Path.Combine(root, "../shared"), Path.Combine(root, "../../shared")]);
        return roots.Select(folder => Path.Combine(folder, kind, name)).FirstOrDefault(Directory.Exists);
    }

    public static string? RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        return null;
    }
}
