using System.Diagnostics;

using Google.Protobuf.Collections;

using Grpc.Core;

using Mesh.Common.V1;
using Mesh.Guard.Pseudonyms;
using Mesh.Guard.V1;
using Mesh.ServiceDefaults.Callers;
using Mesh.ServiceDefaults.Errors;

using Microsoft.Extensions.Options;

namespace Mesh.Guard.Checks;

/// <summary>mesh.guard.v1.GuardService.</summary>
internal sealed class GuardApi(Checker checker, Pseudonymizer pseudonyms, GuardMetrics metrics, TimeProvider time, IOptions<GuardOptions> options) : GuardService.GuardServiceBase
{
    private const int MaxTexts = 256;
    private const int MaxScope = 128;
    private const int MaxEvidence = 256;

    public override Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        Require.Defined(request.Stage, "stage");
        Require.Length(request.Text, "text", 1, options.Value.MaxTextChars);
        Require.Range(request.Evidence.Count, "evidence", 0, MaxEvidence);
        Require.Range(request.CustomerTexts.Count, "customer_texts", 0, MaxEvidence);
        Require.Range(request.Confidential.Count, "confidential", 0, MaxEvidence);
        var total = request.Evidence.Sum(e => (long)e.Text.Length) + request.CustomerTexts.Sum(t => (long)t.Length) + request.Confidential.Sum(t => (long)t.Length);
        if (total > options.Value.MaxRequestChars)
            throw new InvalidRequestException("evidence", $"with customer_texts and confidential it has {total} characters, at most {options.Value.MaxRequestChars} are allowed");
        var started = time.GetTimestamp();
        var response = checker.Check(context.GetCaller().TenantId, request);
        metrics.Checked(request.Stage, response, time.GetElapsedTime(started));
        foreach (var verdict in response.Verdicts)
            Activity.Current?.AddEvent(new ActivityEvent("mesh.guard.verdict", tags: new ActivityTagsCollection { ["scanner"] = verdict.Scanner, ["category"] = verdict.Category, ["score"] = verdict.Score }));
        return Task.FromResult(response);
    }

    public override async Task<RedactResponse> Redact(RedactRequest request, ServerCallContext context)
    {
        Limit(request.Texts, request.Scope);
        var tenant = context.GetCaller().TenantId;
        var found = request.Texts
            .Select(text => (Text: text, Found: checker.PersonalDataIn(tenant, text, Pseudonymizer.Existing(text)), Chinese: Checker.IsChinese(request.Language, text)))
            .ToList();
        var assigned = await pseudonyms.AssignAsync(tenant, request.Scope, found, context.CancellationToken);
        var response = new RedactResponse();
        for (var i = 0; i < found.Count; i++)
        {
            var replacements = assigned[i];
            var next = 0;
            var redacted = new RedactedText
            {
                Text = Pseudonymizer.Replace(found[i].Text, [.. replacements.Select(r => r.Data.Span)], _ => replacements[next++].Pseudonym),
            };
            redacted.Redactions.AddRange(replacements.Select(r => new Redaction
            {
                Category = r.Data.Category,
                Span = new TextSpan { Start = r.Data.Span.Start, End = r.Data.Span.End },
                Pseudonym = r.Pseudonym,
            }));
            response.Texts.Add(redacted);
        }

        return response;
    }

    public override async Task<RestoreResponse> Restore(RestoreRequest request, ServerCallContext context)
    {
        Limit(request.Texts, request.Scope);
        var (texts, unknown) = await pseudonyms.RestoreAsync(context.GetCaller().TenantId, request.Scope, request.Texts, context.CancellationToken);
        var response = new RestoreResponse();
        response.Texts.AddRange(texts);
        response.Unknown.AddRange(unknown);
        return response;
    }

    public override async Task<EraseResponse> Erase(EraseRequest request, ServerCallContext context)
    {
        Require.Length(request.Scope, "scope", 0, MaxScope);
        return new EraseResponse { Erased = await pseudonyms.EraseAsync(context.GetCaller().TenantId, request.Scope, context.CancellationToken) };
    }

    private void Limit(RepeatedField<string> texts, string scope)
    {
        Require.Range(texts.Count, "texts", 1, MaxTexts);
        Require.Length(scope, "scope", 0, MaxScope);
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
            Require.Length(text, $"texts[{i}]", 0, options.Value.MaxTextChars);
        var total = texts.Sum(t => (long)t.Length);
        if (total > options.Value.MaxRequestChars)
            throw new InvalidRequestException("texts", $"have {total} characters together, at most {options.Value.MaxRequestChars} are allowed");
    }
}
