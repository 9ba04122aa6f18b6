using Mesh.Tools;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddTools();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapTools();
await app.RunAsync();
