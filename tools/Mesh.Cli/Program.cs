using System.CommandLine;
using System.Text;
using Mesh.Cli;
using Mesh.Cli.Conversations;
using Mesh.Cli.Events;
using Mesh.Cli.Knowledge;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var connection = new ConnectionOptions();
var root = new RootCommand(
    """
    Talks to a running Mesh.

      mesh chat --customer 13800000001              talk in this terminal
      mesh ask --json "七天无理由怎么算"               one question, one JSON object
      mesh ingest ./documents                       make a folder the live knowledge
      mesh events --follow                          watch what is recorded

    Start a mesh on this machine with: dotnet run --project AppHost
    """)
{
    ChatCommand.Create(connection),
    AskCommand.Create(connection),
    IngestCommand.Create(connection),
    EventsCommand.Create(connection),
};
connection.AddTo(root);
return await root.Parse(args).InvokeAsync();
