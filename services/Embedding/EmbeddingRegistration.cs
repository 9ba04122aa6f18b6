namespace Mesh.Embedding;

internal static class EmbeddingRegistration
{
    public static WebApplicationBuilder AddEmbedding(this WebApplicationBuilder builder)
    {
        builder.Services.AddMeshOptions<EmbeddingOptions>("Embedding");
        builder.Services.AddSingleton<Encoders>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Encoders>());
        builder.Services.AddHealthChecks().AddCheck<Encoders>("encoder");
        builder.Services.AddSingleton<EmbeddingGrpcService>();
        return builder;
    }
}
