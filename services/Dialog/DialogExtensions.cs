using Mesh.Dialog.Conversations;
using Mesh.Dialog.Events;
using Mesh.Dialog.Flows;
using Mesh.Dialog.Policy;
using Mesh.Dialog.Turns;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.Wording;
using Mesh.Embedding.V1;
using Mesh.Guard.V1;
using Mesh.Retrieval.V1;
using Mesh.Tools.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog;

internal static class DialogExtensions
{
    /// <summary>Everything that the dialog service is made of.</summary>
    public static void AddDialog(this IHostApplicationBuilder builder)
    {
        builder.AddMeshDatabase("dialog", EventStore.Migrations);
        builder.AddMeshClient<GuardService.GuardServiceClient>("guard");
        builder.AddMeshClient<RetrievalService.RetrievalServiceClient>("retrieval");
        builder.AddMeshClient<ToolsService.ToolsServiceClient>("tools");
        builder.AddMeshClient<EmbeddingService.EmbeddingServiceClient>("embedding");
        builder.Services.AddMeshOptions<DialogOptions>("Dialog");
        builder.Services.AddUnderstanding();

        builder.Services.AddSingleton(services => FlowLoader.LoadFolder(Path.GetFullPath(
            services.GetRequiredService<IOptions<DialogOptions>>().Value.FlowsFolder, builder.Environment.ContentRootPath)));
        builder.Services.AddSingleton<EventSignal>();
        builder.Services.AddSingleton<IEventStore, EventStore>();
        builder.Services.AddSingleton<EventTail>();
        builder.Services.AddSingleton<ConversationStore>();
        builder.Services.AddSingleton<ConversationGates>();
        builder.Services.AddSingleton<ConversationWriter>();

        builder.Services.AddSingleton<GuardGate>();
        builder.Services.AddSingleton<ToolSchemas>();
        builder.Services.AddSingleton<ToolCaller>();
        builder.Services.AddSingleton<IWording, ExtractiveWording>();
        builder.Services.AddSingleton<KnowledgeAnswers>();
        builder.Services.AddSingleton<HandOverDesk>();
        builder.Services.AddSingleton<Confirmations>();
        builder.Services.AddSingleton<FlowRunner>();
        builder.Services.AddSingleton<DialogPolicy>();
        builder.Services.AddSingleton<TurnPipeline>();
        builder.Services.AddSingleton<Replayer>();
        // Mistakes in the flows end the start, not the first turn.
        builder.Services.AddHostedService<FlowCheck>();
    }
}
