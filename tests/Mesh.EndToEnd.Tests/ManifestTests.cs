using System.Diagnostics;
using System.Reflection;

namespace Mesh.EndToEnd.Tests;

/// <summary>The committed manifest is what Aspire's publisher writes today.</summary>
public sealed class ManifestTests
{
    private const string Command = "dotnet run --project AppHost -- --publisher manifest --output-path ../aspire-manifest.json";

    [Fact]
    public async Task CommittedManifest_PublishedAgain_IsTheSame()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var root = Root();
        var committed = Path.Combine(root, "aspire-manifest.json");
        // Paths in the manifest are relative to where it lies, so the new one lies beside the committed one.
        var published = Path.Combine(root, $"aspire-manifest.{Environment.ProcessId}.json");
        try
        {
            var configuration = typeof(ManifestTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            var output = await RunAsync(root, ["run", "--no-build", "--configuration", configuration, "--project", "AppHost", "--", "--publisher", "manifest", "--output-path", published], cancellationToken);

            // The publisher exits with 0 when it failed, too: only the file tells.
            Assert.True(File.Exists(published), $"nothing was published:\n{output}");
            Assert.True(File.Exists(committed), $"aspire-manifest.json is not at the root; write it with: {Command}");
            Assert.True(
                await File.ReadAllTextAsync(published, cancellationToken) == await File.ReadAllTextAsync(committed, cancellationToken),
                $"aspire-manifest.json is not what AppHost publishes now; write it again with: {Command}");
        }
        finally
        {
            File.Delete(published);
        }
    }

    private static async Task<string> RunAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return await output + await errors;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mesh.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new DirectoryNotFoundException("Mesh.sln is in no folder above the tests");
        return folder;
    }
}
