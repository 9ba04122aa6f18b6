using Mesh.Vectors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Mesh.Vectors.Tests;

public sealed class VectorsDirectoryTests
{
    [Theory]
    [InlineData(null, null, "/content/.mesh/data/vectors")]
    [InlineData(null, "/var/mesh", "/var/mesh/vectors")]
    [InlineData(null, "data", "/content/data/vectors")]
    [InlineData("own", "/var/mesh", "/content/own")]
    [InlineData("/own", null, "/own")]
    public void Path_OfTheSettings_IsTheMostSpecific(string? own, string? mesh, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Mesh:DataDirectory", mesh)]).Build();
        var directory = new VectorsDirectory(Options.Create(new VectorsOptions { DataDirectory = own }), configuration, new HostingEnvironment { ContentRootPath = Path.GetFullPath("/content") });
        Assert.Equal(Path.GetFullPath(expected), directory.Path);
    }
}
