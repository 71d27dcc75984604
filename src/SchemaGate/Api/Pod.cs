using System.Text.Json;
using k8s.Models;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What decisions need of a pod that is held, or is being made. It is its own template.</summary>
internal sealed record Pod : IMetadata<V1ObjectMeta>
{
    /// <summary>The init container of SchemaGate's by which a pod waits.</summary>
    public const string WaitContainer = "schemagate-wait";

    /// <summary>The scheduling gate of SchemaGate's by which a pod waits.</summary>
    public const string MigrationsGate = "schemagate.dev/migrations";

    /// <summary>Of a pod that a kubelet runs from a file, whatever the API server says of it.</summary>
    private const string Mirror = "kubernetes.io/config.mirror";

    public static ResourceType<Pod> Resource { get; } = new(
        "", "v1", "Pod", "pods", Namespaced: true, Read,
        _ => throw new NotSupportedException("a Pod is changed by a patch: this is only a part of it"));

    public required V1ObjectMeta Metadata { get; set; }

    public IReadOnlyList<string> SchedulingGates { get; init; } = [];

    public IReadOnlyList<string> InitContainers { get; init; } = [];

    /// <summary>Whether it has a node already, which no scheduler chooses any more.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>"Pending" while an init container runs, too; null before the API server has said any.</summary>
    public string? Phase { get; init; }

    /// <summary>Whether its condition Ready says so.</summary>
    public bool IsReady { get; init; }

    /// <summary>Takes away what is SchemaGate's own, and no other gate. An init container stays what it is.</summary>
    public JsonPatch Lifted
    {
        get
        {
            JsonPatch patch = JsonPatch.Empty.Remove(JsonPatch.PointerTo("metadata", "labels", Names.Held));
            int index = SchedulingGates.ToList().IndexOf(MigrationsGate);
            return index < 0 ? patch : patch
                .Test($"/spec/schedulingGates/{index}/name", MigrationsGate).Remove($"/spec/schedulingGates/{index}");
        }
    }

    /// <summary>By its label: a ReplicaSet's, or a copy of one.</summary>
    public bool IsBorn => ReplicaSet.HashLabels.Any(Metadata.Labels.ContainsKey);

    public bool IsStatic => Metadata.Annotations.ContainsKey(Mirror);

    /// <summary>None of its containers but those of its beginning has started.</summary>
    public bool IsPending => Phase is null or "Pending";

    /// <summary>By its label, or by the scheduling gate: somebody may have taken the label away.</summary>
    public bool IsHeld => Metadata.Labels.ContainsKey(Names.Held) || SchedulingGates.Contains(MigrationsGate, StringComparer.Ordinal);

    /// <summary>A StatefulSet's pod has it at the end of its name; 0 where there is none.</summary>
    public int Ordinal =>
        int.TryParse(Metadata.Name.AsSpan()[(Metadata.Name.AsSpan().LastIndexOf('-') + 1)..], out int ordinal) ? ordinal : 0;

    public string? Requires => Metadata.Annotations.Find(Names.Requires);

    public string? ApplicationName => Metadata.Annotations.Find(Names.ApplicationName);

    /// <summary>Whoever made it, else itself: what an event or a status names.</summary>
    public string Maker => Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller ?? false) is { } owner
        ? $"{owner.Kind.ToLowerInvariant()}/{owner.Name}"
        : $"pod/{Metadata.Name ?? Metadata.GenerateName}";

    private static Pod Read(JsonElement json)
    {
        JsonElement spec = json.Member("spec");
        return new()
        {
            Metadata = RawMetadata.Of(json),
            SchedulingGates = NamesOf(spec.Member("schedulingGates")),
            InitContainers = NamesOf(spec.Member("initContainers")),
            Phase = json.Member("status").Text("phase"),
            IsReady = json.Member("status").Member("conditions") is { ValueKind: JsonValueKind.Array } conditions
                && conditions.EnumerateArray().Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True"),
            IsPlaced = spec.Text("nodeName") is { Length: > 0 },
        };
    }

    private static IReadOnlyList<string> NamesOf(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(item => item.Text("name") ?? "")]
        : [];
}
