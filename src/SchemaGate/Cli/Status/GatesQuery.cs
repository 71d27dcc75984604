using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Status;

/// <summary>Which gates are asked about.</summary>
/// <param name="Client">The cluster.</param>
/// <param name="Namespace">Null for all.</param>
/// <param name="Names">All of them where empty.</param>
/// <param name="Selector">Of their labels, as kubectl writes it; null for all.</param>
internal sealed record GatesQuery(KubernetesClient Client, string? Namespace, IReadOnlyList<string> Names, string? Selector)
{
    /// <summary>What is on record about them now.</summary>
    /// <exception cref="KubernetesException">The cluster could not be asked, or refuses.</exception>
    public async Task<GatesReport> ReadAsync(CancellationToken cancellation) =>
        new(Namespace, Names.Count > 0 ? await NamedAsync(cancellation) : await ListedAsync(cancellation));

    private async Task<List<GateLine>> NamedAsync(CancellationToken cancellation)
    {
        List<GateLine> lines = [];
        foreach (string name in Names)
        {
            SchemaGateResource? gate = await ClusterOptions.FindGateAsync(Client, Namespace!, name, cancellation);
            lines.Add(gate is null ? GateLine.Missing(new(Namespace!, name)) : GateLine.Of(gate));
        }

        return lines;
    }

    private async Task<List<GateLine>> ListedAsync(CancellationToken cancellation)
    {
        ResourceList<SchemaGateResource> list = await ClusterOptions.AskAsync(() => Client.ListAllAsync(
            SchemaGateResource.Resource, Namespace, new() { LabelSelector = Selector }, cancellation));
        return [.. list.Items.Select(GateLine.Of).OrderBy(gate => gate.Namespace, StringComparer.Ordinal)
            .ThenBy(gate => gate.Name, StringComparer.Ordinal)];
    }
}
