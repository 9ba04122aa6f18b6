using Mesh.Dialog.Understanding.Intents;
using Mesh.Embedding.V1;
using Microsoft.Extensions.Options;

namespace Mesh.Dialog.Understanding;

/// <summary>Puts understanding into the container.</summary>
public static class UnderstandingRegistration
{
    /// <summary>
    /// <see cref="IUnderstanding"/> over the flows' examples, the common sentences and the business's own. Needs the mesh client of the embedding service to be registered;
    /// without it, or when it is down, words alone decide.
    /// </summary>
    public static IServiceCollection AddUnderstanding(this IServiceCollection services)
    {
        services.AddMeshOptions<UnderstandingOptions>("Understanding");
        services.AddSingleton(provider =>
        {
            var file = provider.GetRequiredService<IOptions<UnderstandingOptions>>().Value.ExamplesFile;
            return file.Length == 0 ? PhraseBook.Common : PhraseBook.Load(Path.Combine(provider.GetRequiredService<IHostEnvironment>().ContentRootPath, file));
        });
        services.AddSingleton(provider => new IntentModels(
            provider.GetRequiredService<PhraseBook>(),
            provider.GetService<EmbeddingService.EmbeddingServiceClient>() is { } client
                ? ActivatorUtilities.CreateInstance<EmbeddingVectors>(provider, client)
                : null,
            provider.GetRequiredService<IOptions<UnderstandingOptions>>(),
            provider.GetRequiredService<ILogger<IntentModels>>()));
        services.AddSingleton<IUnderstanding, LocalUnderstanding>();
        services.AddHostedService<UnderstandingWarmUp>();
        services.AddHealthChecks().AddCheck<UnderstandingTrained>("understanding");
        return services;
    }
}
