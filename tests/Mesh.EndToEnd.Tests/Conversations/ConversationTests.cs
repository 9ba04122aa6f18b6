using Mesh.EndToEnd.Tests.Running;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Mesh.EndToEnd.Tests.Conversations;

/// <summary>The scripted conversations, played against the running mesh.</summary>
public sealed class ConversationTests(RunningMesh mesh)
{
    private static readonly Dictionary<string, Scenario> Scenarios = Read();

    public static IEnumerable<TheoryDataRow<string>> Names => Scenarios.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Conversation_AsScripted_GoesAsExpected(string name)
    {
        var scenario = Scenarios[name];
        var cancellationToken = TestContext.Current.CancellationToken;
        var conversation = new Chat(mesh, scenario.Customer);
        var check = new ScenarioCheck();
        try
        {
            for (var i = 0; i < scenario.Turns.Count; i++)
            {
                var turn = await PlayAsync(conversation, scenario.Turns[i], cancellationToken);
                check.Turn(i + 1, scenario.Turns[i].Expect, turn, conversation.Events);
            }

            foreach (var order in scenario.ShopAfter)
                await check.ShopAsync(mesh.Shop, scenario.Customer, order, cancellationToken);
        }
        finally
        {
            if (scenario.ShopAfter.Count > 0)
                await mesh.Shop.ResetAsync(CancellationToken.None);
        }

        if (check.Wrong.Count > 0 && scenario.KnownWrong is { } cause)
            Assert.Skip($"{cause}\n{string.Join('\n', check.Wrong)}\n\n{conversation}");
        if (check.Wrong.Count > 0)
            Assert.Fail($"{string.Join('\n', check.Wrong)}\n\n{conversation}");
        conversation.AssertRecordWhole();
    }

    private static Task<PlayedTurn> PlayAsync(Chat conversation, ScriptedTurn turn, CancellationToken cancellationToken) => turn switch
    {
        { Say: { } text } => conversation.SayAsync(text, cancellationToken, turn.ClientMessageId ?? ""),
        { Confirm: true } => conversation.PressAsync(approve: true, cancellationToken, turn.ClientMessageId ?? ""),
        { Deny: true } => conversation.PressAsync(approve: false, cancellationToken, turn.ClientMessageId ?? ""),
        { Agent: { } act } => conversation.PersonAsync(act, cancellationToken),
        _ => throw new InvalidDataException("a turn says nothing, presses nothing and no person acts"),
    };

    private static Dictionary<string, Scenario> Read()
    {
        var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
        return Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Conversations"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => yaml.Deserialize<List<Scenario>>(File.ReadAllText(file)))
            .ToDictionary(scenario => scenario.Name, StringComparer.Ordinal);
    }
}
