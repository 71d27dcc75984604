using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Observing;

/// <summary>
/// What waits: of each gate, by kind, how many and since when; and altogether. An object that names two gates waits for both.
/// </summary>
internal sealed class Waiters
{
    private static readonly string[] s_kinds = ["deployment", "rollout", "statefulset", "daemonset", "pod"];

    private readonly Dictionary<(ObjectKey Gate, string Kind), (int Count, DateTimeOffset Since)> byGate = [];
    private readonly Dictionary<string, int> all = s_kinds.ToDictionary(kind => kind, _ => 0, StringComparer.Ordinal);

    private Waiters()
    {
    }

    /// <param name="view">The caches.</param>
    /// <param name="now">The time, since when what does not say since when it waits is taken to.</param>
    public static Waiters In(ClusterView view, DateTimeOffset now)
    {
        Waiters waiters = new();
        foreach (Api.Deployment deployment in view.Deployments.List(null))
        {
            waiters.Add(deployment.IsRollout ? "rollout" : "deployment", deployment.Metadata, deployment.Template.Requires);
        }

        foreach (Api.PodSet set in view.Sets.List(null))
        {
            waiters.Add(set.Type == Api.PodSet.StatefulSets ? "statefulset" : "daemonset", set.Metadata, set.Template.Requires);
        }

        foreach (Api.Pod pod in view.WaitingPods)
        {
            waiters.Add("pod", pod.Metadata, pod.Requires, pod.Metadata.CreationTimestamp.ToOffset() ?? now);
        }

        return waiters;
    }

    /// <param name="found">What it is added to.</param>
    /// <param name="listed">The gates of which there are series.</param>
    public void AddTo(Observation found, IReadOnlySet<ObjectKey> listed)
    {
        foreach ((string kind, int count) in all)
        {
            found.Add(Metrics.Held, count, Labels.Kind.Of(kind));
        }

        foreach (((ObjectKey gate, string kind), (int count, DateTimeOffset since)) in byGate)
        {
            if (!listed.Contains(gate))
            {
                continue;
            }

            KeyValuePair<string, object?>[] labels = [Labels.Namespace.Of(gate.Namespace), Labels.Gate.Of(gate.Name), Labels.Kind.Of(kind)];
            found.Add(Metrics.GateHeld, count, labels);
            found.Add(Metrics.GateHeldTimestamp, since.ToUnixTimeSeconds(), labels);
        }
    }

    /// <param name="found">What it is added to.</param>
    /// <param name="known">Every gate that there is.</param>
    public void AddMissingTo(Observation found, IReadOnlySet<ObjectKey> known)
    {
        IEnumerable<(string Namespace, DateTimeOffset Since)> missing = byGate.Where(waiting => !known.Contains(waiting.Key.Gate))
            .GroupBy(waiting => waiting.Key.Gate.Namespace, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Min(waiting => waiting.Value.Since)))
            .OrderBy(one => one.Item2).Take(Labels.MostNamespaces);
        foreach ((string ns, DateTimeOffset since) in missing)
        {
            found.Add(Metrics.GateMissingTimestamp, since.ToUnixTimeSeconds(), Labels.WaitingNamespace.Of(ns));
        }
    }

    private void Add(string kind, V1ObjectMeta metadata, string? requires)
    {
        if (metadata.DeletionTimestamp is null && Hold.FromJson(metadata.Annotations.Find(Names.Hold)) is { } hold)
        {
            Add(kind, metadata, requires, hold.Since);
        }
    }

    private void Add(string kind, V1ObjectMeta metadata, string? requires, DateTimeOffset began)
    {
        all[kind]++;
        foreach (string name in WorkloadReader.Gates(requires).Distinct(StringComparer.Ordinal))
        {
            (ObjectKey, string) key = (new(metadata.NamespaceProperty ?? "", name), kind);
            (int count, DateTimeOffset first) = byGate.GetValueOrDefault(key, (0, DateTimeOffset.MaxValue));
            byGate[key] = (count + 1, began < first ? began : first);
        }
    }
}
