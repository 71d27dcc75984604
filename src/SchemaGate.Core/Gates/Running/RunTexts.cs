using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Running;

/// <summary>What conditions say of runs.</summary>
internal static class RunTexts
{
    /// <summary>A server's words may be many, and what is to be done stands behind them.</summary>
    private const int LongestPart = 600;

    public static string Running(Judgement judgement, RunRecord record) =>
        $"The Job {record.Job} applies {Texts.Names(judgement.Pending!)}{Tries(judgement, record.Failures + 1)}{Since(record)}."
        + (judgement.Run!.Job?.Trouble is { } trouble ? $" {trouble}" : $" Its log: `kubectl logs {Target(judgement)} job/{record.Job}`.");

    /// <summary>The last run's failure, where it is about that migration.</summary>
    public static RunFailure? FailureOf(Judgement judgement, string migration) =>
        judgement.Run?.Record is { Result: RunResult.Failed, Error: { } failure } && failure.Migration == migration ? failure : null;

    /// <summary>How the run ended that left this history without a word about any migration: killed, out of memory, gone. A sentence to add, or nothing.</summary>
    public static string Ended(Judgement judgement) =>
        judgement.Run?.Record is { Result: RunResult.Failed, Error: { Migration: null } failure } record
            && record.History == RunSettlement.Fingerprint(judgement.History!)
            ? $" The Job {record.Job} failed: {failure.Message}"
            : "";

    public static string Failed(Judgement judgement, RunFailure failure)
    {
        RunRecord record = judgement.Run!.Record!;
        string place = failure is { File: { } file, Statement: { } statement }
            ? $" {file}{(failure.Line is { } line ? $":{line}" : "")}: {statement}."
            : "";
        string hint = failure.Hint is { } text ? $" Hint: {Texts.Bounded(text, LongestPart)}" : "";
        // What lets a run begin again is said behind.
        List<string> commands = [.. failure.Next.Where(command => !command.StartsWith("schemagate migrate", StringComparison.Ordinal))
            .Select(command => $"`{command}`")];
        string next = commands.Count == 0 ? "" : $" Ways out: {string.Join("; ", commands)}.";
        return $"The Job {record.Job} failed: {Texts.Bounded(failure.Message, LongestPart)}{place}{hint}{Setting(failure)}{next} {After(judgement, record)}";
    }

    /// <summary>What in the spec may keep it from happening again.</summary>
    private static string Setting(RunFailure failure) => failure switch
    {
        { Kind: "DeadlineExceeded" } => " The limit is spec.migrate.deadline.",
        { SqlState: "57014" } => " A limit is spec.migrate.statementTimeout.",
        { SqlState: "55P03" } => " The limit is spec.migrate.lockTimeout.",
        _ => "",
    };

    public static string Unapproved(Judgement judgement)
    {
        RunEvidence run = judgement.Run!;
        string changed = run.Approval is null ? "" : " What was approved before is another plan.";
        return $"{judgement.Pending!.Count} pending ({Texts.Names(judgement.Pending)}) wait for a person (spec.policy.approval): {PlanSummary.Of(judgement)?.Risk?.ToString() ?? "unknown"} risk.{changed} "
            + $"`schemagate approve {Target(judgement)} {run.Gate} --plan {judgement.Plan?.Hash[..12]}` lets them run.";
    }

    private static string After(Judgement judgement, RunRecord record) => record.NextAttemptAt is { } at
        ? $"Try {record.Failures + 1} of {judgement.Spec.Migrate.Retries + 1} begins at {Texts.Time(at)}."
        : judgement.Unfinished.Count > 0 ? "It is tried again as soon as that is resolved."
        : $"It is tried again when the image, the history or spec.migrate changes, or by `kubectl annotate {Target(judgement)} schemagate {judgement.Run!.Gate} --overwrite {Names.Retry}=\"$(date)\"`.";

    private static string Tries(Judgement judgement, int number)
        => number == 1 ? "" : $" (try {number} of {judgement.Spec.Migrate.Retries + 1})";

    private static string Since(RunRecord record) => record.StartedAt is { } at ? $" since {Texts.Time(at)}" : "";

    private static string Target(Judgement judgement) => $"-n {judgement.Run!.Namespace}";
}
