using System.Net;

namespace SchemaGate.Kubernetes;

/// <summary>
/// The one exception of this project: an answer of the API server other than success, an unreachable server,
/// or configuration that cannot be used. The message is a sentence for people and never holds a credential.
/// </summary>
public sealed class KubernetesException : Exception
{
    public KubernetesException(
        string reason, string message, HttpStatusCode? httpStatus = null, bool retryable = false, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
        HttpStatus = httpStatus;
        Retryable = retryable;
    }

    /// <summary>The reason of the metav1.Status, or one of this project's own; see <see cref="StatusReason"/>.</summary>
    public string Reason { get; }

    /// <summary>Null where no answer came.</summary>
    public HttpStatusCode? HttpStatus { get; }

    /// <summary>The same request, unchanged, may succeed later. A conflict is not retryable: it needs a fresh read first.</summary>
    public bool Retryable { get; }

    /// <summary>The server refused a change, not a read.</summary>
    public bool IsWrite { get; init; }

    /// <summary>How long the server asks to wait first; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
