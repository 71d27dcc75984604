using System.Net;
using System.Text.Json;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Turns an answer that is not success into an exception.</summary>
internal static class StatusReading
{
    public static KubernetesException ToException(ApiRequest request, HttpStatusCode code, byte[] body)
    {
        if (Parse(body) is { } status)
        {
            return ToException(request.ToString(), status, code);
        }

        var message = $"{request}: the server answered {(int)code} {code}, not in the form of the Kubernetes API";
        return new(ReasonOf(code), message, code, IsRetryable(code));
    }

    public static KubernetesException ToException(string what, Status status, HttpStatusCode? code = null)
    {
        var number = code ?? (HttpStatusCode)(status.Code ?? 500);
        var reason = status.Reason is { Length: > 0 } given ? given : ReasonOf(number);
        return new(reason, $"{what}: {reason}: {status.Message}", number, IsRetryable(number));
    }

    private static Status? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ResourceJson.Default.Status) is { Kind: "Status" } status ? status : null;
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
