using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Operator;

/// <summary>One type's caches: of the whole cluster, or one for each namespace that the operator may see.</summary>
internal sealed class NamespacedInformers<T>
    where T : class, IMetadata<V1ObjectMeta>
{
    /// <summary>By namespace; of the whole cluster under "".</summary>
    private readonly Dictionary<string, Informer<T>> informers;

    /// <summary>Whether the one there is sees the whole cluster: a namespace may be named "" by mistake.</summary>
    private readonly bool isWhole;
    private readonly string resource;

    /// <param name="client">The API server.</param>
    /// <param name="type">The objects' type.</param>
    /// <param name="options">How they are followed.</param>
    /// <param name="namespaces">Empty means every namespace.</param>
    /// <param name="changed">Told one change after the other.</param>
    public NamespacedInformers(
        KubernetesClient client, ResourceType<T> type, InformerOptions options, IReadOnlyList<string> namespaces,
        Action<InformerChange<T>> changed)
    {
        resource = type.Plural;
        isWhole = namespaces.Count == 0;
        informers = isWhole
            ? new(StringComparer.Ordinal) { [""] = new(client, type, options) }
            : namespaces.Distinct(StringComparer.Ordinal).ToDictionary(
                ns => ns, ns => new Informer<T>(client, type, options with { Namespace = ns }), StringComparer.Ordinal);
        foreach (Informer<T> informer in informers.Values)
        {
            informer.Changed += changed;
        }
    }

    /// <summary>
    /// Complete. One namespace of several that may not be seen keeps none of the others waiting: what is in it is closed.
    /// </summary>
    public bool Synced => informers.Values.All(informer => informer.Synced || informer.Refused is not null)
        && informers.Values.Any(informer => informer.Synced);

    /// <summary>Why nothing is known of a namespace (null: of one of them); null where something is.</summary>
    public string? Refused(string? ns) => ns is null
        ? informers.Values.Select(informer => informer.Refused).FirstOrDefault(refusal => refusal is not null)
        : In(ns)?.Refused;

    public Task RunAsync(CancellationToken cancellation)
        => Task.WhenAll(informers.Values.Select(informer => informer.RunAsync(cancellation)));

    public T? Get(string? ns, string name) => In(ns)?.Get(ns, name);

    /// <summary>Null means everything that is followed.</summary>
    public IEnumerable<T> List(string? ns)
        => ns is null ? informers.Values.SelectMany(informer => informer.List()) : In(ns)?.List(ns) ?? [];

    /// <summary>How well they follow.</summary>
    public InformerHealth Health => new(
        resource, informers.Values.Max(informer => informer.Staleness), informers.Values.Sum(informer => informer.Restarts),
        informers.Values.Sum(informer => informer.Count));

    private Informer<T>? In(string? ns) => informers.GetValueOrDefault(isWhole ? "" : ns ?? "");
}
