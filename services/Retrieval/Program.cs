using Mesh.Retrieval;
using Mesh.Retrieval.Snapshots;
using Mesh.ServiceDefaults.Callers;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRetrieval();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<RetrievalGrpcService>();
app.MapInternalCommand("/admin/reingest", (Seeder seeder, CancellationToken cancellationToken) => seeder.ReingestAsync(cancellationToken));
app.Run();
