using Mesh.Embedding;

// ONNX Runtime keeps telemetry files under the home folder unless it is told not to, before its library is loaded.
Environment.SetEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1");

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEmbedding();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<EmbeddingGrpcService>();
app.Run();
