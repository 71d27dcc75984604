using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What a gate's conditions say: a sentence or two for every <see cref="GateReason"/>.</summary>
internal static class GateWords
{
    private const int LongestCause = 200;

    public static string Of(GateReason reason) => Phrases.Bounded(reason switch
    {
        GateReason.SpecInvalid spec => string.Join(" ", spec.Problems),
        GateReason.Suspended => "The gate is suspended: nothing is released and nothing more is held. Set spec.suspend to false to go on.",
        GateReason.Unread unread => unread.Cause,
        GateReason.NotRead => ConditionWords.NotRead,
        GateReason.MigrationsInvalid invalid => $"{invalid.Image}: {string.Join(" ", invalid.Problems)}",
        GateReason.Document document => Findings(document.Path, document.Findings),
        GateReason.DatabaseIsStandby => "The URL leads to a standby, which may lag behind its primary. "
            + "Name the primary in the Secret (libpq: target_session_attrs=read-write).",
        GateReason.HistoryForeign foreign => Foreign(foreign),
        GateReason.BaselineRequired baseline => Baseline(baseline.Schema, ToolGuide.Of(baseline.Tool), baseline.Tool),
        GateReason.JobAtWork run => RunWords.AtWork(run),
        GateReason.SomebodyAtWork { Row: var row, Holder: var holder } =>
            $"{row.Name} is being applied{At(" since ", row)}.{LockWords.Of(holder)} The gate looks again by itself.",
        GateReason.Unfinished unfinished => Unfinished(unfinished),
        GateReason.RunFailed failed => RunWords.Failed(failed),
        GateReason.HistoryRegressed regressed => Regressed(regressed.Lost, regressed.Tool),
        GateReason.MigrationEdited edited => Edited(Phrases.Names(edited.Names), ToolGuide.Of(edited.Tool)),
        GateReason.MigrationOutOfOrder late => $"{Phrases.Names(late.Names)} sorts before a migration that is already applied. "
            + "Rename it to a later timestamp if it builds on that one.",
        GateReason.NeverRun { Names: var names, Tool: var tool } => NeverRun(names, ToolGuide.Of(tool).Name),
        GateReason.DatabaseAhead ahead => $"The database has {Phrases.Names(ahead.Names)}, which the image lacks. "
            + $"That is right for a rollback; other owners belong into policy.ignoreUnknown.{Phrases.Squashed(ahead.Squashed)}",
        GateReason.SchemaDrifted drifted => DriftWords.Found(drifted.Found),
        GateReason.NotCompared compared => compared.Why.Message ?? ConditionWords.NotRead,
        GateReason.Rehearsing rehearsing => RehearsalWords.Of(rehearsing),
        GateReason.RehearsalFailed failed => RehearsalWords.Of(failed),
        GateReason.RehearsalUnavailable unavailable => RehearsalWords.Of(unavailable),
        GateReason.StatementsBroken broken => RehearsalWords.Of(broken),
        GateReason.StatementsNotProven unproven => RehearsalWords.Of(unproven),
        GateReason.ContractWaits contract => RehearsalWords.Of(contract),
        GateReason.ContractStuck stuck => RehearsalWords.Of(stuck),
        GateReason.ApprovalRequired waiting => RunWords.Unapproved(waiting),
        GateReason.MigrationsPending pending => Pending(pending),
        _ => throw new InvalidOperationException($"{reason.GetType().Name} has no words"),
    });

    private static string NeverRun(IReadOnlyList<string> names, string tool) => names.Count == 1
        ? $"{names[0]} counts as applied because a later version is, and the document does not call it DEPLOYED as it does a later one: "
            + $"if its file was added since, {tool} never runs it. Give it a number above all that has run, or set its entry to DEPLOYED "
            + "if it has run."
        : $"{Phrases.Names(names)} count as applied because a later version is, and the document does not call them DEPLOYED as it does "
            + $"a later one: if their files were added since, {tool} never runs them. Give them numbers above all that has run, or set "
            + "their entries to DEPLOYED if they have run.";

    private static string Findings(string document, IReadOnlyList<Finding> findings) =>
        findings.Count > 1 && findings.All(finding => finding is { Id: FindingIds.UndocumentedMigration, Migration: not null })
        ? UndocumentedWords.Of([.. findings.Select(finding => finding.Migration!)], findings[0].Severity)
        : string.Join(" ", findings.Take(Phrases.Shown).Select(finding => Finding(document, finding)))
        + (findings.Count > Phrases.Shown ? $" And {findings.Count - Phrases.Shown} more: see `schemagate verify`." : "");

    private static string Finding(string document, Finding finding) =>
        finding.Span is { } span ? $"{document}:{span.Line}: {finding.Message}" : finding.Message;

    private static string Foreign(GateReason.HistoryForeign foreign)
    {
        string migrations = foreign.Migrations is { } tool
            ? $"the migrations are {ToolGuide.Of(tool).Name}'s."
            : "nothing says that the required migration is that tool's.";
        return $"The database has {ToolGuide.Of(foreign.History).Name}'s history, and {migrations} "
            + "Name the tool that is meant in spec.database.tool (--tool).";
    }

    private static string Baseline(string schema, ToolGuide guide, MigrationTool tool)
    {
        string once = $"Baseline it once: `{guide.Baseline}`";
        return $"Schema \"{schema}\" has tables but no table {guide.Table}" + (tool == MigrationTool.Flyway
            ? $", which Flyway refuses. {once}."
            : $" (Prisma's P3005). {once}, with `--through <migration>` if the tables contain only the first of the migrations.");
    }

    private static string Unfinished(GateReason.Unfinished reason)
    {
        HistoryRow row = reason.Row;
        string begun = $"{row.Name} was begun{At(" on ", row)} and has not finished{Cause(row.Logs)}.";
        string next = reason.Tool == MigrationTool.Prisma
            ? WaysOut(ShellWord.Of(row.Name), reason.InOneTransaction)
            : $"See what of it is in the database, then {ToolGuide.Of(reason.Tool).AfterFailure}.";
        string run = reason.LeftBy is { } record ? $" The Job {record.Job} failed: {record.Error!.Message}" : "";
        return $"{begun} {next}{run}";
    }

    /// <summary>Who has to choose is told what to look at: the row is the same whatever is left.</summary>
    private static string WaysOut(string name, bool? isOneTransaction)
    {
        string again = $"`schemagate resolve --rolled-back {name}` lets it run again";
        string done = $"`schemagate resolve --applied {name}` says that it is done";
        return isOneTransaction switch
        {
            true => $"`schemagate migrate` runs it in one transaction: if that ran it, nothing of it remains, and {again}. "
                + $"Another tool may have committed a part of it (Prisma does since 7.4): see what of it is in the database; "
                + $"if all is, {done}.",
            false => "It runs statement by statement, and what those before the last one did remains: see what of it is in the database. "
                + $"If nothing is, {again}; if all is, {done}; if a part is, take that back or do the rest by hand first.",
            null => $"See what of it is in the database. If nothing is, {again}; if all is, {done}; "
                + "if a part is, take that back or do the rest by hand first.",
        };
    }

    /// <summary>The server's own sentence; the rest of a log may quote SQL or data, which belong into no status.</summary>
    private static string Cause(string? logs)
    {
        string line = (logs ?? "").Split('\n').Select(part => part.Trim())
            .FirstOrDefault(part => part.Contains("ERROR:", StringComparison.Ordinal)) ?? "";
        return line.Length == 0 ? "" : $" ({Phrases.Bounded(line, LongestCause)})";
    }

    /// <summary>When a row was begun, behind a word; nothing where its tool keeps no time.</summary>
    private static string At(string word, HistoryRow row) =>
        row.StartedAt == DateTimeOffset.MinValue ? "" : $"{word}{Phrases.Time(row.StartedAt)}";

    private static string Regressed(Release lost, MigrationTool tool)
    {
        string record = tool == MigrationTool.Prisma
            ? $"`schemagate resolve --applied {ShellWord.Of(lost.Through!)}`"
            : $"put its row back into {ToolGuide.Of(tool).Table}";
        return $"{lost.Through} was applied in this database on {Phrases.Time(lost.At)} and is not in its history any more: was a backup "
            + $"restored? Apply the migrations again ({Phrases.Apply(tool)}), or {record} if the schema "
            + "still has what it does; nothing that runs is stopped.";
    }

    private static string Edited(string names, ToolGuide guide) =>
        $"The file of {names} is not the one that was applied. Bring the old text back and put the change into a new migration"
        + (guide.AcceptEdit is { } accept ? $"; or `{accept}` if the edit changes nothing that ran." : ".");

    private static string Pending(GateReason.MigrationsPending reason)
    {
        string are = reason.Pending.Count == 1 ? "is" : "are";
        string pending = $"{reason.Pending.Count} of {reason.Required} migrations {are} not applied: {Phrases.Names(reason.Pending)}.";
        return reason.Beside switch
        {
            PendingBeside.EmptyHistory { Schema: var schema, Baseline: var baseline } =>
                $"{pending} The history is there and empty, and schema \"{schema}\" has tables: if they are what the migrations build, "
                + $"record that first: `{baseline}`. Otherwise: {RunWords.Next(reason.By)}",
            PendingBeside.UnknownHeads { Tool: var tool, Heads: var heads } =>
                $"The database is at {Phrases.Names(heads)}, which these migrations lack, so which of them are applied cannot be told: "
                + $"{ToolGuide.Of(tool).Name}'s history names the last one only. Take a version of the migrations that has it.",
            PendingBeside.Skipped { Tool: var tool, Names: var names } =>
                $"{pending} {ToolGuide.Of(tool).Name} runs only what its journal dates later than the last that it ran, so it passes over "
                + $"{Phrases.Names(names)}: generate that anew, or give it a later time in the journal.",
            _ => $"{pending} {RunWords.Next(reason.By)}",
        };
    }
}
