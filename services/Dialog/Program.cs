using Mesh.Dialog;
using Mesh.Dialog.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDialog();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<DialogGrpcService>();
app.Run();
