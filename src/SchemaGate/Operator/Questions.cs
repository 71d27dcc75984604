using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// Has judged what admission is about to refuse: writes it into the gates' status, and waits a moment for the leader's answer. Who asks
/// again is then let through, or told why not.
/// </summary>
/// <param name="client">Writes; every replica does.</param>
/// <param name="view">The gates.</param>
/// <param name="judge">Tells what their status proves.</param>
/// <param name="time">Measures the wait.</param>
internal sealed class Questions(KubernetesClient client, ClusterView view, HoldJudge judge, TimeProvider time)
{
    /// <summary>A webhook has ten seconds, and this is the last thing that it does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="request">What asks; a rehearsal writes nothing and waits for nobody.</param>
    /// <param name="by">Who asks, as <c>daemonset/agent</c>.</param>
    /// <param name="workload">What is about to be refused.</param>
    /// <param name="revisions">Its revisions.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is decided by then, and the workload with what is proved.</returns>
    public async Task<(HoldOutcome Outcome, Workload Workload)> AskAsync(
        AdmissionRequest request, string by, Workload workload, IReadOnlyList<Revision> revisions, CancellationToken cancellation)
    {
        string ns = request.Namespace ?? "";
        HoldOutcome Decided() => HoldDecision.Decide(workload, revisions, name => view.View(ns, name));
        if (request.DryRun)
        {
            return (Decided(), workload);
        }

        long began = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<Requirement> requirements = Requirement.Parse(workload.Requires, out _);
        foreach (Requirement requirement in requirements)
        {
            await WriteAsync(new(ns, requirement.Gate), requirement, by, now, cancellation);
        }

        while (Decided() is HoldOutcome.Held && time.GetElapsedTime(began) < Patience
            && !requirements.Any(requirement => IsAnswered(new(ns, requirement.Gate), by, now)))
        {
            await Task.Delay(Interval, time, cancellation);
            (_, workload) = await judge.ProveAsync(ns, workload, cancellation);
        }

        return (Decided(), workload);
    }

    /// <summary>A gate that is not there answers nobody.</summary>
    private bool IsAnswered(ObjectKey key, string by, DateTimeOffset asked) =>
        view.Gate(key) is not { } gate || AskedMapping.IsAnswered(gate, by, asked);

    /// <summary>What cannot be written now is written when it is asked again.</summary>
    private async Task WriteAsync(
        ObjectKey key, Requirement requirement, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        if (view.Gate(key) is not { } gate || requirement.Value is not { } value)
        {
            return;
        }

        MergePatch patch = new(new()
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = gate.Metadata.ResourceVersion },
            ["status"] = new JsonObject { ["asked"] = AskedMapping.ToJson(AskedMapping.With(gate, value, by, now)) },
        });
        try
        {
            await client.PatchAsync(SchemaGateResource.Resource, key.Namespace, key.Name, patch, "status", cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.Conflict or StatusReason.NotFound)
        {
        }
    }
}
