using System.Net;

namespace SchemaGate.Operator;

/// <summary>How one operator process runs.</summary>
/// <param name="Kubeconfig">Null follows KUBECONFIG, then the pod's own account.</param>
/// <param name="Context">Null takes the current context.</param>
/// <param name="Namespace">Where the operator keeps its own Secret.</param>
/// <param name="Listen">The address on which the webhooks listen.</param>
/// <param name="Port">Their port.</param>
/// <param name="WebhookUrl">Where the API server reaches them.</param>
/// <param name="AllowPlainHttp">Whether gates may name registries over plain HTTP.</param>
internal sealed record OperatorOptions(
    string? Kubeconfig, string? Context, string Namespace, IPAddress Listen, int Port, Uri WebhookUrl, bool AllowPlainHttp)
{
    /// <summary>How many gates are reconciled at a time: each may wait for a registry and a database.</summary>
    public int Workers { get; init; } = 8;
}
