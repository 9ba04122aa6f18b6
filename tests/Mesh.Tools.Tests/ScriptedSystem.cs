using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mesh.Tools.Tests;

/// <summary>What a business system was sent.</summary>
internal sealed record Received(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A business system that does what a test tells it, on a real port.</summary>
internal sealed class ScriptedSystem : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedSystem(WebApplication app) => this.app = app;

    public Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => Json(context, 200, "{}");

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Uri Address => new(app.Urls.First());

    public static async Task<ScriptedSystem> StartAsync(Func<HttpContext, int, Task>? answer = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var system = new ScriptedSystem(app);
        if (answer is not null)
            system.Answer = answer;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            system.Requests.Enqueue(new(
                context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
            await system.Answer(context, system.Requests.Count);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return system;
    }

    public static Task Json(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
