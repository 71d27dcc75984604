namespace SchemaGate.Kubernetes.Http;

/// <summary>Asks, where a request has to, whether it may still be sent: the package has no such question.</summary>
internal sealed class Fence : DelegatingHandler
{
    // Not earlier: a credential may have been long in coming, and a repeat is another sending.
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellation) =>
        ApiRequest.Of(message) is var request && request.Permitted?.Invoke() == false
            ? throw new KubernetesException(StatusReason.NotLeading, $"{request}: not sent, because this process does not lead")
            : base.SendAsync(message, cancellation);
}
