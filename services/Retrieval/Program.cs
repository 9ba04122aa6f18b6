using Mesh.Retrieval;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRetrieval();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<RetrievalGrpcService>();
app.Run();
