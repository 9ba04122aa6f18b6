using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Retrieval.V1;
using Spectre.Console;

namespace Mesh.Cli.Knowledge;

internal static class IngestCommand
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>What a folder is searched for; Retrieval decides by the bytes what it really is.</summary>
    private static readonly string[] Extensions = [".md", ".html", ".htm", ".pdf", ".docx", ".xlsx", ".csv", ".txt"];

    public static System.CommandLine.Command Create(ConnectionOptions connection)
    {
        var path = new Argument<FileSystemInfo>("path") { Description = "A folder or a file: .md .html .pdf .docx .xlsx .csv .txt" };
        path.AcceptExistingOnly();
        var merge = new Option<bool>("--merge") { Description = "Keep the live documents and add or replace these (default: these replace all)" };
        var strict = new Option<bool>("--strict") { Description = "Refuse everything when one document is refused" };
        var stay = new Option<bool>("--no-activate") { Description = "Build the snapshot and leave the live one as it is" };
        var note = new Option<string>("--note") { Description = "A word about this snapshot", DefaultValueFactory = _ => "" };
        var command = new System.CommandLine.Command("ingest", "Makes documents a new snapshot of the knowledge base, beside the live one, and switches to it") { path, merge, strict, stay, note };
        command.SetAction((arguments, cancellationToken) => connection.RunAsync(arguments, async invoker =>
        {
            var header = new IngestHeader
            {
                Mode = arguments.GetValue(merge) ? IngestHeader.Types.Mode.Merge : IngestHeader.Types.Mode.Replace,
                Activate = !arguments.GetValue(stay),
                Strict = arguments.GetValue(strict),
                Note = arguments.GetValue(note),
            };
            var files = Find(arguments.GetValue(path)!).ToList();
            if (files.Count == 0)
            {
                await Console.Error.WriteLineAsync($"nothing to ingest: no file ends with {string.Join(' ', Extensions)}");
                return 1;
            }
            var response = await SendAsync(new RetrievalService.RetrievalServiceClient(invoker), header, files, cancellationToken);
            Show(response);
            return response.Documents.Any(d => d.Status == DocumentOutcome.Types.Status.Refused) || (header.Activate && !response.Activated) ? 1 : 0;
        }));
        return command;
    }

    private static IEnumerable<(string Id, FileInfo File)> Find(FileSystemInfo path) => path is DirectoryInfo folder
        ? folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => Extensions.Contains(f.Extension.ToLowerInvariant()) && !f.Name.StartsWith("README", StringComparison.OrdinalIgnoreCase))
            .Select(f => (Path.GetRelativePath(folder.FullName, f.FullName).Replace('\\', '/'), f))
            .OrderBy(f => f.Item1, StringComparer.Ordinal)
        : [(path.Name, (FileInfo)path)];

    private static async Task<IngestResponse> SendAsync(
        RetrievalService.RetrievalServiceClient retrieval, IngestHeader header, List<(string Id, FileInfo File)> files, CancellationToken cancellationToken)
    {
        using var call = retrieval.Ingest(cancellationToken: cancellationToken);
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("sending", maxValue: files.Count);
            try
            {
                await call.RequestStream.WriteAsync(new IngestRequest { Header = header }, cancellationToken);
                var piece = new byte[PieceBytes];
                foreach (var (id, file) in files)
                {
                    await call.RequestStream.WriteAsync(new IngestRequest { Document = new DocumentHeader { DocumentId = id, Source = "mesh ingest" } }, cancellationToken);
                    await using var content = file.OpenRead();
                    for (int read; (read = await content.ReadAsync(piece, cancellationToken)) > 0;)
                        await call.RequestStream.WriteAsync(new IngestRequest { Content = ByteString.CopyFrom(piece, 0, read) }, cancellationToken);
                    task.Increment(1);
                }
                await call.RequestStream.CompleteAsync();
            }
            catch (RpcException)
            {
                // The server has ended the call; its answer says why.
            }
        });
        return await call.ResponseAsync;
    }

    private static void Show(IngestResponse response)
    {
        var table = new Table().AddColumns("document", "outcome", "chunks", "reason");
        foreach (var document in response.Documents)
            table.AddRow(
                Markup.Escape(document.DocumentId), document.Status.ToString().ToLowerInvariant(), $"{document.Chunks}",
                Markup.Escape(string.Join("; ", document.Warnings.Prepend(document.Reason).Where(t => t.Length > 0))));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"snapshot {response.Snapshot.SnapshotId}: {response.Snapshot.Documents} documents, {response.Snapshot.Chunks} chunks, "
            + (response.Activated ? "live" : $"not live: {(response.Reason.Length > 0 ? response.Reason : "not asked for")}"));
    }
}
