using Mesh.Dialog.Understanding;
using Mesh.Dialog.V1;
using CommandType = Mesh.Dialog.V1.Command.Types.Type;

namespace Mesh.Dialog.Tests.Fakes;

/// <summary>Commands that a test wrote by hand: "start track_order", "set order_id=SO1; start x", "affirm". Anything else cannot be handled.</summary>
internal sealed class FakeUnderstanding : IUnderstanding
{
    public List<UnderstandingInput> Inputs { get; } = [];
    public string Language { get; set; } = "zh";

    public Task<UnderstandingResult> UnderstandAsync(UnderstandingInput input, CancellationToken cancellationToken)
    {
        lock (Inputs)
            Inputs.Add(input);
        Command[] commands = [.. input.Text.Split(';', StringSplitOptions.TrimEntries).Select(Read)];
        return Task.FromResult(new UnderstandingResult(Language, commands, []));
    }

    private static Command Read(string text)
    {
        var (verb, rest) = text.Split(' ', 2) is [var first, var second] ? (first, second) : (text, "");
        var (name, value) = rest.Split('=', 2) is [var left, var right] ? (left, right) : (rest, "");
        var command = new Command
        {
            Score = 1,
            Type = verb switch
            {
                "start" => CommandType.StartFlow,
                "set" => CommandType.SetSlot,
                "correct" => CommandType.CorrectSlot,
                "cancel" => CommandType.CancelFlow,
                "clarify" => CommandType.Clarify,
                "ask" => CommandType.AskKnowledge,
                "chat" => CommandType.ChitChat,
                "person" => CommandType.HandOver,
                "affirm" => CommandType.Affirm,
                "deny" => CommandType.Deny,
                "repeat" => CommandType.Repeat,
                _ => CommandType.CannotHandle,
            },
        };
        if (command.Type == CommandType.AskKnowledge)
            command.Value = rest;
        else if (command.Type == CommandType.Clarify)
            command.Options.Add(rest.Split(','));
        else if (command.Type != CommandType.CannotHandle)
            (command.Name, command.Value) = (name, value);
        return command;
    }
}
