var b = WebApplication.CreateBuilder(args);
b.Services.AddOpenApi();
var app = b.Build();
app.MapOpenApi();
app.MapGet("/x/{id}", (string id) => new X(id, 1m));
app.Run();
/// <summary>An x.</summary>
/// <param name="Id">Its id.</param>
/// <param name="V">Its v.</param>
public sealed record X(string Id, decimal V);
