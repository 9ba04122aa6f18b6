using System.ComponentModel.DataAnnotations;
using Mesh.Samples.Shop.Api.Http;
using Mesh.Samples.Shop.Api.Seeding;

namespace Mesh.Samples.Shop.Api.Admin;

/// <summary>How the shop misbehaves from now on; all zero is healthy.</summary>
/// <param name="DelayMs">Wait before answering, in milliseconds.</param>
/// <param name="FailRate">Share of the requests that fail, 0 to 1.</param>
/// <param name="Status">The HTTP status of a failure.</param>
/// <param name="LoseAnswer">Failing requests have their effect, but the connection breaks before the answer.</param>
/// <param name="Count">End after so many failures; 0 for no end.</param>
public sealed record Faults(
    [property: Range(0, 60_000)] int DelayMs = 0, [property: Range(0.0, 1.0)] double FailRate = 0, [property: Range(500, 599)] int Status = 503,
    bool LoseAnswer = false, [property: Range(0, 1_000_000)] int Count = 0);

/// <summary>Makes the API slow or broken on purpose, for tests of its callers.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock gate = new();
    private readonly SeedRandom random = new(7);
    private Faults faults = new();
    private int failures;

    public void Set(Faults wanted)
    {
        lock (gate)
            (faults, failures) = (wanted, 0);
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (now, fails) = Draw();
        if (now.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(now.DelayMs), TimeProvider.System, context.RequestAborted);
        if (!fails)
        {
            await next(context);
        }
        else if (now.LoseAnswer)
        {
            context.Response.Body = Stream.Null;
            await next(context);
            context.Abort();
        }
        else
        {
            throw new ShopProblemException(now.Status, "injected_fault", new("系统繁忙，请稍后再试。", "The shop is made to fail for a test."));
        }
    }

    private (Faults Now, bool Fails) Draw()
    {
        lock (gate)
        {
            var fails = faults.FailRate > 0 && (faults.Count == 0 || failures < faults.Count) && random.Next() / (double)ulong.MaxValue <= faults.FailRate;
            failures += fails ? 1 : 0;
            return (faults, fails);
        }
    }
}
