using System.CommandLine;
using System.Globalization;
using Mesh.Dialog.V1;

namespace Mesh.Cli.Conversations;

/// <summary>As whom and in which conversation: shared by chat and ask.</summary>
internal sealed class ConversationOptions
{
    private readonly Option<string> _customer = new("--customer")
    {
        Description = "Customer as whom to speak, as the business system knows them (the sample shop: a phone number); none for an anonymous visitor",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> _conversation = new("--conversation")
    {
        Description = "Conversation to go on with; none opens a new one",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> _locale = new("--locale")
    {
        Description = "Preferred language, for example zh-CN or en; none lets each message decide",
        DefaultValueFactory = _ => "",
    };

    public void AddTo(System.CommandLine.Command command)
    {
        command.Options.Add(_customer);
        command.Options.Add(_conversation);
        command.Options.Add(_locale);
    }

    public ConversationTarget Target(ParseResult arguments) => new()
    {
        CustomerId = arguments.GetValue(_customer),
        ConversationId = arguments.GetValue(_conversation),
        Channel = new Channel { Kind = "cli", Locale = arguments.GetValue(_locale) },
    };

    /// <summary>Unique for a message of this process.</summary>
    public static string NewMessageId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
}
