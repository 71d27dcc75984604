using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Api;

/// <summary>A gate's last run to and from its status: everything that the next step needs goes both ways.</summary>
internal static class RunMapping
{
    public static RunRecord? Record(RunStatus? status)
    {
        if (status is not { Job: { } job, Plan: { } plan, Scope: { } scope })
        {
            return null;
        }

        return new(job, plan, scope, status.Attempt ?? 1, status.Failures ?? 0)
        {
            StartedAt = status.StartedAt,
            FinishedAt = status.FinishedAt,
            Result = Enum.TryParse(status.Result, out RunResult result) ? result : null,
            Error = Failure(status.Error),
            NextAttemptAt = status.NextAttemptAt,
            History = status.History,
            Retry = status.Retry,
            Image = status.Image,
            Settings = status.Settings,
        };
    }

    public static RunStatus? Status(RunRecord? record)
    {
        if (record is null)
        {
            return null;
        }

        return new()
        {
            Job = record.Job,
            Plan = record.Plan,
            Scope = record.Scope,
            Attempt = record.Attempt,
            Failures = record.Failures,
            StartedAt = Time(record.StartedAt),
            FinishedAt = Time(record.FinishedAt),
            Result = record.Result?.ToString(),
            Error = record.Error is { } error ? Error(error) : null,
            NextAttemptAt = Time(record.NextAttemptAt),
            History = record.History,
            Retry = record.Retry,
            Image = record.Image,
            Settings = record.Settings,
        };
    }

    public static OverrideStatus? Status(Override? opened, DateTimeOffset now) => opened is null || opened.Until <= now ? null
        : new() { Requires = opened.Requires, Reason = opened.Reason, By = opened.By, At = Time(opened.At), Until = Time(opened.Until) };

    public static LoosenedStatus? Status(Loosened? loosened) => loosened is null ? null
        : new() { What = loosened.What, By = loosened.By, At = Time(loosened.At) };

    /// <summary>Whole seconds, as Kubernetes keeps them, and never earlier than said.</summary>
    internal static DateTime? Time(DateTimeOffset? time) => time is { } at
        ? DateTimeOffset.FromUnixTimeSeconds((at.ToUnixTimeMilliseconds() + 999) / 1000).UtcDateTime
        : null;

    internal static RunFailure? Failure(RunErrorStatus? error) => error is not { Message: { } message } ? null : new(
        Enum.TryParse(error.Class, out FailureClass known) ? known : FailureClass.Unknown, error.Kind ?? "", message)
    {
        Migration = error.Migration,
        File = error.File,
        Line = error.Line,
        Statement = error.Statement,
        SqlState = error.SqlState,
        Hint = error.Hint,
        RolledBack = error.RolledBack,
        Next = error.Next ?? [],
    };

    internal static RunErrorStatus Error(RunFailure failure) => new()
    {
        Class = failure.Class.ToString(),
        Kind = failure.Kind,
        Message = failure.Message,
        Migration = failure.Migration,
        File = failure.File,
        Line = failure.Line,
        Statement = failure.Statement,
        SqlState = failure.SqlState,
        Hint = failure.Hint,
        RolledBack = failure.RolledBack,
        Next = failure.Next.Count == 0 ? null : failure.Next,
    };
}
