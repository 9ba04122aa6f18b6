using System.CommandLine;
using Mesh.Benchmarks;

return await new RootCommand("Measures a running mesh (dotnet run --project AppHost). Numbers compare within one run only: machines differ and are noisy.")
{
    TurnBenchmark.Create(),
}.Parse(args).InvokeAsync();
