using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said of runs.</summary>
internal static class RunWords
{
    /// <summary>A server's words may be many, and what is to be done stands behind them.</summary>
    private const int LongestPart = 600;

    public const string JobGone = "its Job is gone, and not by SchemaGate: it was deleted, or its pod was.";

    public const string NoReport = "its pod failed and left no report: read its log.";

    public static string NothingApplied(IReadOnlyList<string> pending)
    {
        string are = pending.Count == 1 ? "is" : "are";
        return $"its pod ended well, and {Phrases.Names(pending)} {are} not in the history of the gate's database. "
            + "Does spec.migrate name the same database and schema?";
    }

    public static string AtWork(GateReason.JobAtWork reason)
    {
        RunRecord record = reason.Run.Record!;
        string tries = record.Failures == 0 ? "" : $" (try {record.Failures + 1} of {reason.Retries + 1})";
        string since = record.StartedAt is { } at ? $" since {Phrases.Time(at)}" : "";
        string more = reason.Run.Job?.Trouble ?? $"Its log: `kubectl logs {Target(reason.Run)} job/{record.Job}`.";
        return $"The Job {record.Job} applies {Phrases.Names(reason.Pending)}{tries}{since}. {more}";
    }

    public static string Failed(GateReason.RunFailed reason)
    {
        RunRecord record = reason.Run.Record!;
        RunFailure failure = record.Error!;
        string hint = failure.Hint is { } text ? $" Hint: {Phrases.Sentence(Phrases.Bounded(text, LongestPart))}" : "";
        string message = Phrases.Sentence(Phrases.Bounded(failure.Message, LongestPart));
        return $"The Job {record.Job} failed: {message}{Place(failure)}{hint}{Setting(failure)}{WaysOut(failure)} {Again(reason, record)}";
    }

    public static string Unapproved(GateReason.ApprovalRequired reason)
    {
        RunEvidence run = reason.Run;
        string changed = run.Approval is null ? "" : " What was approved before is another plan.";
        string risk = reason.Plan?.Risk?.ToString() ?? "unknown";
        return $"{reason.Pending.Count} pending ({Phrases.Names(reason.Pending)}) wait for a person (spec.policy.approval): "
            + $"{risk} risk.{changed} `schemagate approve {Target(run)} {run.Gate} --plan {reason.Plan?.Hash?[..12]}` lets them run.";
    }

    /// <summary>Who applies what is pending, or how.</summary>
    public static string Next(AppliedBy by) => by switch
    {
        AppliedBy.WhoRuns { Tool: var tool, Holder: var holder } => Locked(ToolGuide.Of(tool), holder),
        AppliedBy.Nobody { Obstacle: RunObstacle.OfOperator { Cause: var cause } } => cause,
        AppliedBy.Nobody { Obstacle: RunObstacle.OtherTool { Tool: var tool } } => OtherTool(ToolGuide.Of(tool)),
        AppliedBy.Job => "A Job applies them as soon as nothing else closes the gate.",
        AppliedBy.Others { Tool: var tool } => $"Apply with {Phrases.Apply(tool)}.",
        _ => throw new InvalidOperationException($"{by.GetType().Name} has no words"),
    };

    /// <summary>Why a run is ended before its time, as a clause.</summary>
    public static string Of(CancelReason reason) => reason switch
    {
        CancelReason.ModeIsExternal => "spec.migrate.mode is External now",
        CancelReason.AnotherImage => "the gate asks for another image now",
        CancelReason.AnotherPlan => "the gate asks for another image, database or runner now",
        CancelReason.MoreIsPending => "more is pending than when the run was decided",
        _ => "the gate is suspended",
    };

    /// <summary>A lock that is a row in a table outlives who took it.</summary>
    private static string Locked(ToolGuide guide, LockHolder? holder) => guide.AfterCrash is { } command
        ? $"{guide.Name}'s lock is held: a run is in progress, or one has died.{LockWords.Of(holder)} If nobody runs, `{command}`."
        : $"A run is in progress; the gate looks again by itself.{LockWords.Of(holder)}";

    private static string OtherTool(ToolGuide guide) =>
        $"No Job is made: these are {guide.Name}'s migrations, and SchemaGate's own pod applies Prisma's only. "
        + $"Give spec.migrate.template a pod that runs `{guide.Apply}`, or set spec.migrate.mode to External and run that elsewhere.";

    private static string Place(RunFailure failure)
    {
        string line = failure.Line is { } number ? $":{number}" : "";
        return failure is { File: { } file, Statement: { } statement } ? $" {file}{line}: {statement}." : "";
    }

    /// <summary>What in the spec may keep it from happening again.</summary>
    private static string Setting(RunFailure failure) => failure switch
    {
        { Kind: "DeadlineExceeded" } => " The limit is spec.migrate.deadline.",
        { SqlState: "57014" } => " A limit is spec.migrate.statementTimeout.",
        { SqlState: "55P03" } => " The limit is spec.migrate.lockTimeout.",
        _ => "",
    };

    /// <summary>What lets a run begin again is said behind.</summary>
    private static string WaysOut(RunFailure failure)
    {
        List<string> commands = [.. failure.Next.Where(command => !command.StartsWith("schemagate migrate", StringComparison.Ordinal))
            .Select(command => $"`{command}`")];
        return commands.Count == 0 ? "" : $" Ways out: {string.Join("; ", commands)}.";
    }

    private static string Again(GateReason.RunFailed reason, RunRecord record) => (record.NextAttemptAt, reason.Unresolved) switch
    {
        ({ } at, _) => $"Try {record.Failures + 1} of {reason.Retries + 1} begins at {Phrases.Time(at)}.",
        (null, true) => "It is tried again as soon as that is resolved.",
        _ => "It is tried again when the image, the history or spec.migrate changes, or by "
            + $"`{Retry(reason.Run)}`.",
    };

    internal static string Retry(RunEvidence run) =>
        $"kubectl annotate {Target(run)} schemagate {run.Gate} --overwrite {Names.Retry}=\"$(date)\"";

    private static string Target(RunEvidence run) => $"-n {run.Namespace}";
}
