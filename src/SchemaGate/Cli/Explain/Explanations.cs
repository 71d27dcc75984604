using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Verify;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Explain;

/// <summary>Reads what is on record in one namespace, and puts it into words.</summary>
/// <param name="named">Whose commands are meant; null for what each gate tells.</param>
internal sealed class Explanations(KubernetesClient client, string ns, MigrationTool? named)
{
    public async Task<ExplainReport> OfGateAsync(string name, CancellationToken cancellation)
    {
        GateExplanation gate = await GateAsync(name, cancellation);
        List<WorkloadExplanation> workloads = [];
        foreach (Deployment deployment in (await DeploymentsAsync(cancellation)).Where(
            deployment => Requirements(deployment).Any(requirement => requirement.Gate == name)))
        {
            workloads.Add(await WorkloadAsync(deployment, cancellation));
        }

        workloads.AddRange(await new PodSetExplanations(client, ns, this).OfGateAsync(name, cancellation));

        string? reason = IsOpen(gate) ? Refused(gate) : gate.Gate.Reason;
        string message = reason switch
        {
            null => $"The gate {name} is open.",
            Reasons.WriteRefused => $"The gate {name} is open, and what it lets go cannot be written: {reason}.",
            _ => $"The gate {name} is {gate.Gate.Verdict}: {reason}.",
        };
        // The reason's own table of steps first; a held workload's may differ, where it needs something else than the gate's image.
        IEnumerable<string> next =
            [.. reason is null ? [] : Advice(reason, gate.Gate), .. workloads.SelectMany(workload => Advice(workload, [gate]))];
        return new($"gate/{name}", ns, reason is null, message, [gate], workloads, [.. next.Distinct(StringComparer.Ordinal)]);
    }

    /// <param name="type">Of Deployments, or of Rollouts.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the requests.</param>
    /// <param name="also">What another of its revisions requires: its gates are explained, too.</param>
    public async Task<ExplainReport> OfDeploymentAsync(
        ResourceType<Deployment> type, string name, CancellationToken cancellation, string? also = null)
    {
        string target = $"{type.Kind.ToLowerInvariant()}/{name}";
        if (await client.FindAsync(type, ns, name, cancellation) is not { } deployment)
        {
            return new(target, ns, Open: false, $"There is no {type.Kind} {name} in namespace {ns}.", [], [], []);
        }

        WorkloadExplanation workload = await WorkloadAsync(deployment, cancellation);
        IReadOnlyList<GateExplanation> gates = await GatesAsync([deployment.Template.Requires, also], cancellation);
        return new(target, ns, !workload.Held, Message(deployment, workload), gates, [workload], [.. Advice(workload, gates)]);
    }

    /// <summary>The gates that these requirements name, each once.</summary>
    public async Task<IReadOnlyList<GateExplanation>> GatesAsync(IEnumerable<string?> requires, CancellationToken cancellation)
    {
        List<GateExplanation> gates = [];
        foreach (string name in requires.SelectMany(text => Requirement.Parse(text, out _))
            .Select(requirement => requirement.Gate).Distinct(StringComparer.Ordinal))
        {
            gates.Add(await GateAsync(name, cancellation));
        }

        return gates;
    }

    private async Task<IEnumerable<Deployment>> DeploymentsAsync(CancellationToken cancellation)
    {
        ListOptions gated = new() { LabelSelector = $"{Names.Gated}=true" };
        ResourceList<Deployment> deployments = await client.ListAllAsync(Deployment.Resource, ns, gated, cancellation);
        try
        {
            return deployments.Items.Concat((await client.ListAllAsync(Deployment.Rollouts, ns, gated, cancellation)).Items);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.NotFound or StatusReason.Forbidden)
        {
            // Most servers have no Rollouts, and who may not see them is told of the rest.
            return deployments.Items;
        }
    }

    private static string Message(Deployment deployment, WorkloadExplanation workload) => deployment switch
    {
        _ when workload.Held => $"A new revision of {workload.Name} is held: {workload.Reason}.",
        _ when deployment.Metadata.Labels.Find(Names.Gated) != "true" =>
            $"{workload.Name} is not gated: it has no label {Names.Gated}: \"true\".",
        { Paused: true } => $"SchemaGate does not hold {workload.Name}: it is paused by its owner. `kubectl rollout resume` goes on.",
        { Refusal: { } refusal } =>
            $"SchemaGate does not hold {workload.Name}. Its new ReplicaSet cannot be made for another reason: {refusal}",
        _ => $"SchemaGate does not hold {workload.Name}.",
    };

    private async Task<GateExplanation> GateAsync(string name, CancellationToken cancellation)
    {
        SchemaGateResource? gate = await ClusterOptions.FindGateAsync(client, ns, name, cancellation);
        GateLine line = gate is null ? GateLine.Missing(new(ns, name)) : GateLine.Of(gate);
        IEnumerable<V1Condition> conditions = (gate?.Status?.Conditions ?? []).Where(condition =>
            condition.Type == GateConditions.WriteRefused || (condition.Status != nameof(ConditionStatus.True)
                && GateConditions.Witnesses.Append(GateConditions.Notified).Contains(condition.Type, StringComparer.Ordinal)));
        return new(line, Meaning(line), [.. conditions.Select(condition =>
            new ConditionLine(condition.Type, condition.Status, condition.Reason ?? "", condition.Message ?? ""))]);
    }

    private async Task<WorkloadExplanation> WorkloadAsync(Deployment deployment, CancellationToken cancellation)
    {
        Hold? noted = Hold.FromJson(deployment.Metadata.Annotations.Find(Names.Hold));
        BirthRefusal? hold = noted is null ? Refusal(deployment) : new(noted.Reason, noted.Message);
        ResourceList<ReplicaSet> revisions = await client.ListAllAsync(
            ReplicaSet.Resource, ns, new() { LabelSelector = deployment.Selector.ToQuery() }, cancellation);
        return new(
            deployment.Word,
            deployment.Template.Requires,
            hold is not null, hold?.Reason, hold?.Message, noted?.Since,
            [.. revisions.Items.Where(revision => revision.Metadata.OwnerReferences.Any(owner => owner.Uid == deployment.Metadata.Uid))
                .Where(revision => revision.Runs)
                .Select(revision => new RunningRevision(
                    revision.Metadata.Name!, revision.Template.Requires,
                    revision.Pods.Replicas, revision.Pods.Ready))])
        {
            WayBack = deployment.WayBack(deployment.Paused),
        };
    }

    /// <summary>
    /// What the API server says where nothing is noted: the leader comes to it in a moment, or is not there. Null for what it refuses in
    /// nobody's or in another's name, a quota's for one.
    /// </summary>
    private static BirthRefusal? Refusal(Deployment deployment)
    {
        string text = deployment.Refusal ?? "";
        BirthRefusal? unworded = text.Contains(".schemagate.dev", StringComparison.Ordinal) ? new("ReplicaSetCreateError", text) : null;
        return BirthRefusal.Read(text) ?? unworded;
    }

    public IEnumerable<string> Advice(WorkloadExplanation workload, IReadOnlyList<GateExplanation> known)
    {
        if (workload is not { Held: true, Reason: { } reason, Message: { } message })
        {
            return [];
        }

        // A hold's message begins with its gate where several might be meant.
        List<string> gates = [.. Requirement.Parse(workload.Requires, out _).Select(requirement => requirement.Gate)];
        string gate = gates.Find(gate => message.StartsWith($"{gate}: ", StringComparison.Ordinal))
            ?? (gates.Count > 0 ? gates[0] : "<gate>");
        GateExplanation? explained = known.FirstOrDefault(explanation => explanation.Gate.Name == gate);
        GateLine line = explained?.Gate ?? GateLine.Missing(new(ns, gate));
        // What is noted on the workload is from before: its migrations may be applied by now.
        reason = explained is not null && IsOpen(explained) ? Refused(explained) ?? reason : reason;
        string? goBack = workload.WayBack is { } command ? $"To go back meanwhile: `{command}`, or re-apply the previous manifest." : null;
        string? unanswered = message.Contains("failed calling webhook", StringComparison.Ordinal)
            ? "The operator does not answer: look whether it runs. Where it is gone for good, `schemagate uninstall` lets everything go on."
            : null;
        return [.. Advice(reason, line), .. ((string?[])[unanswered, goBack]).OfType<string>()];
    }

    private IEnumerable<string> Advice(string reason, GateLine gate) => ReasonGuide.Of(reason, ToolOf(gate))?.For(ns, gate.Name).Next ?? [];

    private MigrationTool ToolOf(GateLine gate) =>
        named ?? (Enum.TryParse(gate.Tool, out MigrationTool tool) ? tool : MigrationTool.Prisma);

    private string Meaning(GateLine gate) => ReasonGuide.Of(gate.Reason, ToolOf(gate))?.Meaning
        ?? "This version of schemagate does not know that reason; the operator's is another.";

    private static bool IsOpen(GateExplanation gate) => gate.Gate.IsOpen;

    /// <summary>Why a gate that is open lets nobody go; null where it does.</summary>
    private static string? Refused(GateExplanation gate) =>
        gate.Conditions.FirstOrDefault(condition => condition.Type == GateConditions.WriteRefused)?.Reason;

    private static IReadOnlyList<Requirement> Requirements(Deployment deployment) =>
        Requirement.Parse(deployment.Template.Requires, out _);
}
