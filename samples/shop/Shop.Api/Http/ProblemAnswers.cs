using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Mesh.Samples.Shop.Api.Http;

/// <summary>Gives every error answer the shop's shape: problem details with a code.</summary>
internal sealed class ProblemAnswers(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            ShopProblemException refusal => Describe(refusal, LanguageOfRequest.Of(httpContext)),
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Detail = bad.Message },
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError },
        };
        httpContext.Response.StatusCode = problem.Status!.Value;
        return problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    public static ProblemDetails Describe(ShopProblemException refusal, Language language)
    {
        var problem = new ProblemDetails { Status = refusal.Status, Title = ReasonPhrases.GetReasonPhrase(refusal.Status), Detail = refusal.Text.In(language) };
        problem.Extensions["code"] = refusal.Code;
        foreach (var (name, value) in refusal.Details)
            problem.Extensions[name] = value;
        return problem;
    }

    /// <summary>Names errors that the framework answered by itself.</summary>
    public static void AddCode(ProblemDetailsContext context) =>
        context.ProblemDetails.Extensions.TryAdd("code", context.ProblemDetails.Status switch
        {
            StatusCodes.Status400BadRequest => "invalid_request",
            StatusCodes.Status401Unauthorized => "invalid_api_key",
            StatusCodes.Status404NotFound => "not_found",
            StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
            StatusCodes.Status413PayloadTooLarge => "request_too_large",
            StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
            _ => "internal_error",
        });
}
