using Mesh.AppHost;
using Mesh.AppHost.Infrastructure;
using Mesh.AppHost.Running;

var builder = DistributedApplication.CreateBuilder(args);

// What stands under the services: embedded, containers or external (Mesh:Infrastructure).
var infrastructure = builder.AddInfrastructure();
var internalKey = builder.AddInternalKey();

// The sample that the default run serves: a small shop with its business API, documents, flows and rules.
var shop = builder.AddShopSample(infrastructure);

var guard = builder.AddProject<Projects.Guard>("guard")
    .AsMeshService(internalKey, infrastructure)
    .WithEnvironment("Guard__RulesFile", shop.Guard)
    .WithPseudonymKey();

var embedding = builder.AddProject<Projects.Embedding>("embedding")
    .AsMeshService(internalKey, infrastructure);

var retrieval = builder.AddProject<Projects.Retrieval>("retrieval")
    .AsMeshService(internalKey, infrastructure)
    .WithVectors(infrastructure)
    .WithReference(embedding).WaitFor(embedding)
    .WithReference(guard).WaitFor(guard)
    .WithEnvironment("Retrieval__Seed__Directory", shop.Knowledge)
    .WithReingestCommand(internalKey);

var tools = builder.AddProject<Projects.Tools>("tools")
    .AsMeshService(internalKey, infrastructure)
    .WithReference(shop.Api)
    .WithEnvironment("Tools__File", shop.Tools)
    .WithEnvironment("Tools__Secrets__shop-api-key", shop.ApiKey);

var dialog = builder.AddProject<Projects.Dialog>("dialog")
    .AsMeshService(internalKey, infrastructure)
    .WithLog(infrastructure)
    .WithReference(guard).WaitFor(guard)
    .WithReference(embedding).WaitFor(embedding)
    .WithReference(retrieval)
    .WithReference(tools).WaitFor(tools)
    .WithEnvironment("Dialog__FlowsFolder", shop.Flows)
    .WithEnvironment("Understanding__ExamplesFile", shop.Phrases);

var datasets = builder.AddProject<Projects.Datasets>("datasets")
    .AsMeshService(internalKey, infrastructure)
    .WithLog(infrastructure)
    .WithReference(dialog).WaitFor(dialog);

builder.AddProject<Projects.Gateway>("gateway")
    .AsMeshService(internalKey, infrastructure)
    .WithReference(dialog).WaitFor(dialog)
    .WithReference(retrieval).WaitFor(retrieval)
    .WithReference(datasets)
    .WithExternalHttpEndpoints()
    .WithCustomerAccess();

builder.AddRunningMesh();
builder.Build().Run();
