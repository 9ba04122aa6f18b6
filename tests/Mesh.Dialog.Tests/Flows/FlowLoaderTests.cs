using Mesh.Dialog.Flows;

namespace Mesh.Dialog.Tests.Flows;

public sealed class FlowLoaderTests
{
    private const string Slots = """
        version: 1
        slots:
          order_id: { type: order_id, title: { zh: 订单号, en: order number }, ask: { zh: 单号？, en: Number? } }
        """;

    [Fact]
    public void LoadFolder_ShopFlows_AreValidWithEnoughExamples()
    {
        var catalogue = FlowLoader.LoadFolder(Path.Combine(AppContext.BaseDirectory, "flows"));

        string[] expected = ["order_status", "track_order", "cancel_order", "change_address", "return_request", "refund_status", "invoice_request", "coupons", "product_search", "stock_check", "list_orders", "complaint"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), catalogue.Flows.Keys.Order(StringComparer.Ordinal));
        Assert.All(catalogue.Flows.Values, flow => Assert.True(flow.Examples.Zh.Count >= 5 && flow.Examples.En.Count >= 5, flow.Name));
        Assert.NotEmpty(catalogue.Revision);
    }

    [Fact]
    public void Load_ManyMistakes_ReportsEachWithItsLine()
    {
        const string yaml = """
            version: 1
            flows:
              track:
                title: { zh: 查, en: track }
                colour: red
                steps:
                  - collect: nothing
                  - tool: get
                    arguments: { a: "{{ unknown.x }}" }
                    on: { failed: nowhere }
                  - say: { zh: "{{ broken", en: fine }
                  - jump: x
                  - link: missing
                  - branch: [ { when: "a ==", next: end } ]
            """;

        var exception = Assert.Throws<InvalidFlowsException>(() => FlowLoader.Load([("a.yaml", Slots), ("b.yaml", yaml)]));

        Assert.All(exception.Errors, error => Assert.Equal("b.yaml", error.File));
        Assert.Equal([5, 7, 9, 10, 11, 12, 13, 14], exception.Errors.Select(error => error.Line).Distinct());
    }

    [Fact]
    public void Load_SlotTwice_IsRefused()
    {
        var exception = Assert.Throws<InvalidFlowsException>(() => FlowLoader.Load([("a.yaml", Slots), ("b.yaml", Slots)]));

        Assert.Contains("defined twice", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b")]
    [InlineData("version: 2")]
    [InlineData("version: 1\nflows: { a: { steps: [] } }")]
    [InlineData("a: [")]
    [InlineData("version: 1\nslots: { A: { type: nothing } }")]
    public void Load_Malformed_IsRefusedWithAReason(string yaml)
    {
        var exception = Assert.Throws<InvalidFlowsException>(() => FlowLoader.Load([("a.yaml", yaml)]));

        Assert.All(exception.Errors, error => Assert.True(error.Line >= 1 && error.Message.Length > 0));
    }

    [Fact]
    public void Load_TemplateThatLoopsTooLong_FailsWhenRenderedInsteadOfHanging()
    {
        const string yaml = """
            version: 1
            flows:
              a:
                title: { zh: 查, en: a }
                steps:
                  - say: { zh: "{% for i in (1..1000000) %}{% for j in (1..1000000) %}x{% endfor %}{% endfor %}", en: fine }
            """;
        var say = (SayStep)FlowLoader.Load([("a.yaml", yaml)]).Flows["a"].Steps[0];

        Assert.Throws<FlowFailedException>(() => say.Text.Zh.Render(new Dictionary<string, object?>()));
    }
}
