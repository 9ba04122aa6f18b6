using Grpc.Core;
using Mesh.Guard.V1;
using GuardAction = Mesh.Guard.V1.Action;

namespace Mesh.Dialog.Tests.Fakes;

/// <summary>Allows everything but what a test says.</summary>
internal sealed class FakeGuard : GuardService.GuardServiceClient
{
    public Mood Mood { get; set; }

    /// <summary>Verdict by the text's beginning, input and output alike.</summary>
    public Dictionary<string, (string Scanner, GuardAction Action)> Verdicts { get; } = [];

    public List<CheckRequest> Requests { get; } = [];

    public override AsyncUnaryCall<CheckResponse> CheckAsync(CheckRequest request, CallOptions options) => Calls.Answer(async token =>
    {
        lock (Requests)
            Requests.Add(request);
        if (Mood == Mood.Down)
            return await Calls.Down<CheckResponse>();
        if (Mood == Mood.Hangs)
            return await Calls.Hang<CheckResponse>(token);
        var verdict = Verdicts.FirstOrDefault(entry => request.Text.Contains(entry.Key, StringComparison.Ordinal)).Value;
        if (verdict.Scanner is null)
            return new CheckResponse { Action = GuardAction.Allow };
        return new CheckResponse
        {
            Action = verdict.Action,
            Verdicts = { new Verdict { Scanner = verdict.Scanner, Category = "test", Score = 0.99, Threshold = 0.5, Action = verdict.Action } },
        };
    }, options);
}
