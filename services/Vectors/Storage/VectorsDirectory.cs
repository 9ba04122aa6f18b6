using Microsoft.Extensions.Options;

namespace Mesh.Vectors.Storage;

/// <summary>Where the database lies.</summary>
internal sealed class VectorsDirectory(IOptions<VectorsOptions> options, IConfiguration configuration, IHostEnvironment environment)
{
    public string Path { get; } = System.IO.Path.GetFullPath(
        options.Value.DataDirectory
            ?? System.IO.Path.Combine(configuration["Mesh:DataDirectory"] ?? System.IO.Path.Combine(".mesh", "data"), "vectors"),
        environment.ContentRootPath);
}
