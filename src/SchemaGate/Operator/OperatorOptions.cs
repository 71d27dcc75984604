using System.Net;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary>How one operator process runs.</summary>
/// <param name="Namespace">Where the operator keeps its own Secrets and its Lease.</param>
/// <param name="Listen">The address and port on which the webhooks listen, with TLS.</param>
/// <param name="Webhooks">Where the API server reaches them.</param>
internal sealed record OperatorOptions(string Namespace, IPEndPoint Listen, WebhookEndpoint Webhooks)
{
    /// <summary>Null follows KUBECONFIG, then the pod's own service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The kubeconfig's context; null takes the current one.</summary>
    public string? Context { get; init; }

    /// <summary>A Secret of <see cref="Namespace"/> with a certificate that somebody else renews; null: the operator's own.</summary>
    public string? CertificateSecret { get; init; }

    /// <summary>Health and readiness over plain HTTP, for the kubelet; null: beside the webhooks only.</summary>
    public IPEndPoint? HealthListen { get; init; }

    /// <summary>Where Prometheus asks for metrics, over plain HTTP and nothing else; null: nowhere.</summary>
    public IPEndPoint? MetricsListen { get; init; }

    /// <summary>Where people read pages of gates, over TLS; null: nowhere.</summary>
    public IPEndPoint? PagesListen { get; init; }

    /// <summary>Whether that is plain HTTP, for who has TLS before it.</summary>
    public bool ArePagesPlain { get; init; }

    /// <summary>The namespaces that the operator looks after; empty means all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Whether gates may name registries over plain HTTP.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>The registry hosts that gates may name; empty means every host but the refused addresses.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>The hosts that gates may tell (spec.notify); empty means every host but the refused addresses.</summary>
    public IReadOnlyList<string> Receivers { get; init; } = [];

    /// <summary>Certificates that registries may be signed by, beside the system's, PEM; null without.</summary>
    public string? RegistryAuthorities { get; init; }

    /// <summary>The image that runs migrations; null: the one that this process runs from.</summary>
    public string? RunnerImage { get; init; }

    /// <summary>The collector to which runs send their spans; null for none.</summary>
    public Uri? RunnerCollector { get; init; }

    /// <summary>The pod that this process runs in; null outside of a cluster.</summary>
    public ObjectKey? Pod { get; init; }

    /// <summary>How long a stopping process, no longer ready, still answers: until nobody sends it requests any more.</summary>
    public TimeSpan ShutdownDelay { get; init; }

    /// <summary>Who this process is among its replicas.</summary>
    public required string Identity { get; init; }

    /// <summary>
    /// How many gates are reconciled at a time, without those that take longer than a moment because they wait for a registry or a
    /// database; and how many of one namespace, with those.
    /// </summary>
    public int Workers { get; init; } = 8;
}
