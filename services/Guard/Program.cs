using Mesh.Guard;
using Mesh.Guard.Checks;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGuard();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<GuardApi>();
app.Run();
