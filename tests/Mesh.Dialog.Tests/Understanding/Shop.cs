using Mesh.Dialog.Flows;
using Mesh.Dialog.Understanding;
using Mesh.Dialog.Understanding.Intents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Tests.Understanding;

/// <summary>The sample shop's flows and sentences, and understanding by words alone over them; made once for all tests.</summary>
internal static class Shop
{
    private static readonly Lazy<IntentModels> SharedModels = new(() => NewModels());

    public static FlowCatalogue Catalogue { get; } = FlowLoader.LoadFolder(Path.Combine(AppContext.BaseDirectory, "flows"));

    public static PhraseBook Book { get; } = PhraseBook.Load(Path.Combine(AppContext.BaseDirectory, "understanding.yaml"));

    public static IntentModels Models => SharedModels.Value;

    public static IUnderstanding Understanding { get; } = new LocalUnderstanding(Models);

    public static IntentModels NewModels(EmbeddingVectors? vectors = null) =>
        new(Book, vectors, Options.Create(new UnderstandingOptions()), NullLogger<IntentModels>.Instance);
}
