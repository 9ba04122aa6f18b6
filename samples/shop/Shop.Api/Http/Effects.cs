using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Mesh.Samples.Shop.Api.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Mesh.Samples.Shop.Api.Http;

/// <summary>Who asks for an effect, and under which key.</summary>
/// <param name="Customer">The customer's phone number.</param>
/// <param name="Key">A key of the caller's choice, 8 to 200 characters: the same key and body are answered as the first time, without a second effect.</param>
/// <param name="AcceptLanguage">zh (default) or en: the language of names and messages.</param>
public sealed record EffectHeaders(
    [property: FromHeader(Name = "X-Customer-Id"), RegularExpression(CustomerHeader.Pattern)] string Customer,
    [property: FromHeader(Name = "Idempotency-Key"), StringLength(200, MinimumLength = 8)] string Key,
    [property: FromHeader(Name = "Accept-Language")] string? AcceptLanguage)
{
    internal Language Language => LanguageOfRequest.Parse(AcceptLanguage);
}

/// <summary>The header in which the caller says for which customer it asks.</summary>
public static class CustomerHeader
{
    public const string Name = "X-Customer-Id";
    public const string Pattern = "^1[0-9]{10}$";
}

/// <summary>Runs each effect once per customer and idempotency key: the effect and its answer are committed together.</summary>
internal sealed class Effects(ShopDatabase database, TimeProvider time, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    /// <summary>Runs <paramref name="effect"/>, or answers as it was answered under this key before.</summary>
    /// <exception cref="ShopProblemException">The key was used for another request (422 idempotency_key_reused).</exception>
    public IResult Run<TBody, TAnswer>(HttpContext context, EffectHeaders headers, TBody body, Func<SqliteConnection, TAnswer> effect)
    {
        var fingerprint = Fingerprint(context.Request, body);
        using var connection = database.Open();
        Recorded answer;
        using (var transaction = connection.BeginTransaction())
        {
            if (Find(connection, headers) is { } earlier)
                return Replay(context, earlier, fingerprint);
            try
            {
                answer = new(fingerprint, StatusCodes.Status200OK, JsonSerializer.Serialize(effect(connection), json.Value.SerializerOptions));
                Record(connection, headers, answer);
                transaction.Commit();
                return Answer(answer);
            }
            catch (ShopProblemException refusal)
            {
                transaction.Rollback();
                var problem = ProblemAnswers.Describe(refusal, headers.Language);
                answer = new(fingerprint, refusal.Status, JsonSerializer.Serialize(problem, json.Value.SerializerOptions));
            }
        }
        // A refusal is an answer too: the same key gets it again, even if the order has changed since.
        Record(connection, headers, answer);
        return Answer(answer);
    }

    private static IResult Replay(HttpContext context, Recorded earlier, string fingerprint)
    {
        if (earlier.Fingerprint != fingerprint)
        {
            throw new ShopProblemException(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
                new("这个 Idempotency-Key 已用于另一个请求。", "This Idempotency-Key was used for another request."));
        }

        context.Response.Headers["Idempotent-Replayed"] = "true";
        return Answer(earlier);
    }

    private static IResult Answer(Recorded answer) => Results.Content(
        answer.Body, answer.Status < 400 ? "application/json" : "application/problem+json", Encoding.UTF8, (int)answer.Status);

    private string Fingerprint<TBody>(HttpRequest request, TBody body) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{request.Method} {request.Path}\n{JsonSerializer.Serialize(body, json.Value.SerializerOptions)}")));

    private static Recorded? Find(SqliteConnection connection, EffectHeaders headers) => connection.QuerySingleOrDefault<Recorded>(
        "SELECT fingerprint, CAST(status AS INTEGER) AS status, body FROM idempotency WHERE customer = @Customer AND key = @Key",
        new { headers.Customer, headers.Key });

    private void Record(SqliteConnection connection, EffectHeaders headers, Recorded answer) => connection.Execute(
        "INSERT OR IGNORE INTO idempotency (customer, key, fingerprint, status, body, created_at) VALUES (@Customer, @Key, @Fingerprint, @Status, @Body, @At)",
        new { headers.Customer, headers.Key, answer.Fingerprint, answer.Status, answer.Body, At = time.GetUtcNow().ToUnixTimeSeconds() });

    private sealed record Recorded(string Fingerprint, long Status, string Body);
}
