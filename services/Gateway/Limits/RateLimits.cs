using System.Threading.RateLimiting;
using Mesh.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace Mesh.Gateway.Limits;

/// <summary>How much each caller may ask of the mesh. Counted in this process: with several replicas the bounds are that much wider.</summary>
internal sealed class RateLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _keys;
    private readonly PartitionedRateLimiter<string> _tenants;
    private readonly PartitionedRateLimiter<string> _sessionMessages;
    private readonly PartitionedRateLimiter<string> _sessionReads;
    private readonly PartitionedRateLimiter<string> _addressSessions;
    private readonly PartitionedRateLimiter<string> _openCalls;
    private readonly PartitionedRateLimiter<string> _openStreams;

    public RateLimits(IOptions<GatewayOptions> options)
    {
        var limits = options.Value.Limits;
        _keys = Buckets(limits.Key);
        _tenants = Buckets(limits.Tenant);
        _sessionMessages = Buckets(limits.SessionMessages);
        _sessionReads = Buckets(limits.SessionReads);
        _addressSessions = Buckets(limits.AddressSessions);
        _openCalls = Gates(limits.OpenCallsPerKey);
        _openStreams = Gates(limits.OpenStreamsPerSession);
    }

    /// <summary>Charges one call, or one message of a stream, to a key and its tenant.</summary>
    /// <exception cref="OverloadedException">One of them has asked too often.</exception>
    public void ChargeKey(string key, string tenant)
    {
        Charge(_keys, key, "this API key calls too often");
        Charge(_tenants, tenant, "the tenant calls too often");
    }

    /// <exception cref="OverloadedException">The session or its tenant has sent too much.</exception>
    public void ChargeMessage(string session, string tenant)
    {
        Charge(_sessionMessages, session, "too many messages");
        Charge(_tenants, tenant, "the tenant calls too often");
    }

    public void ChargeRead(string session) => Charge(_sessionReads, session, "too many requests");

    public void ChargeNewSession(string address) => Charge(_addressSessions, address, "too many new sessions");

    /// <summary>A place among a key's open calls, until disposed.</summary>
    public RateLimitLease OpenCall(string key) => Enter(_openCalls, key, "this API key has too many calls open");

    public RateLimitLease OpenStream(string session) => Enter(_openStreams, session, "too many event streams are open");

    private static void Charge(PartitionedRateLimiter<string> limiter, string partition, string message)
    {
        using var lease = Enter(limiter, partition, message);
    }

    private static RateLimitLease Enter(PartitionedRateLimiter<string> limiter, string partition, string message)
    {
        var lease = limiter.AttemptAcquire(partition);
        if (lease.IsAcquired) return lease;
        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero ? after : TimeSpan.FromSeconds(1);
        lease.Dispose();
        throw new OverloadedException(message, retryAfter);
    }

    private static PartitionedRateLimiter<string> Buckets(BucketOptions bucket)
    {
        // One token at a time: a bucket that is refilled once a minute would let its whole minute through at once.
        var perToken = TimeSpan.FromMinutes(1) / bucket.PerMinute;
        var atOnce = 1;
        if (perToken < TimeSpan.FromMilliseconds(100))
        {
            atOnce = (int)Math.Ceiling(TimeSpan.FromMilliseconds(100) / perToken);
            perToken *= atOnce;
        }
        return PartitionedRateLimiter.Create<string, string>(partition => RateLimitPartition.GetTokenBucketLimiter(partition, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = bucket.Burst,
            TokensPerPeriod = atOnce,
            ReplenishmentPeriod = perToken,
            QueueLimit = 0,
        }));
    }

    private static PartitionedRateLimiter<string> Gates(int permits) =>
        PartitionedRateLimiter.Create<string, string>(partition => RateLimitPartition.GetConcurrencyLimiter(partition, _ => new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = 0 }));

    public void Dispose()
    {
        foreach (var limiter in (ReadOnlySpan<PartitionedRateLimiter<string>>)[_keys, _tenants, _sessionMessages, _sessionReads, _addressSessions, _openCalls, _openStreams])
            limiter.Dispose();
    }
}
