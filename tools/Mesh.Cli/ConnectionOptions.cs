using System.CommandLine;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Mesh.Cli;

/// <summary>Where the mesh is and who calls: shared by all commands.</summary>
internal sealed class ConnectionOptions
{
    /// <summary>What AppHost accepts on this machine; a deployed mesh has its own keys.</summary>
    private const string DevelopmentKey = "mesh-development-key";

    private readonly Option<Uri> _address = new("--address")
    {
        Description = "gRPC address of the Gateway (default: MESH_ADDRESS, else the one that AppHost starts on this machine)",
        CustomParser = given =>
        {
            if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                return address;
            given.AddError($"--address: '{given.Tokens[0].Value}' is no address such as http://localhost:8081");
            return null;
        },
        DefaultValueFactory = _ => new Uri(Environment.GetEnvironmentVariable("MESH_ADDRESS") ?? "http://localhost:8081"),
        Recursive = true,
    };

    // No default value: help would print it.
    private readonly Option<string?> _key = new("--key") { Description = "API key (default: MESH_API_KEY, else AppHost's development key)", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_address);
        root.Options.Add(_key);
    }

    /// <summary>Runs a command over a channel; a failed call is told with its status and ends with exit code 1.</summary>
    public async Task<int> RunAsync(ParseResult arguments, Func<CallInvoker, Task<int>> command)
    {
        var address = arguments.GetValue(_address)!;
        var key = arguments.GetValue(_key) ?? Environment.GetEnvironmentVariable("MESH_API_KEY") ?? DevelopmentKey;
        using var channel = GrpcChannel.ForAddress(address);
        var invoker = channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {key}");
            return headers;
        });
        try
        {
            return await command(invoker);
        }
        catch (RpcException e)
        {
            return Failure.Tell(e, address);
        }
    }
}
