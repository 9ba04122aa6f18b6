using Mesh.Tools.Catalog;
using Mesh.Tools.Schemas;
using Mesh.Tools.V1;
using Status = Mesh.Tools.V1.ToolResult.Types.Status;

namespace Mesh.Tools.Tests;

/// <summary>What tools.yaml and its documents may say, and what is refused at the start.</summary>
public sealed class CatalogTests
{
    private const string Api = """
        openapi: 3.0.3
        info: { title: t, version: "1" }
        paths:
          /things:
            post:
              operationId: add_thing
              summary: Adds a thing.
              parameters:
                - { name: X-Actor, in: header, required: true, schema: { type: string } }
              requestBody:
                required: true
                content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }
              responses: { "201": { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
            get:
              operationId: list_things
              responses: { "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } } }
        components:
          schemas:
            Thing:
              type: object
              required: [name]
              properties:
                name: { type: string, nullable: true, maxLength: 5 }
                parts: { type: array, items: { $ref: '#/components/schemas/Thing' } }
                size: { $ref: '#/components/schemas/Size' }
            Size: { type: integer, minimum: 1 }
            Unused: { type: string }
        """;

    [Fact]
    public async Task Start_Version30WithReferences_BecomesJsonSchema()
    {
        await using var folder = new ToolsFolder(Api, "add_thing: { effect: write, confirm: { zh: 加 {{ name }} } }".Replace("{{ name }}", "", StringComparison.Ordinal), more: "bind: { X-Actor: customer.id }");
        await using var tools = await ToolsHost.StartAsync(folder.File);

        var tool = Assert.Single(await tools.ListAsync());

        var schema = StructJson.ToJson(tool.InputSchema);
        Assert.Equal(["name", "parts", "size"], schema["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["Size", "Thing"], schema["$defs"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        var contract = new JsonContract(schema);
        Assert.Empty(contract.Check(System.Text.Json.Nodes.JsonNode.Parse("""{"name":null,"size":1,"parts":[{"name":"a"}]}""")));
        Assert.Equal(
            ["/name", "/parts/0/name", "/parts/1/name", "/size"],
            contract.Check(System.Text.Json.Nodes.JsonNode.Parse("""{"name":"too long","size":0,"parts":[{},{"name":7}]}""")).Select(v => v.Field).Order(StringComparer.Ordinal));
        Assert.Equal("Adds a thing.", tool.Descriptions["en"]);
        Assert.True(tool.RequiresCustomer);
    }

    [Theory]
    [InlineData("list_thing: { effect: read }", "", "sources.test.tools.list_thing: the document has no operation 'list_thing'")]
    [InlineData("list_things: { effect: delete }", "", "sources.test.tools.list_things.effect is 'delete', allowed is read or write")]
    [InlineData("list_things: { effect: read, confirm: { zh: a } }", "", "sources.test.tools.list_things.confirm: nothing is asked before this tool")]
    [InlineData("list_things: { effect: read, limits: { timeout_ms: 5 } }", "", "sources.test.tools.list_things.limits.timeout_ms is 5, allowed is 50 to 120000")]
    [InlineData("list_things: { effect: read, pick: [name.x, price] }", "", "sources.test.tools.list_things.pick: the answer has no member 'price'")]
    [InlineData("add_thing: { effect: write, confirm: { zh: a } }", "", "sources.test.tools.add_thing: the parameter 'X-Actor' is required and is in the Header: bind it")]
    [InlineData("add_thing: { effect: write, confirm: { en: a } }", "bind: { X-Actor: customer.id }", "sources.test.tools.add_thing.confirm.zh is missing")]
    [InlineData("add_thing: { effect: write, confirm: { zh: '{% if %}' } }", "bind: { X-Actor: customer.id }", "sources.test.tools.add_thing.confirm.zh: ")]
    [InlineData("add_thing: { effect: write }", "bind: { X-Actor: customer.name }", "sources.test.bind.X-Actor: 'customer.name' is none of customer.id")]
    [InlineData("list_things: { effects: read }", "", "line 8: Property 'effects' not found")]
    [InlineData("list_things: { effect: read }", "openapi: { file: gone.yaml }", "sources.test.openapi.file: Could not find file")]
    [InlineData("list_things: { effect: read }", "openapi: { file: api.yaml, url: 'http://127.0.0.1/x' }", "sources.test.openapi needs either a file or a url")]
    [InlineData("list_things: { effect: read }", "credential: { header: X }", "sources.test.credential needs a header and a secret")]
    [InlineData("list_things: { effect: read }", "openapi: { url: 'http://10.0.0.1/x' }", "sources.test: the host '10.0.0.1' is not allowed")]
    public async Task Start_FaultyFile_IsRefusedWithThePlace(string tool, string more, string fault)
    {
        await using var folder = new ToolsFolder(Api, tool, more: more);

        var error = await Assert.ThrowsAsync<ToolsFileException>(() => ToolsHost.StartAsync(folder.File));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralFaults_NamesThemAll()
    {
        await using var folder = new ToolsFolder(Api, "a: { effect: read }\nb: { effect: read }");

        var error = await Assert.ThrowsAsync<ToolsFileException>(() => ToolsHost.StartAsync(folder.File));

        Assert.Equal(2, error.Faults.Count);
    }

    [Theory]
    [InlineData("not yaml: [")]
    [InlineData("openapi: 3.0.3\npaths: 7")]
    [InlineData("just text")]
    public async Task Start_NoOpenApiDocument_IsRefused(string document)
    {
        await using var folder = new ToolsFolder(document, "a: { effect: read }");

        await Assert.ThrowsAsync<ToolsFileException>(() => ToolsHost.StartAsync(folder.File));
    }

    [Fact]
    public async Task Start_HostNotAllowed_IsRefused()
    {
        await using var folder = new ToolsFolder(Api, "list_things: { effect: read }", new Uri("http://10.1.2.3"), hosts: "*.example.com");

        var error = await Assert.ThrowsAsync<ToolsFileException>(() => ToolsHost.StartAsync(folder.File));

        Assert.Contains("the host '10.1.2.3' is not allowed", error.Message, StringComparison.Ordinal);
        await using var allowed = await ToolsHost.StartAsync(folder.File, settings: ("Tools:AllowedHosts:0", "10.1.2.3"));
        Assert.True((await allowed.ListAsync()).Single().Available);
    }

    [Fact]
    public async Task Invoke_PrivateAddressUnderAWildcard_IsNotConnectedTo()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 200, "[]"));
        await using var folder = new ToolsFolder(Api, "list_things: { effect: read }", system.Address, hosts: "*.0.0.1");
        await using var tools = await ToolsHost.StartAsync(folder.File);

        var result = await tools.CallAsync("list_things");

        Assert.Equal((Status.Unavailable, "address_not_allowed"), (result.Status, result.ErrorCode));
        Assert.Empty(system.Requests);
    }

    [Fact]
    public async Task Start_SecretMissing_ListsTheToolsAsUnavailable()
    {
        await using var system = await ScriptedSystem.StartAsync();
        await using var folder = new ToolsFolder(Api, "list_things: { effect: read }", system.Address, "credential: { header: X-Key, secret: test-key }");
        await using var tools = await ToolsHost.StartAsync(folder.File);

        var tool = Assert.Single(await tools.ListAsync());
        var result = await tools.CallAsync("list_things");

        Assert.Equal((false, "the secret 'test-key' is not configured (Tools:Secrets:test-key)"), (tool.Available, tool.Reason));
        Assert.Equal((Status.Unavailable, "not_configured"), (result.Status, result.ErrorCode));
        Assert.Empty(system.Requests);
    }

    [Fact]
    public async Task Start_ToolsOfOneTenant_AreNotAnothers()
    {
        await using var folder = new ToolsFolder(Api, "list_things: { effect: read }", more: "tenants: [first]");
        await using var tools = await ToolsHost.StartAsync(folder.File);

        Assert.Single(await tools.ListAsync("first"));
        Assert.Empty(await tools.ListAsync("second"));
        Assert.Equal(
            Grpc.Core.StatusCode.NotFound, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => tools.InvokeAsync(ToolsHost.Request("list_things"), "second"))).StatusCode);
    }

    [Fact]
    public async Task Start_DocumentAtAnAddress_IsFetchedWhenItIsThere()
    {
        var there = false;
        await using var system = await ScriptedSystem.StartAsync((c, _) => c.Request.Path == "/openapi"
            ? there ? ScriptedSystem.Json(c, 200, Api, "application/yaml") : ScriptedSystem.Json(c, 503, "")
            : ScriptedSystem.Json(c, 200, """[{"name":"a"}]"""));
        await using var folder = new ToolsFolder(Api, "list_things: { effect: read, description: { zh: 列出 } }", system.Address, $"openapi: {{ url: {system.Address}openapi }}");
        await using var tools = await ToolsHost.StartAsync(folder.File, settings: ("Tools:DocumentRetrySeconds", "1"));

        var before = Assert.Single(await tools.ListAsync());
        var early = await tools.CallAsync("list_things");
        there = true;
        Tool after;
        do
        {
            // The document is fetched again every second; nothing but the list tells when it is there.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            after = Assert.Single(await tools.ListAsync());
        }
        while (!after.Available);

        Assert.Equal((false, "its OpenAPI document could not be fetched", "列出"), (before.Available, before.Reason, before.Descriptions["zh"]));
        Assert.Equal((Status.Unavailable, "not_described"), (early.Status, early.ErrorCode));
        Assert.Equal(Status.Ok, (await tools.CallAsync("list_things")).Status);
    }

    [Fact]
    public async Task Confirm_WriteThatCannotBeRepeated_IsSentOnceOnly()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 503, ""));
        await using var folder = new ToolsFolder(Api, "add_thing: { effect: write, confirm: { zh: 加吗 } }", system.Address, "bind: { X-Actor: customer.id }");
        await using var tools = await ToolsHost.StartAsync(folder.File);
        var asked = (await tools.InvokeAsync(ToolsHost.Request("add_thing", new { name = "a" }, "k"))).ConfirmationRequired;

        var first = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;
        var second = (await tools.ConfirmAsync(asked.ConfirmationId)).Result;

        Assert.Equal((Status.Unavailable, 1), (first.Status, first.Attempts));
        Assert.Equal((Status.Unavailable, "outcome_unknown"), (second.Status, second.ErrorCode));
        Assert.Single(system.Requests);
    }

    [Fact]
    public async Task Invoke_WriteWithoutQuestion_RunsAtOnceAndOnce()
    {
        await using var system = await ScriptedSystem.StartAsync((c, _) => ScriptedSystem.Json(c, 201, """{"name":"a"}"""));
        await using var folder = new ToolsFolder(Api, "add_thing: { effect: write, confirmation: false }", system.Address, "bind: { X-Actor: customer.id }");
        await using var tools = await ToolsHost.StartAsync(folder.File);

        var first = await tools.CallAsync("add_thing", new { name = "a" }, "k");
        var second = await tools.CallAsync("add_thing", new { name = "a" }, "k");

        Assert.Equal((Status.Ok, false), (first.Status, first.Replayed));
        Assert.Equal((Status.Ok, true), (second.Status, second.Replayed));
        Assert.Single(system.Requests);
    }
}
