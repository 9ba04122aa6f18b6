using Grpc.AspNetCore.Server;
using Mesh.Vectors.Rpc;
using Mesh.Vectors.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Mesh.Vectors;

/// <summary>Composition of the service.</summary>
internal static class VectorsService
{
    private const int FrameBytes = 1024;

    public static WebApplicationBuilder AddVectors(this WebApplicationBuilder builder)
    {
        builder.Services.AddMeshOptions<VectorsOptions>(VectorsOptions.Section);
        builder.Services.AddOptions<GrpcServiceOptions>().Configure<IOptions<VectorsOptions>>((grpc, vectors) =>
        {
            grpc.MaxReceiveMessageSize = vectors.Value.MaxRequestBytes;
            grpc.MaxSendMessageSize = null; // A page of points with vectors is as large as its limit says.
        });
        // Room for the frame around the largest message; Kestrel's own default is less than that.
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<VectorsOptions>>((kestrel, vectors) =>
            kestrel.Limits.MaxRequestBodySize = vectors.Value.MaxRequestBytes + FrameBytes);
        builder.Services.AddHealthChecks().AddCheck<StoreReadiness>("vectors");
        builder.Services.AddSingleton<VectorsDirectory>();
        builder.Services.AddSingleton<VectorStore>();
        builder.Services.AddHostedService<StoreLoader>();
        builder.Services.AddSingleton<CallGuard>();
        builder.Services.AddSingleton<CollectionsRpc>();
        builder.Services.AddSingleton<PointsRpc>();
        builder.Services.AddSingleton<ServiceRpc>();
        return builder;
    }

    public static WebApplication MapVectors(this WebApplication app)
    {
        app.MapGrpcService(services => services.GetRequiredService<CollectionsRpc>().Bind());
        app.MapGrpcService(services => services.GetRequiredService<PointsRpc>().Bind());
        app.MapGrpcService(services => services.GetRequiredService<ServiceRpc>().Bind());
        app.MapGrpcService(services => services.GetRequiredService<ServiceRpc>().BindSnapshots());
        return app;
    }
}
