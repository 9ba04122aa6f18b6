namespace Mesh.Dialog.Tests.Understanding;

/// <summary>Where files of this checkout and of the machine's shared folder are.</summary>
internal static class Evaluation
{
    /// <summary>The repository's root: the nearest folder above with the central package list.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file beside the machine's model assets (environment MESH_ASSETS, or ../shared from the root); null when missing.</summary>
    public static string? SharedFile(string path)
    {
        var assets = Environment.GetEnvironmentVariable("MESH_ASSETS");
        string?[] candidates =
        [
            assets is { Length: > 0 } ? Path.Combine(assets, "..", path) : null,
            Path.Combine(Root, "..", "shared", path),
            // A worktree lies one folder deeper.
            Path.Combine(Root, "..", "..", "shared", path),
        ];
        return Array.Find(candidates, candidate => candidate is not null && File.Exists(candidate));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Directory.Packages.props above the tests");
    }
}

/// <summary>How honest probabilities are.</summary>
internal static class Calibration
{
    /// <summary>Expected calibration error over ten equal bins: the mean gap between what was claimed and what was right, weighted by size.</summary>
    public static double Error(IEnumerable<(double Claimed, bool Right)> answers)
    {
        var all = answers.ToArray();
        return all.GroupBy(answer => Math.Min(9, (int)(answer.Claimed * 10)))
            .Sum(bin => (double)bin.Count() / all.Length * Math.Abs(bin.Average(answer => answer.Claimed) - bin.Average(answer => answer.Right ? 1.0 : 0)));
    }
}
