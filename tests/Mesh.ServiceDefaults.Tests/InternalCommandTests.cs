using System.Net;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.ServiceDefaults.Tests;

public sealed class InternalCommandTests
{
    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData(TestServer.Key, HttpStatusCode.OK)]
    public async Task Post_ByCredential_RunsOrIsRefused(string? key, HttpStatusCode expected)
    {
        var runs = 0;

        var status = await PostAsync(key, () => { runs++; return "done"; });

        Assert.Equal(expected, status);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, runs);
    }

    [Fact]
    public async Task Post_CommandRefuses_AnswersByTheErrorTable() =>
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(TestServer.Key, () => throw new NotFoundException("snapshot", "s1")));

    private static async Task<HttpStatusCode> PostAsync(string? key, Func<string> command)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Mesh:Internal:Key"] = TestServer.Key;
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.AddServiceDefaults();
        await using var app = builder.Build();
        app.MapInternalCommand("/admin/run", command);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(app.Urls.Single()), "/admin/run"));
        if (key is not null) request.Headers.Add(Caller.KeyHeader, key);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
