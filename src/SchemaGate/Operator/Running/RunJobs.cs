using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Running;

/// <summary>The Jobs of gates: what has become of them, making them, and clearing away what is not needed any more.</summary>
/// <param name="client">The API server.</param>
/// <param name="view">The caches.</param>
/// <param name="claims">Reads who approved what.</param>
/// <param name="runner">What runs migrations.</param>
/// <param name="time">The time.</param>
internal sealed class RunJobs(KubernetesClient client, ClusterView view, Func<ClaimSeal> claims, RunnerOptions runner, TimeProvider time)
{
    /// <summary>Successful ones say nothing that the history does not; failed ones are read by people.</summary>
    private const int KeptSuccesses = 3;
    private const int KeptFailures = 5;

    /// <summary>
    /// Jobs that the API server refused, and why: the next look takes it for how they ended;
    /// if that is lost, they are refused again.
    /// </summary>
    private readonly ConcurrentDictionary<ObjectKey, string> refused = new();

    private readonly JobEvents events = new(client, time);

    public RunningPods Running { get; } = new(client, view.Gate);

    /// <summary>
    /// What is known of the gate's last run. To be asked before the history is read:
    /// then the history is newer than the run's end.
    /// </summary>
    public async Task<RunEvidence> ObserveAsync(SchemaGateResource gate, GateSpec spec, CancellationToken cancellation)
    {
        RunRecord? record = RunMapping.Record(gate.Status?.Run);
        string? problem = spec.Migrate.HasTemplate || runner.Image is not null ? null : RunnerOptions.NoImage;
        return new(
            gate.Metadata.Name!,
            gate.Metadata.NamespaceProperty!,
            gate.Metadata.Uid!,
            record,
            record is { IsActive: true }
                ? (await ObserveAsync(gate, spec, record.Job, record.StartedAt, cancellation)).Job
                : null,
            claims().Approval(gate.Metadata.Uid!, gate.Metadata.Annotations.Find(Names.Approval)),
            gate.Metadata.Annotations.Find(Names.Retry),
            problem)
        {
            Rehearsal = await RehearsalAsync(gate, spec, cancellation),
        };
    }

    private async Task<RehearsalEvidence> RehearsalAsync(SchemaGateResource gate, GateSpec spec, CancellationToken cancellation)
    {
        RehearsalRecord? record = RehearsalMapping.Record(gate.Status?.Rehearsal);
        (JobObservation? job, IReadOnlyList<V1Pod> pods) = record is { IsActive: true }
            ? await ObserveAsync(gate, spec, record.Job, record.StartedAt, cancellation)
            : (null, []);
        return new(record, job, PodStory.Report(pods, RehearsalReport.FromJson), runner.Image is null ? RunnerOptions.NoImage : null);
    }

    private async Task<(JobObservation? Job, IReadOnlyList<V1Pod> Pods)> ObserveAsync(
        SchemaGateResource gate, GateSpec spec, string job, DateTimeOffset? startedAt, CancellationToken cancellation)
    {
        IReadOnlyList<V1Pod> pods = [];
        JobObservation? seen = await Instruments.ReadAsync(
            "runner",
            async () =>
            {
                (JobObservation? found, pods) = await ReadAsync(gate, spec, job, startedAt, cancellation);
                return found;
            },
            Outcome);
        return (seen, pods);
    }

    private static (string Evidence, string? Reason) Outcome(JobObservation? job) => job switch
    {
        null => ("Missing", "NoJob"),
        { Trouble: not null } => ("Missing", "JobTrouble"),
        _ => ("Found", null),
    };

    /// <summary>Takes the step that status announces by now, and clears away. Everything here can be repeated.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="digest">The image that it was decided about; null where that is not known.</param>
    /// <param name="database">The database that it was decided about; null where that was not there.</param>
    /// <param name="cancellation">Ends the step.</param>
    /// <returns>Overtaken where the Job was refused: the next look takes that for how the run ended.</returns>
    /// <exception cref="KubernetesException">It could not be taken; it is taken at the next look.</exception>
    public async Task<StepOutcome> ActAsync(
        SchemaGateResource gate, GateSpec spec, Decision decision, string? digest, DatabaseIdentity? database,
        CancellationToken cancellation)
    {
        // An image older than require.through does not have that migration: the run goes as far as the decision.
        GateSpec reaching = spec with { Through = spec.Through is null ? null : decision.Migrations?.Through };
        JsonObject? manifest = decision switch
        {
            _ when digest is null => null,
            { Action: RunAction.Start { Record: var record } } => JobManifest.Of(gate, reaching, record, digest, database, runner),
            { Rehearse.Record: var record } => JobManifest.OfRehearsal(gate, reaching, record, digest, database, runner),
            _ => null,
        };
        if (manifest is not null && await StartAsync(gate, manifest, cancellation) is StepOutcome.Overtaken refusal)
        {
            return refusal;
        }

        if (decision.Run is { IsActive: false } ended && gate.Status?.Run is { Result: null } before && before.Job == ended.Job)
        {
            RunTrace.Tell(view.FindJob(new(gate.Metadata.NamespaceProperty!, ended.Job)), ended, time.GetUtcNow());
        }

        string?[] active =
        [
            decision.Run is { IsActive: true } run ? run.Job : null,
            decision.Rehearsal is { IsActive: true } rehearsal ? rehearsal.Job : null,
        ];
        List<V1Job> own = [.. view.Jobs(gate)];
        foreach (V1Job job in own
            .Where(job => job.End() is null && job.Failing() is null && !active.Contains(job.Metadata.Name))
            .Concat(Outdated(own)))
        {
            await DeleteAsync(job, cancellation);
        }

        return new StepOutcome.Done();
    }

    private static IEnumerable<V1Job> Outdated(List<V1Job> jobs) => jobs.Where(job => job.End() is not null)
        .OrderByDescending(job => job.Metadata.CreationTimestamp)
        .GroupBy(job => (Does: job.Metadata.Labels.Find(JobManifest.Component), job.End()!.Type))
        .SelectMany(group => group.Skip(group.Key.Type == "Complete" ? KeptSuccesses : KeptFailures));

    private async Task<(JobObservation? Job, IReadOnlyList<V1Pod> Pods)> ReadAsync(
        SchemaGateResource gate, GateSpec spec, string name, DateTimeOffset? startedAt, CancellationToken cancellation)
    {
        ObjectKey key = new(gate.Metadata.NamespaceProperty!, name);
        if (refused.TryRemove(key, out string? why))
        {
            return (new(name, time.GetUtcNow(), Finished: true, Succeeded: false, null, why), []);
        }

        // A cache may be behind the status that another leader wrote: only the API server says that a Job is gone.
        if ((view.FindJob(key) ?? (startedAt is null
            ? null
            : await client.FindAsync(Kinds.Job, key.Namespace, key.Name, cancellation))) is not { } job
            || !IsOf(job, gate))
        {
            return (null, []);
        }

        ResourceList<V1Pod> pods = await client.ListAllAsync(
            Kinds.Pod,
            key.Namespace,
            new() { LabelSelector = $"job-name={key.Name}" },
            cancellation);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset created = job.Metadata.CreationTimestamp.ToOffset() ?? now;
        V1JobCondition? end = job.End() ?? (pods.Items.All(pod => IsOver(pod, now)) ? job.Failing() : null);
        string? trouble = PodStory.Trouble(pods.Items) ?? (end is { Type: not "Complete", Reason: { } reason }
            ? $"{reason}: {end.Message}"
            : null)
            ?? (pods.Items.Count == 0 && end is null ? await events.TroubleAsync(job, cancellation) : null);
        bool neverStarted = pods.Items.All(pod => pod.Status?.Phase is "Pending") && now - created > spec.Migrate.Deadline;
        JobObservation seen = new(
            name,
            created,
            end is not null || neverStarted,
            end is { Type: "Complete" },
            PodStory.Report(pods.Items, RunReport.FromJson),
            neverStarted && end is null ? $"its pod did not start within spec.migrate.deadline; {trouble ?? "nobody says why"}" : trouble);
        return (seen, [.. pods.Items]);
    }

    /// <summary>
    /// Whether nothing is to be heard of a pod any more: it has ended, and said how, or its time to end is up. A node that is lost never
    /// says that its pod has ended, and a Job that is bound to fail never becomes Failed. Should that pod still be at work, the next run
    /// waits for the advisory lock that it holds, and a row that it leaves unfinished is never run over.
    /// </summary>
    private static bool IsOver(V1Pod pod, DateTimeOffset now)
        => pod.Status?.Phase is "Succeeded" or "Failed" || pod.Metadata.DeletionTimestamp.ToOffset() <= now;

    private static bool IsOf(V1Job job, SchemaGateResource gate) =>
        job.Metadata.OwnerReferences.Any(owner => owner.Uid == gate.Metadata.Uid);

    private async Task<StepOutcome> StartAsync(
        SchemaGateResource gate, JsonObject manifest, CancellationToken cancellation)
    {
        ObjectKey key = new(gate.Metadata.NamespaceProperty!, manifest["metadata"]!["name"]!.ToString());
        using Activity? activity = Activities.StartRun(key.Namespace, key.Name);
        try
        {
            JobManifest.Traced(manifest, activity is { Recorded: true } ? activity.Id : null);
            await client.CreateAsync(RawJob, RawObject.From(manifest), cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.AlreadyExists)
        {
            // Made before, by this process or by another; or by somebody who can tell names, and keeps it from being made.
            if (await client.FindAsync(Kinds.Job, key.Namespace, key.Name, cancellation) is { } job && !IsOf(job, gate))
            {
                refused[key] = "there is a Job of its name that is not this gate's: delete it.";
            }
        }
        catch (KubernetesException exception) when (IsRefusal(exception))
        {
            activity.Fail(exception.Reason);
            refused[key] = $"the API server refused its Job: {exception.Message}";
            return new StepOutcome.Overtaken();
        }

        return new StepOutcome.Done();
    }

    /// <summary>
    /// Whether the same Job would be refused again: it is forbidden (403), invalid (422), has a field of a wrong type or is denied by a
    /// webhook that names no code (both 400). 401, 404 and 409 are about who asks, where and when.
    /// </summary>
    private static bool IsRefusal(KubernetesException exception) => !exception.Retryable
        && exception.HttpStatus is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.Conflict);

    private async Task DeleteAsync(V1Job job, CancellationToken cancellation)
    {
        try
        {
            // The pod goes, too, and is given its time to take the statement back.
            await client.DeleteAsync(
                Kinds.Job, job.Metadata.NamespaceProperty, job.Metadata.Name!, new()
                {
                    PropagationPolicy = "Background",
                    Uid = job.Metadata.Uid
                }, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.NotFound or StatusReason.Conflict)
        {
            // Gone before.
        }
    }

    private static readonly ResourceType<RawObject> RawJob = RawObject.Resource("batch", "v1", "Job", "jobs", namespaced: true);
}
