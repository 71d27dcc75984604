using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Running;

/// <summary>
/// The pods that require anything of a gate and have not ended, also those that are about to: a ReplicaSet without replicas may have some
/// for as long as their grace lasts. With them what has no pod at the moment and is about to make one, and the pods that a workload has
/// from before it named the gate; and, told apart, what makes some at a time that nobody knows. They are asked for only while a rehearsal
/// says that something would break them, or could not tell.
/// </summary>
/// <param name="client">The API server: a cache may be behind, and what is waited for ends there.</param>
/// <param name="gates">The gates as they are known.</param>
internal sealed class RunningPods(KubernetesClient client, Func<ObjectKey, SchemaGateResource?> gates)
{
    private static readonly ListOptions Gated = new() { LabelSelector = $"{Names.Gated}=true" };

    private static readonly ResourceType<RawObject> s_jobs = RawObject.Whole(Kinds.Job);

    private static readonly ResourceType<RawObject> s_cronJobs =
        RawObject.Resource("batch", "v1", "CronJob", "cronjobs", namespaced: true);

    /// <summary>Of servers before 1.21.</summary>
    private static readonly ResourceType<RawObject> s_earlyCronJobs =
        RawObject.Resource("batch", "v1beta1", "CronJob", "cronjobs", namespaced: true);

    /// <summary>Why a revision is held that needs what is pending.</summary>
    private static readonly string[] s_pending = [Reasons.MigrationsPending, Reasons.ContractWaits, Reasons.ContractStuck];

    /// <param name="gate">The gate. What was pending at its last look may be now.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="rehearsal">What its rehearsal says.</param>
    /// <param name="workloads">Whose pods they may be.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>Null where nobody has to know.</returns>
    /// <exception cref="KubernetesException">They cannot be listed.</exception>
    public async Task<RunningLook?> ReadAsync(
        SchemaGateResource gate, GateSpec spec, RehearsalEvidence rehearsal, IReadOnlyList<GatedWorkload> workloads,
        CancellationToken cancellation)
    {
        // Where the proof is missing, the migrations' SQL may say that they break something.
        bool mayBreak = rehearsal.Known?.Statements is not { Unavailable: null, Broken: 0 }
            && rehearsal is not { Report: null, Record.IsAwaited: true } && gate.Status?.Migrations?.Pending is { Count: > 0 };
        return mayBreak && spec.Rehearsal.Mode != RehearsalMode.Never && spec.Policy.Contract != ContractMode.Ignore
            ? await ListAsync(gate, spec, workloads, cancellation)
            : null;
    }

    private async Task<RunningLook> ListAsync(
        SchemaGateResource resource, GateSpec spec, IReadOnlyList<GatedWorkload> workloads, CancellationToken cancellation)
    {
        ObjectKey gate = ObjectKey.Of(resource);
        List<CodeMaker> makers = await MakersAsync(gate, workloads, cancellation);
        (IEnumerable<CodeMaker> cronJobs, string? unlisted) = await CronJobsAsync(gate, cancellation);
        makers.AddRange(cronJobs);
        // A pod of before its workload was gated has no label that tells.
        bool areGated = makers.All(maker => Of(maker.Requires, gate.Name) is not null);
        Pod[] pods = [.. (await client.ListAllAsync(Pod.Resource, gate.Namespace, areGated ? Gated : null, cancellation)).Items
            .Where(pod => pod.Phase is not ("Succeeded" or "Failed"))];
        PodCode[] running = [.. pods.Where(pod => !pod.IsHeld)
            .Select(pod => new PodCode(pod, MakerOf(pod, makers, workloads), Of(pod.Requires, gate.Name)))
            .Where(code => code.Requires is not null || code.Maker?.Workload is not null)];
        HashSet<GatedWorkload?> busy = new(
            running.Select(code => code.Maker).Concat(makers.Where(maker => maker.Wants)).Select(maker => maker?.Workload),
            ReferenceEqualityComparer.Instance);
        CodeMaker[] idle = [.. workloads.Where(workload => !busy.Contains(workload)).Select(one => CodeMaker.OfIdle(one, makers))];
        makers.AddRange(idle);
        IReadOnlyList<Release> released = StatusMapping.Released(resource);
        GatedWorkload[] held = [.. workloads.Where(workload => IsHeld(workload, gate, spec, released))];
        return new(
            [
                .. OfPods(running)
                    .Concat(makers.Where(maker => maker.IsLater || (maker.Wants && !pods.Any(maker.Made))).Select(maker => WithoutPod(
                        maker, Of(maker.Requires, gate.Name)?.Value)))
                    .Select(found => Code(found.Maker?.Workload, found.Code))
                    .OrderBy(code => code.Word, StringComparer.Ordinal),
            ],
            Named(gate.Name, makers, pods),
            unlisted);

        RunningCode Code(GatedWorkload? workload, RunningCode code) => code with
        {
            Next = Of(workload?.Workload.Requires, gate.Name)?.Value,
            IsHeld = held.Contains(workload),
            HeldBy = HeldBy(workload, gate, held),
        };
    }

    /// <summary>Those of one maker, one revision and one requirement together.</summary>
    private static IEnumerable<(CodeMaker? Maker, RunningCode Code)> OfPods(IEnumerable<PodCode> running) => running
        .GroupBy(code => (code.Pod.Maker, code.Requires?.Value, Revision: CodeMaker.HashOf(code.Pod)))
        .Select(group => (group.First().Maker, new RunningCode(
            group.First().Maker?.Word ?? group.Key.Maker, group.Key.Value, group.Count())
        {
            IsEnding = group.First().Maker?.Wants != true && group.All(code => code.Pod.Metadata.DeletionTimestamp is not null),
        }));

    private static (CodeMaker? Maker, RunningCode Code) WithoutPod(CodeMaker maker, string? requires) =>
        (maker, new(maker.Word, requires, 0) { IsLater = maker.IsLater });

    /// <summary>What makes the workloads' pods, and the Jobs that require anything of the gate and have not ended.</summary>
    private async Task<List<CodeMaker>> MakersAsync(
        ObjectKey gate, IReadOnlyList<GatedWorkload> workloads, CancellationToken cancellation)
    {
        Dictionary<string, GatedWorkload> deployments = workloads.OfType<GatedDeployment>()
            .ToDictionary(workload => workload.Metadata.Uid, GatedWorkload (workload) => workload, StringComparer.Ordinal);
        // The cache has those with the label only. Also one that requires the gate while its Deployment does no more, or is gone.
        IEnumerable<ReplicaSet> replicaSets = (await client.ListAllAsync(
            ReplicaSet.Resource, gate.Namespace, deployments.Count == 0 ? Gated : null, cancellation)).Items;
        IEnumerable<RawObject> jobs = (await client.ListAllAsync(s_jobs, gate.Namespace, Gated, cancellation)).Items;
        return
        [
            .. workloads.SelectMany(workload => workload.Makers),
            .. replicaSets.Select(replicaSet => CodeMaker.Of(replicaSet, deployments))
                .Where(maker => maker.Workload is not null || Of(maker.Requires, gate.Name) is not null),
            .. jobs.Select(CodeMaker.OfJob).Where(maker => Of(maker.Requires, gate.Name) is not null),
        ];
    }

    /// <summary>Nobody waits for a CronJob: a role that may not list them is told, and stops nothing.</summary>
    private async Task<(IEnumerable<CodeMaker> Makers, string? Unlisted)> CronJobsAsync(ObjectKey gate, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<RawObject> cronJobs = await ListCronJobsAsync(gate.Namespace, cancellation);
            return (cronJobs.Select(CodeMaker.OfCronJob).Where(maker => Of(maker.Requires, gate.Name) is not null), null);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.Forbidden or StatusReason.NotFound)
        {
            return ([], exception.Reason == StatusReason.Forbidden
                ? "the operator's role lacks the verb list on cronjobs.batch." : "the API server has no cronjobs.batch.");
        }
    }

    private async Task<IReadOnlyList<RawObject>> ListCronJobsAsync(string ns, CancellationToken cancellation)
    {
        try
        {
            return (await client.ListAllAsync(s_cronJobs, ns, Gated, cancellation)).Items;
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.NotFound)
        {
            return (await client.ListAllAsync(s_earlyCronJobs, ns, Gated, cancellation)).Items;
        }
    }

    /// <summary>A revision that has ended counts, too: its sessions may not have, or somebody else's go by its name.</summary>
    private static IReadOnlyList<NamedCode> Named(string gate, IEnumerable<CodeMaker> makers, IEnumerable<Pod> pods) =>
    [
        .. makers.SelectMany<CodeMaker, (string?, string?)>(maker =>
                [(maker.ApplicationName, maker.Requires), (maker.Workload?.Template.ApplicationName, maker.Workload?.Template.Requires)])
            .Concat(pods.Where(pod => Of(pod.Requires, gate) is not null).Select(pod => (pod.ApplicationName, pod.Requires)))
            .Where(code => !string.IsNullOrEmpty(code.Item1))
            .Select(code => new NamedCode(code.Item1!, Of(code.Item2, gate)?.Value)).Distinct(),
    ];

    private static CodeMaker? MakerOf(Pod pod, List<CodeMaker> makers, IReadOnlyList<GatedWorkload> workloads) =>
        makers.FirstOrDefault(maker => maker.Made(pod))
        ?? workloads.Where(workload => workload.Word == pod.Maker)
            .Select(workload => new CodeMaker(workload.Word, workload.Word, CodeMaker.HashOf(pod), pod.Requires) { Workload = workload })
            .FirstOrDefault();

    /// <summary>Whether the gate keeps the workload's newest revision waiting for what is pending.</summary>
    private static bool IsHeld(GatedWorkload workload, ObjectKey gate, GateSpec spec, IReadOnlyList<Release> released) =>
        workload.Workload.Hold is { } hold && s_pending.Contains(hold.Reason, StringComparer.Ordinal)
        && Of(workload.Workload.Requires, gate.Name) is { } requirement
        && !released.Any(release => release.Requirement == (requirement.Value ?? spec.Changelog.Image));

    /// <summary>A gate that waits for a Job only lets go by itself; one that waits for what this one holds does not.</summary>
    private string? HeldBy(GatedWorkload? workload, ObjectKey gate, GatedWorkload[] held) => workload?.Workload.Hold is null ? null
        : WorkloadReader.Gates(workload.Workload.Requires).FirstOrDefault(other => other != gate.Name
            && gates(new(gate.Namespace, other))?.Status?.Reason switch
            {
                Reasons.ContractStuck => true,
                Reasons.ContractWaits => held.Any(
                    mine => WorkloadReader.Gates(mine.Workload.Requires).Contains(other, StringComparer.Ordinal)),
                _ => false,
            });

    private static Requirement? Of(string? requires, string gate) =>
        Requirement.Parse(requires, out _).FirstOrDefault(requirement => requirement.Gate == gate);

    /// <param name="Pod">A pod that does not wait.</param>
    /// <param name="Maker">What has made it; null for what no workload of the gate's has.</param>
    /// <param name="Requires">What it requires of the gate; null where that is nothing.</param>
    private sealed record PodCode(Pod Pod, CodeMaker? Maker, Requirement? Requires);
}
