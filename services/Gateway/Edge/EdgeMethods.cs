using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Mesh.Datasets.V1;
using Mesh.Dialog.V1;
using Mesh.Retrieval.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Mesh.Gateway.Edge;

/// <summary>One method that the edge knows.</summary>
/// <param name="Path">"/mesh.dialog.v1.DialogService/SendMessage".</param>
/// <param name="Service">Name of the service that answers it: "dialog".</param>
/// <param name="Scopes">Any one of them is enough; none: nobody outside may call it.</param>
/// <param name="Bounded">Whether the call is expected to end by itself and therefore always has a deadline.</param>
/// <param name="CountsMessages">Whether every message that the client sends is worth a call of its own.</param>
internal sealed record EdgeMethod(string Path, string Service, IReadOnlyList<string> Scopes, bool Bounded, bool CountsMessages);

/// <summary>What is reachable from outside, and for whom. A method that is not listed is refused, also when the contract gains it later.</summary>
internal static class EdgeMethods
{
    public const string Chat = "chat";
    public const string Agent = "agent";
    public const string Events = "events";
    public const string Knowledge = "knowledge";
    public const string Search = "search";
    public const string Datasets = "datasets";

    public static readonly FrozenSet<string> Scopes = [Chat, Agent, Events, Knowledge, Search, Datasets];

    // Service and method to the scopes of which one is needed.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DialogService/Converse"] = [Chat],
        ["DialogService/SendMessage"] = [Chat],
        ["DialogService/GetConversation"] = [Chat, Agent],
        ["DialogService/SubmitFeedback"] = [Chat],
        ["DialogService/ListConversations"] = [Agent],
        ["DialogService/TakeOver"] = [Agent],
        ["DialogService/HandBack"] = [Agent],
        ["DialogService/PostAgentMessage"] = [Agent],
        ["DialogService/TailEvents"] = [Events],
        ["DialogService/Replay"] = [Events],
        ["RetrievalService/Search"] = [Knowledge, Search],
        ["RetrievalService/GetPassage"] = [Knowledge, Search],
        ["RetrievalService/Ingest"] = [Knowledge],
        ["RetrievalService/DeleteDocument"] = [Knowledge],
        ["RetrievalService/ListDocuments"] = [Knowledge],
        ["RetrievalService/ListSnapshots"] = [Knowledge],
        ["RetrievalService/ActivateSnapshot"] = [Knowledge],
        ["RetrievalService/RollbackSnapshot"] = [Knowledge],
        ["RetrievalService/DiffSnapshots"] = [Knowledge],
        ["DatasetsService/GetStats"] = [Datasets],
        ["DatasetsService/Build"] = [Datasets],
        ["DatasetsService/List"] = [Datasets],
        ["DatasetsService/Export"] = [Datasets],
    };

    // Building a dataset or a snapshot takes as long as the material is large.
    private static readonly FrozenSet<string> Long = ["TailEvents", "Replay", "Export", "Build"];

    public static readonly IReadOnlyList<ServiceDescriptor> Services = [DialogService.Descriptor, RetrievalService.Descriptor, DatasetsService.Descriptor];

    public static readonly FrozenDictionary<string, EdgeMethod> ByPath = Services
        .SelectMany(service => service.Methods.Select(method => ToEdge(service, method)))
        .ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);

    private static EdgeMethod ToEdge(ServiceDescriptor service, MethodDescriptor method) => new(
        $"/{service.FullName}/{method.Name}",
        service.File.Package.Split('.')[1],
        Allowed.GetValueOrDefault($"{service.Name}/{method.Name}", []),
        Bounded: !method.IsClientStreaming && !Long.Contains(method.Name),
        CountsMessages: method.Name == "Converse");
}
