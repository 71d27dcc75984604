using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>Tells transitions: an event on the object and one line in the log.</summary>
internal sealed partial class Announcer(EventRecorder events, ILogger<Announcer> logger)
{
    public void Gate(SchemaGateResource gate, Decision decision)
    {
        Instruments.Turned(decision.Verdict.ToString(), decision.Reason);
        LogVerdict(gate.Metadata.NamespaceProperty, gate.Metadata.Name, decision.Verdict, decision.Reason, decision.Message);
        V1ObjectReference regarding = SchemaGateResource.Resource.ReferenceTo(gate);
        events.Record(new(regarding, decision.Verdict == Verdict.Open, "Judge", decision.Reason, decision.Message));
    }

    /// <summary>A write that the API server refuses, once for each of its words.</summary>
    public void Refused(SchemaGateResource gate, Decision decision)
    {
        string? before = gate.Status?.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.WriteRefused)?.Message;
        if (decision.Conditions.FirstOrDefault(condition => condition.Type == GateConditions.WriteRefused) is { Message: var now }
            && now != before)
        {
            Tell(gate, false, "Write", Reasons.WriteRefused, now);
        }
    }

    /// <summary>That the gate's receiver was told, or was not; once for each of its words, however often it is tried.</summary>
    public void Notified(SchemaGateResource gate, Decision decision)
    {
        string? before = gate.Status?.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.Notified)?.Message;
        if (decision.Conditions.FirstOrDefault(condition => condition.Type == GateConditions.Notified) is { } now
            && now.Status != ConditionStatus.Unknown && now.Message != before)
        {
            Tell(gate, now.Status == ConditionStatus.True, "Notify", now.Reason, now.Message);
        }
    }

    /// <summary>A run that began or ended since the status of before.</summary>
    public void Run(SchemaGateResource gate, RunRecord? before, Decision decision)
    {
        if (decision.Run is not { } run || (before?.Job == run.Job && before.Result == run.Result))
        {
            return;
        }

        Count(run);
        (string reason, string message) = run.Result switch
        {
            null => ("RunStarted", $"The Job {run.Job} applies the pending migrations (plan {run.Plan[..12]})."),
            RunResult.Succeeded => ("RunSucceeded", $"The Job {run.Job} has ended, and the history has every migration."),
            RunResult.Canceled => (
                "RunCanceled",
                $"The Job {run.Job} is ended: {(decision.Action as RunAction.Cancel)?.Message ?? "it is not needed any more"}."),
            _ => ("RunFailed", $"The Job {run.Job} failed: {run.Error?.Message}"),
        };
        Tell(gate, run.Result is null or RunResult.Succeeded, "Migrate", reason, message);
    }

    /// <summary>A rehearsal that began or ended since the status of before.</summary>
    public void Rehearsal(SchemaGateResource gate, RehearsalRecord? before, Decision decision)
    {
        if (decision.Rehearsal is not { } now || (before?.Job == now.Job && before.Result == now.Result))
        {
            return;
        }

        // What had ended, and now counts no more, has been counted; what never began took no time.
        bool hasEnded = before?.Job == now.Job && before.Result is not null;
        if (now.Result is { } ended && !hasEnded && now.FinishedAt - now.StartedAt is { } took)
        {
            Instruments.RehearsalEnded(ended.ToString(), took);
        }

        string told = string.Join(' ', decision.Conditions
            .Where(condition => condition.Type is GateConditions.Rehearsed or GateConditions.RunningCodeSurvives)
            .Select(condition => condition.Message));
        (string reason, string message) = now.Result switch
        {
            null => ("RehearsalStarted", $"The Job {now.Job} rehearses the pending migrations in a scratch database."),
            RehearsalResult.Passed => ("RehearsalPassed", told),
            RehearsalResult.Canceled => ("RehearsalCanceled", Canceled(gate, now, hasEnded)),
            RehearsalResult.Failed => (Reasons.RehearsalFailed, told),
            _ => (Reasons.RehearsalUnavailable, told),
        };
        Tell(gate, now.Result is not (RehearsalResult.Failed or RehearsalResult.Unavailable), "Rehearse", reason, message);
    }

    private static string Canceled(SchemaGateResource gate, RehearsalRecord now, bool hadEnded)
    {
        string why = gate.Spec.Rehearsal?.Mode == nameof(RehearsalMode.BeforeRun) ? "nothing is pending" : "spec.rehearsal asks for none";
        return hadEnded ? $"What the Job {now.Job} found counts no more: {why}." : $"The Job {now.Job} is not needed any more: {why}.";
    }

    /// <summary>What a person has approved or opened since the status of before.</summary>
    public void Claims(SchemaGateResource gate, SchemaGateStatus status)
    {
        if (status.Plan is { Approval: { } approval } plan && gate.Status?.Plan?.Approval != approval)
        {
            Instruments.Approved();
            Tell(gate, true, "Approve", "Approved", $"{approval.By} approved the plan {plan.Hash?[..12]}.");
        }

        if (status.Loosened is { } loosened && gate.Status?.Loosened != loosened)
        {
            Instruments.Loosened();
            Tell(gate, false, "Loosen", "Loosened", $"{loosened.By} made this gate let more through than before: {loosened.What}.");
        }

        if (status.Override is { } opened && gate.Status?.Override != opened)
        {
            Instruments.Overridden();
            Tell(
                gate,
                false,
                "Open",
                "Overridden",
                $"{opened.By} opened the gate for {opened.Requires} until {opened.Until:u}, whatever closes it: {opened.Reason}");
        }
    }

    /// <summary>What is released since the status of before: counted, because whoever waits for it is told.</summary>
    public static void Releases(SchemaGateResource gate, SchemaGateStatus status)
    {
        HashSet<ReleaseStatus> before = [.. gate.Status?.Released ?? []];
        foreach (ReleaseStatus release in (status.Released ?? []).Where(release => !before.Contains(release)))
        {
            Instruments.Released(release.Reason ?? "");
        }
    }

    /// <summary>What was refused and has been judged since the status of before; who asks again and again is counted.</summary>
    public void Refusals(SchemaGateResource gate, SchemaGateStatus status)
    {
        foreach (AskedStatus asked in (status.Asked ?? [])
            .Where(asked => asked.Reason is not null && gate.Status?.Asked?.Contains(asked) != true))
        {
            string message = $"A change of {asked.By} to {asked.Requires} was refused: {asked.Reason}: {asked.Message}";
            Tell(gate, false, "Gate", "Refused", message);
        }
    }

    private static void Count(RunRecord run)
    {
        if (run.Result is { } result)
        {
            Instruments.RunEnded(
                result.ToString(), result == RunResult.Failed ? run.Error?.Class.ToString() : null, run.FinishedAt - run.StartedAt);
        }
        else
        {
            Instruments.RunStarted();
        }
    }

    private void Tell(SchemaGateResource gate, bool isNormal, string action, string reason, string message)
    {
        LogGate(gate.Metadata.NamespaceProperty, gate.Metadata.Name, reason, message);
        events.Record(new(SchemaGateResource.Resource.ReferenceTo(gate), isNormal, action, reason, message));
    }

    public void Workload(GatedWorkload workload, HoldOutcome outcome, Pause pause)
    {
        (string reason, string message) = (outcome, pause.Paused) switch
        {
            (HoldOutcome.Held { Why: var why }, _) => ("Held", $"{why.Reason}: {why.Message} A new revision waits; what runs goes on "
                + $"running.{(workload.WayBack(pause) is { } command ? $" To go back: `{command}`." : "")}"),
            (_, true) => ("Released", "Nothing holds this revision any more. It stays paused, as its owner asked: "
                + "`kubectl rollout resume` goes on."),
            (_, false) => ("Released", "Nothing holds this revision any more."),
        };
        LogWorkload(workload.Word, workload.Metadata.NamespaceProperty, reason, message);
        events.Record(new(workload.Reference, outcome is HoldOutcome.Pass, "Gate", reason, message));
    }

    /// <summary>A revision that its controller would not have scaled from zero.</summary>
    public void Revived(GatedWorkload workload, string revision)
    {
        string message = $"The revision {revision} ran last and comes back from zero replicas; a newer one, which Kubernetes would have "
            + "scaled, is not released.";
        LogWorkload(workload.Word, workload.Metadata.NamespaceProperty, "Revived", message);
        events.Record(new(workload.Reference, true, "Gate", "Revived", message));
    }

    /// <summary>A revision that runs and that nobody was asked about.</summary>
    public void Unasked(GatedWorkload workload, Revision revision)
    {
        string message = $"The revision {revision.Name} was made while SchemaGate's webhooks were deleted or changed, so nobody judged it. "
            + $"It goes on running, and is released only when what it requires is there: {revision.Requires}.";
        LogUnasked(workload.Word, workload.Metadata.NamespaceProperty, message);
        events.Record(new(workload.Reference, false, "Gate", "Unasked", message));
    }

    public void Pod(Pod pod, bool isHeld, string reason, string message)
    {
        string text = isHeld ? $"{reason}: {message} The pod waits, and starts by itself." : message;
        LogPod(pod.Metadata.NamespaceProperty, pod.Metadata.Name, isHeld ? "Held" : "Released", text);
        events.Record(new(Api.Pod.Resource.ReferenceTo(pod), !isHeld, "Gate", isHeld ? "Held" : "Released", text));
    }

    [LoggerMessage(1200, LogLevel.Information, "gate {Namespace}/{Name} is {Verdict}: {Reason}: {Message}")]
    private partial void LogVerdict(string? @namespace, string? name, Verdict verdict, string reason, string message);

    [LoggerMessage(1201, LogLevel.Information, "gate {Namespace}/{Name}: {Reason}: {Message}")]
    private partial void LogGate(string? @namespace, string? name, string reason, string message);

    [LoggerMessage(1202, LogLevel.Information, "{Workload} in {Namespace}: {Reason}: {Message}")]
    private partial void LogWorkload(string workload, string? @namespace, string reason, string message);

    [LoggerMessage(1204, LogLevel.Warning, "{Workload} in {Namespace}: Unasked: {Message}")]
    private partial void LogUnasked(string workload, string? @namespace, string message);

    [LoggerMessage(1203, LogLevel.Information, "pod {Namespace}/{Name}: {Reason}: {Message}")]
    private partial void LogPod(string? @namespace, string? name, string reason, string message);
}
