using Mesh.Datasets;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatasets();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<DatasetsGrpcService>();
app.Run();
