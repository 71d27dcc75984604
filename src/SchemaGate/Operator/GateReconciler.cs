using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Notifying;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Running;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// The reconcile loop's one step: look at one gate and everything that names it,
/// and bring the cluster to what was decided.
/// </summary>
internal sealed class GateReconciler(
    ClusterView view, GateEvidence evidence, WorkloadActor actor, PodActor pods, RunJobs runs, Notifier notifier, StatusWriter statuses)
{
    /// <summary>After a write that lost a race the caches are a moment behind.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>A namespace may be opened at any time.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(10);

    private readonly RolloutLooks rollouts = new(view);

    /// <param name="name">The gate, which need not exist: its workloads may.</param>
    /// <param name="cancellation">Ends the step; it can be repeated.</param>
    /// <returns>When to look again, or null for when something changes.</returns>
    public Task<TimeSpan?> ReconcileAsync(ObjectKey name, CancellationToken cancellation) =>
        rollouts.LookAsync(name, () => LookAsync(name, cancellation));

    private async Task<TimeSpan?> LookAsync(ObjectKey name, CancellationToken cancellation)
    {
        if (view.Unserved(name.Namespace) is not null)
        {
            // A gate that may not be seen is not gone: nothing is let go, and nothing held, for what nobody knows.
            return Unseen;
        }

        Look look = evidence.Begin(name);
        SchemaGateResource? gate = view.Gate(name);
        IReadOnlyList<GatedWorkload> workloads = view.Workloads(name);
        if (gate is null)
        {
            look.End();
            notifier.Forget(name);
            Judged nothing = Judged.Nothing with { Gate = view.View(name.Namespace, name.Name) };
            ActResult orphans = await actor.ActAsync(name, workloads, nothing, cancellation);
            await pods.ActAsync(name, view.HeldPods(name), nothing, cancellation);
            return Again(orphans.Outcome, new StepOutcome.Done(), orphans.Again);
        }

        (GateSpec spec, IReadOnlyList<string> wrong) = GateAdmission.Read(gate);
        // A receiver that cannot be told closes nothing, whatever is wrong with it.
        string[] problems = [.. wrong.Except(spec.Notify?.Problems ?? [], StringComparer.Ordinal)];
        GateMemory previous = StatusMapping.Memory(gate);
        // Where the spec is wrong elsewhere, too: what its Secret says by now may be another database's.
        string? fingerprint = spec.Database.SecretName.Length > 0 ? await evidence.FingerprintAsync(gate, spec, cancellation) : null;
        gate = await statuses.ForgetAsync(gate, fingerprint, cancellation);
        RunEvidence run = await runs.ObserveAsync(gate, spec, cancellation);
        IReadOnlyList<Pod> waiting = view.HeldPods(name);
        GateInput input = (await evidence.CollectAsync(gate, spec, problems, look, cancellation)) with
        {
            Run = run,
            Previous = previous,
            Notify = notifier.Observe(gate, spec),
        };
        input = await evidence.ComparedAsync(gate, input, look, cancellation);
        IReadOnlyList<AskedRequirement> asked = await AskedAsync(gate, input, workloads, waiting, look, cancellation);
        look.End();
        // Images are read by now, however long that took.
        input = IsPast(look, gate) ? input : await RunningAsync(
            gate, await evidence.RefreshAsync(gate, input, cancellation), workloads, cancellation);
        if (IsPast(look, gate))
        {
            // What was read for one spec is not judged by, nor for, another.
            return Soon;
        }

        Judged judged = Judge(input, asked);
        ActResult result = await actor.ActAsync(name, workloads, judged, cancellation);
        (IReadOnlyList<Pod> held, StepOutcome pod) = await pods.ActAsync(name, waiting, judged, cancellation);
        StepOutcome acted = result.Outcome is StepOutcome.Done ? pod : result.Outcome;
        input = input with { Refused = (acted as StepOutcome.Failed)?.Refusal };
        Decision decision = GateDecision.Decide(input);
        Activities.Decided(decision.Verdict.ToString(), decision.Reason);
        SchemaGateStatus status = StatusMapping.Status(
            gate, input, decision, Released(input, workloads, judged), new(result.Held, [.. held.Select(one => one.Maker)]),
            AskedMapping.Judged(gate, requirement => judged.Outcomes.GetValueOrDefault(requirement.ToString()), input.Now));
        await statuses.WriteAsync(gate, status, decision, cancellation);
        notifier.Begin(gate, spec, input.Notify?.Attempt, decision.Notify);
        StepOutcome outcome = await runs.ActAsync(gate, spec, decision, Image(input)?.Digest, judged.State?.Identity, cancellation);
        TimeSpan recheck = Recheck.After(
            decision.RecheckAfter, WaitingSince(gate, decision, workloads), input.Now, Random.Shared.NextDouble());
        return Again(acted, outcome, result.Again < recheck ? result.Again : recheck);
    }

    /// <summary>
    /// Last of all, for a pod that is made while images are read must not be missed; and first pods, then sessions, so that what a pod
    /// leaves behind is seen.
    /// </summary>
    private async Task<GateInput> RunningAsync(
        SchemaGateResource gate, GateInput input, IReadOnlyList<GatedWorkload> workloads, CancellationToken cancellation)
    {
        RunningLook? running = await runs.Running.ReadAsync(gate, input.Spec, input.Run!.Rehearsal, workloads, cancellation);
        input = input with { RunningCode = running?.Code, UnlistedCode = running?.Unlisted };
        return await evidence.WithSessionsAsync(gate, input, running?.Named ?? [], cancellation);
    }

    /// <summary>Whether the gate has got another spec, or another has taken its place, since it was read.</summary>
    private bool IsPast(Look look, SchemaGateResource gate) => look.Hurried.IsCancellationRequested
        || view.Gate(ObjectKey.Of(gate)) is not { Metadata: var now }
        || now.Uid != gate.Metadata.Uid || now.Generation > gate.Metadata.Generation;

    private static ChangelogEvidence? Image(GateInput input) => (input.Changelog as Core.Evidence<ChangelogEvidence>.Found)?.Value;

    /// <summary>The youngest wait: of a held workload, or of whoever waits for the gate itself.</summary>
    private static DateTimeOffset? WaitingSince(SchemaGateResource gate, Decision decision, IReadOnlyList<GatedWorkload> workloads)
    {
        V1Condition? ready = gate.Status?.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.Ready);
        return workloads.Select(gated => gated.Workload.Hold?.Since)
            .Append(decision.Verdict == Verdict.Open ? null : ready?.LastTransitionTime.ToOffset())
            .Max();
    }

    /// <exception cref="KubernetesException">
    /// A write failed for another reason than a race: it is tried again with growing patience.
    /// </exception>
    private static TimeSpan? Again(StepOutcome workloads, StepOutcome run, TimeSpan? recheck) => (workloads, run) switch
    {
        (StepOutcome.Failed { Why: var failure }, _) => throw failure,
        (_, StepOutcome.Failed { Why: var failure }) => throw failure,
        (StepOutcome.Overtaken, _) or (_, StepOutcome.Overtaken) => Soon,
        _ => recheck,
    };

    /// <summary>
    /// Every requirement of a pod that waits, and of a revision that is not let through as it stands, or runs unjudged, each once, with its
    /// image.
    /// </summary>
    private async Task<IReadOnlyList<AskedRequirement>> AskedAsync(
        SchemaGateResource gate, GateInput input, IReadOnlyList<GatedWorkload> workloads, IReadOnlyList<Pod> waiting, Look look,
        CancellationToken cancellation)
    {
        GateView current = ViewNow(gate.Metadata.Name!, input);
        IEnumerable<string?> asked = workloads.Where(gated => gated.Unasked.Any() || !Passes(gate, gated, current))
            .Select(gated => gated.Workload.Requires)
            .Concat(waiting.Select(pod => pod.Requires));
        Requirement[] requirements = [.. asked.Distinct(StringComparer.Ordinal)
            .SelectMany(requires => Requirement.Parse(requires, out _)).Where(requirement => requirement.Gate == current.Name)
            .Concat(AskedMapping.Requirements(gate)).Distinct()];
        AskedRequirement[] found = new AskedRequirement[requirements.Length];
        ParallelOptions limit = new() { MaxDegreeOfParallelism = Readings.Share, CancellationToken = cancellation };
        await Parallel.ForAsync(0, found.Length, limit, async (number, token) =>
            found[number] = await AskedAsync(gate, input, requirements[number], look, token));
        Requirement image = new(current.Name, input.Spec.Changelog.Image);
        // Its release is on record when a revision asks for it.
        return [.. found, new(image.ToString(), image, input.Changelog, Image(input)?.Digest)];
    }

    private async Task<AskedRequirement> AskedAsync(
        SchemaGateResource gate, GateInput input, Requirement requirement, Look look, CancellationToken cancellation)
    {
        // Without a value the policy has allowed it: the gate's own image is meant.
        Requirement effective = requirement with { Value = requirement.Value ?? input.Spec.Changelog.Image };
        (GateInput judged, string? digest) = await evidence.ForRequirementAsync(gate, input, effective, look, cancellation);
        return new(requirement.ToString(), effective, judged.Changelog, digest);
    }

    private static Judged Judge(GateInput input, IReadOnlyList<AskedRequirement> asked)
    {
        Dictionary<string, RequirementOutcome> outcomes = new(StringComparer.Ordinal);
        foreach (AskedRequirement one in asked)
        {
            outcomes.TryAdd(one.Text, RequirementDecision.Decide(one.Requirement, input with { Changelog = one.Changelog }, one.Digest));
        }

        return new(ViewNow(asked[^1].Requirement.Gate, input), (input.Database as Core.Evidence<DatabaseState>.Found)?.Value, outcomes);
    }

    private bool Passes(SchemaGateResource gate, GatedWorkload gated, GateView current) => HoldDecision.Decide(
        gated.Workload, gated.Revisions,
        name => name == current.Name ? current : view.View(gate.Metadata.NamespaceProperty!, name)) is HoldOutcome.Pass;

    private static GateView ViewNow(string name, GateInput input) => new(
        name, (input.Database as Core.Evidence<DatabaseState>.Found)?.Value.Identity.ToString() ?? input.KnownIdentity,
        input.Spec.Enforcement, input.Spec.Suspend, input.Spec.Policy.Unpinned)
    {
        Released = input.Released,
    };

    /// <summary>What is released by now, and whatever a live revision rests on.</summary>
    private static IReadOnlyList<Release> Released(GateInput input, IReadOnlyList<GatedWorkload> workloads, Judged judged)
    {
        IEnumerable<Release> satisfied = judged.Outcomes.Values.OfType<RequirementOutcome.Satisfied>().Select(outcome => outcome.Release);
        List<Release> live = [.. workloads
            .SelectMany(gated => gated.Revisions.Select(revision => revision.Record).Append(gated.Workload.Record))
            .OfType<RevisionRecord>().SelectMany(record => record.Releases)
            .Where(release => release.Gate == judged.Gate?.Name).Select(release => release.Beside(judged.State))];
        return ReleasedList.Of(input.Released.Concat(satisfied).Select(release => release.Beside(judged.State)), live);
    }
}

/// <summary>A requirement that somebody waits for.</summary>
/// <param name="Text">As it is asked for.</param>
/// <param name="Requirement">What is meant: its value is set.</param>
/// <param name="Changelog">The image that is to be judged.</param>
/// <param name="Digest">To what the requirement's own image resolves; null for a migration's name, or where unknown.</param>
internal sealed record AskedRequirement(
    string Text, Requirement Requirement, Core.Evidence<ChangelogEvidence>? Changelog, string? Digest);

/// <summary>What was found out for the workloads of one gate.</summary>
/// <param name="Gate">The gate as it is now, also one that cannot be read; null where it does not exist.</param>
/// <param name="State">Its database as just read; null where it was not.</param>
/// <param name="Outcomes">The decision about each requirement, by its text.</param>
internal sealed record Judged(GateView? Gate, DatabaseState? State, IReadOnlyDictionary<string, RequirementOutcome> Outcomes)
{
    public static Judged Nothing { get; } = new(null, null, new Dictionary<string, RequirementOutcome>(StringComparer.Ordinal));
}
