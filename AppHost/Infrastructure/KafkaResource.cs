namespace Mesh.AppHost.Infrastructure;

/// <summary>A Kafka broker (KRaft, one node) in a container, with the connection string that Aspire.Hosting.Kafka produces (that package is not on every mirror).</summary>
internal sealed class KafkaResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    private EndpointReference? _broker;

    public EndpointReference Broker => _broker ??= new EndpointReference(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Broker.Property(EndpointProperty.HostAndPort)}");
}

internal static class KafkaExtensions
{
    private const int BrokerPort = 9092;

    public static IResourceBuilder<KafkaResource> AddKafka(this IDistributedApplicationBuilder builder, string name)
    {
        var kafka = builder.AddResource(new KafkaResource(name));
        return kafka
            .WithImage("apache/kafka", "4.1.0")
            .WithEndpoint(targetPort: BrokerPort, name: "tcp")
            .WithEnvironment("KAFKA_NODE_ID", "1")
            .WithEnvironment("KAFKA_PROCESS_ROLES", "broker,controller")
            .WithEnvironment("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
            .WithEnvironment("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093")
            .WithEnvironment("KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093")
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT")
            // Clients come back to the address that they are told, so it is the one that they were given.
            .WithEnvironment("KAFKA_ADVERTISED_LISTENERS", ReferenceExpression.Create($"PLAINTEXT://{kafka.Resource.Broker.Property(EndpointProperty.HostAndPort)}"))
            .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .WithEnvironment("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
            .WithVolume($"{name}-data", "/var/lib/kafka/data")
            .WithEnvironment("KAFKA_LOG_DIRS", "/var/lib/kafka/data");
    }
}
