using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Uninstall;

/// <summary>What SchemaGate leaves on the objects of one kind, and how it is taken off. Another kind is another entry.</summary>
/// <param name="Word">As kubectl names the kind: <c>deployment</c>.</param>
/// <param name="Type">Whole: what is to be read differs from kind to kind.</param>
/// <param name="Selector">The labels of the objects that may have something left; null where only the object itself tells.</param>
/// <param name="Find">What is left on an object; null where nothing is.</param>
internal sealed record LiftedKind(string Word, ResourceType<RawObject> Type, string? Selector, Func<RawObject, Leftover?> Find)
{
    /// <summary>
    /// In the order of lifting: the Deployment controller copies a Deployment's annotations to its ReplicaSets as long as they are there.
    /// </summary>
    public static IReadOnlyList<LiftedKind> All { get; } =
    [
        // A label may have been removed since: then only the annotation tells.
        new("deployment", RawObject.Whole(Deployment.Resource), Selector: null, raw => OfDeployment(Deployment.Resource, raw)),
        new("rollout", RawObject.Whole(Deployment.Rollouts), Selector: null, raw => OfDeployment(Deployment.Rollouts, raw)),
        // A ReplicaSet has its template's labels.
        new("replicaset", RawObject.Whole(ReplicaSet.Resource), Names.Gated, raw => Leftover.Of(raw, Annotations(raw))),
        // A set's controller copies its annotations to a new revision.
        new("statefulset", RawObject.Whole(PodSet.StatefulSets), Selector: null, raw => OfSet(PodSet.StatefulSets, raw)),
        new("daemonset", RawObject.Whole(PodSet.DaemonSets), Selector: null, raw => OfSet(PodSet.DaemonSets, raw)),
        new(
            "controllerrevision", RawObject.Whole(ControllerRevision.Resource), Names.Gated,
            raw => Leftover.Of(raw, Annotations(raw))),
        new("pod", RawObject.Whole(Pod.Resource), Names.Held, OfPod),
    ];

    private static readonly (string Annotation, string Word)[] s_annotations =
    [
        (Names.Hold, "hold"), (Names.Released, "record"), (Names.Woken, "wake"), (Names.Traceparent, "trace"),
    ];

    /// <summary>As the end of a hold would leave it: with the pause that its owner wants, and no note.</summary>
    private static Leftover? OfDeployment(ResourceType<Deployment> type, RawObject raw)
    {
        Deployment deployment = type.Read(raw.Content);
        IDictionary<string, string> annotations = deployment.Metadata.Annotations;
        Workload workload = new(
            Gated: true, deployment.Template.Gated, deployment.Paused, annotations.Find(Names.Paused) == "true", deployment.Template.Hash,
            deployment.Template.Requires, Hold.FromJson(annotations.Find(Names.Hold)), Record: null)
        {
            HistoryLimit = deployment.HistoryLimit,
        };
        Pause pause = Pause.For(new HoldOutcome.Pass(), workload, before: null, needed: false, DateTimeOffset.MinValue);
        List<Removal> removals = Annotations(raw);
        if (pause.Paused != workload.Paused)
        {
            removals.Add(new("pause", pause.Paused
                ? JsonPatch.Empty.Add("/spec/paused", true)
                : JsonPatch.Empty.Remove("/spec/paused")));
        }

        if (pause.HistoryLimit is { } limit && limit != workload.HistoryLimit)
        {
            removals.Add(new("history limit", JsonPatch.Empty.Add("/spec/revisionHistoryLimit", limit)));
        }

        return removals.Count == 0 && WaitsForBirth(deployment) ? Leftover.Waiting(raw) : Leftover.Of(raw, removals);
    }

    /// <summary>As the end of a hold would leave it: with the partition that its owner wants, no label, no note.</summary>
    private static Leftover? OfSet(ResourceType<PodSet> type, RawObject raw)
    {
        PodSet set = type.Read(raw.Content);
        List<Removal> removals = Annotations(raw);
        if (set.Metadata.Labels.ContainsKey(Names.Held))
        {
            removals.Add(new("label", JsonPatch.Empty.Remove(JsonPatch.PointerTo("metadata", "labels", Names.Held))));
            if (set.Partition == Pause.AboveAnyOrdinal)
            {
                Hold? hold = Hold.FromJson(set.Metadata.Annotations.Find(Names.Hold));
                removals.Add(new("partition", set.Parted(hold?.Partition?.Value)));
            }
        }

        return Leftover.Of(raw, removals);
    }

    /// <summary>
    /// An init container cannot be taken off a pod, and nobody will answer it any more: whoever made the pod makes another, which waits for
    /// nothing. At once, or a Job would count it as failed.
    /// </summary>
    private static Leftover? OfPod(RawObject raw)
    {
        Pod pod = Pod.Resource.Read(raw.Content);
        if (pod.Phase != "Pending" || !pod.InitContainers.Contains(Pod.WaitContainer, StringComparer.Ordinal))
        {
            return Leftover.Of(raw, [new("hold", pod.Lifted)]);
        }

        return pod.Metadata.OwnerReferences.Any(owner => owner.Controller ?? false)
            ? new(["pod"], []) { Deletes = true }
            : new(["pod"], []) { Problem = "it waits in an init container, and nobody would make it again: delete it and make it again." };
    }

    /// <summary>Refused in our name, or because nobody was there to answer in it. Its controller may have given up.</summary>
    private static bool WaitsForBirth(Deployment deployment) => deployment.Metadata.Labels.ContainsKey(Names.Gated)
        && (deployment.Refusal?.Contains(".schemagate.dev", StringComparison.Ordinal) ?? false);

    private static List<Removal> Annotations(RawObject raw) =>
    [
        .. s_annotations.Where(known => raw.Metadata.Annotations.ContainsKey(known.Annotation))
            .Select(known => new Removal(known.Word, Remove(known.Annotation))),
    ];

    public static JsonPatch Remove(string annotation) => JsonPatch.Empty.Remove(JsonPatch.PointerTo("metadata", "annotations", annotation));
}

/// <summary>One thing that is taken off an object.</summary>
/// <param name="Word">
/// <c>hold</c>, <c>pause</c>, <c>partition</c>, <c>label</c>, <c>record</c>, <c>wake</c>, <c>trace</c>, <c>pod</c>.
/// </param>
/// <param name="Patch">Takes it off.</param>
internal sealed record Removal(string Word, JsonPatch Patch);

/// <summary>What is left on one object.</summary>
/// <param name="Words">What is done about it.</param>
/// <param name="Patches">How, one write after the other; the first names the version that was read.</param>
internal sealed record Leftover(IReadOnlyList<string> Words, IReadOnlyList<JsonPatch> Patches)
{
    /// <summary>Whether the object itself goes.</summary>
    public bool Deletes { get; init; }

    /// <summary>Why nothing can be done about it; null where something can.</summary>
    public string? Problem { get; init; }

    /// <returns>Null where nothing is to be removed.</returns>
    public static Leftover? Of(RawObject raw, IReadOnlyList<Removal> removals) => removals.Count == 0
        ? null
        : new(
            [.. removals.Select(removal => removal.Word)],
            [removals.Aggregate(AsRead(raw), (patch, removal) => patch.Then(removal.Patch))]);

    /// <summary>Its controller looks at it again because it is written; nothing of that stays.</summary>
    public static Leftover Waiting(RawObject raw)
    {
        JsonPatch patch = raw.Metadata.Annotations.Count > 0 ? AsRead(raw) : AsRead(raw).Add("/metadata/annotations", new JsonObject());
        return new(["wake"], [patch.Add(JsonPatch.PointerTo("metadata", "annotations", Names.Woken), ""), LiftedKind.Remove(Names.Woken)]);
    }

    private static JsonPatch AsRead(RawObject raw) => JsonPatch.Empty.Test("/metadata/resourceVersion", raw.Metadata.ResourceVersion);
}
