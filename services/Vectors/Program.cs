using Mesh.Vectors;

var builder = WebApplication.CreateBuilder(args);
// Callers are Qdrant clients: they carry Qdrant's api-key, not the mesh's internal credential.
builder.AddServiceDefaults(internalCallersOnly: false);
builder.AddVectors();

var app = builder.Build();
app.MapVectors();
app.MapDefaultEndpoints();
await app.RunAsync();
