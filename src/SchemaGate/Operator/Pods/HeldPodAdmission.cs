using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Pods;

/// <summary>
/// The webhook of pods that wait: who may change a pod may take its scheduling gate off, or put another image into its init container.
/// What holds one stays until its migrations are applied. SchemaGate's own write brings a seal along, which is not stored.
/// </summary>
/// <param name="view">The gates.</param>
/// <param name="key">Seals what the operator lets go.</param>
internal sealed class HeldPodAdmission(ClusterView view, SealKey key)
{
    public Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation) =>
        Task.FromResult(Review(request));

    private AdmissionResponse Review(AdmissionRequest request)
    {
        string ns = request.Namespace ?? "";
        if (request.Object is not { ValueKind: JsonValueKind.Object } value || Pod.Resource.Read(value) is not { } now)
        {
            return request.Allow();
        }

        if (request.OldObject is not { ValueKind: JsonValueKind.Object } old)
        {
            // What it was cannot be read: it is let go when it requires nothing more.
            return now.IsPending && Why(ns, now) is { } waits
                ? request.Deny($"pod/{now.Metadata.Name} waits for its migrations, and what it was cannot be read. {waits}")
                : request.Allow();
        }

        Pod pod = Pod.Resource.Read(old);
        if (key.Seal.Read(ns, now.Metadata.Annotations.Find(Names.Released), pod.Metadata.Uid ?? "") is not null)
        {
            // Whatever the pod does by now: the seal is for this one write.
            return request.Allow(JsonPatch.Empty.Remove(JsonPatch.PointerTo("metadata", "annotations", Names.Released)));
        }

        if (pod is not { IsHeld: true, IsPending: true, Metadata.DeletionTimestamp: null } || !view.Watches(ns))
        {
            return request.Allow();
        }

        return Lost(old, value) is { } lost && Why(ns, pod) is { } why
            ? request.Deny($"pod/{pod.Metadata.Name} waits for its migrations, and SchemaGate alone takes its {lost} away. {why}")
            : request.Allow();
    }

    /// <summary>Why a pod waits; null where all that it requires is released.</summary>
    private string? Why(string ns, Pod pod)
    {
        IReadOnlyList<Requirement> requirements = Requirement.Parse(pod.Requires, out string? problem);
        return problem ?? requirements.Select(requirement => VerdictDecision.Decide(requirement, Standing(ns, requirement.Gate), []))
            .Where(answer => !answer.Released).Select(answer => $"{answer.Message} ({answer.Reason})").FirstOrDefault();
    }

    private GateStanding? Standing(string ns, string name) =>
        view.Gate(new(ns, name)) is { } gate ? StatusMapping.Standing(gate) : null;

    /// <summary>What of a pod's hold is another than it was; null where all of it stands.</summary>
    private static string? Lost(JsonElement old, JsonElement value)
    {
        (Pod was, Pod now) = (Pod.Resource.Read(old), Pod.Resource.Read(value));
        return (was, now) switch
        {
            _ when was.Metadata.Labels.ContainsKey(Names.Held) && !now.Metadata.Labels.ContainsKey(Names.Held) => $"label {Names.Held}",
            _ when was.SchedulingGates.Contains(Pod.MigrationsGate, StringComparer.Ordinal)
                && !now.SchedulingGates.Contains(Pod.MigrationsGate, StringComparer.Ordinal) => $"scheduling gate {Pod.MigrationsGate}",
            _ when WaitContainer(old) != WaitContainer(value) => $"init container {Pod.WaitContainer}",
            _ when was.Requires != now.Requires => $"requirement {Names.Requires}",
            _ => null,
        };
    }

    /// <summary>As the API server writes it; null where there is none.</summary>
    private static string? WaitContainer(JsonElement pod) =>
        pod.Member("spec").Member("initContainers") is { ValueKind: JsonValueKind.Array } containers
            ? containers.EnumerateArray().Where(container => container.Text("name") == Pod.WaitContainer)
                .Select(container => container.GetRawText()).FirstOrDefault()
            : null;
}
