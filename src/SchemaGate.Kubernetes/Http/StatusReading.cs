using System.Net;
using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Turns an answer that is not success into an exception.</summary>
internal static class StatusReading
{
    private const int MaxCauses = 10;
    private const int MaxMessageLength = 4096;

    public static KubernetesException ToException(ApiRequest request, HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var code = response.StatusCode;
        var retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } pause } => pause,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => (TimeSpan?)null,
        };
        if (Parse(body) is { } status)
        {
            return IsUnfit(request, code, status)
                ? new(StatusReason.Conflict, $"{request}: the patch does not fit the object, which has changed since it was read", code)
                : ToException(request.ToString(), status, code, retryAfter, request.Method != HttpMethod.Get);
        }

        var message = $"{request}: the server answered {(int)code} {code}, not in the form of the Kubernetes API";
        return new(ReasonOf(code), message, code, IsRetryable(code))
        {
            RetryAfter = retryAfter,
            IsWrite = request.Method != HttpMethod.Get,
        };
    }

    public static KubernetesException ToException(
        string what, V1Status status, HttpStatusCode? code = null, TimeSpan? retryAfter = null, bool isWrite = false)
    {
        var number = code ?? (HttpStatusCode)(status.Code ?? 500);
        var reason = status.Reason is { Length: > 0 } given ? given : ReasonOf(number);
        return new(reason, $"{what}: {reason}: {Words(status, number)}", number, IsRetryable(number))
        {
            RetryAfter = retryAfter ?? (status.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null),
            IsWrite = isWrite,
        };
    }

    // A test that fails is refused as an invalid object is, but for the causes: no field is wrong.
    private static bool IsUnfit(ApiRequest request, HttpStatusCode code, V1Status status) =>
        code == HttpStatusCode.UnprocessableEntity && request.ContentType == JsonPatch.ContentType
            && status.Details?.Causes is null or { Count: 0 };

    // The message mostly quotes its causes, but not always.
    private static string Words(V1Status status, HttpStatusCode code)
    {
        var message = SecretPaths.Without(status.Message ?? "");
        if (code == HttpStatusCode.Unauthorized)
        {
            return $"the server does not know who asks; the credential is missing, expired, or another cluster's ({message})";
        }

        var causes = (status.Details?.Causes ?? []).OfType<V1StatusCause>()
            .Where(cause => cause.Message is { Length: > 0 } why && !message.Contains(why, StringComparison.Ordinal))
            .Take(MaxCauses)
            .Select(cause => cause.Field is { Length: > 0 } field ? $"{field}: {cause.Message}" : cause.Message!);
        var words = SecretPaths.Without(string.Join("; ", causes.Prepend(message)));
        return words.Length <= MaxMessageLength ? words : words[..MaxMessageLength] + "…";
    }

    private static V1Status? Parse(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return ModelJson.Value(json.RootElement, ModelContext.Default.V1Status) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsRetryable(HttpStatusCode code) =>
        code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static string ReasonOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized => StatusReason.Unauthorized,
        HttpStatusCode.Forbidden => StatusReason.Forbidden,
        HttpStatusCode.NotFound => StatusReason.NotFound,
        HttpStatusCode.Conflict => StatusReason.Conflict,
        HttpStatusCode.Gone => StatusReason.Gone,
        HttpStatusCode.UnprocessableEntity => StatusReason.Invalid,
        HttpStatusCode.TooManyRequests => StatusReason.TooManyRequests,
        HttpStatusCode.GatewayTimeout => StatusReason.Timeout,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => StatusReason.ServiceUnavailable,
        HttpStatusCode.InternalServerError => StatusReason.InternalError,
        _ => code.ToString(),
    };
}
