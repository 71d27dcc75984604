using System.Globalization;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates;

/// <summary>What makes of pending migrations more than something to be applied.</summary>
public abstract record PendingBeside
{
    private PendingBeside()
    {
    }

    /// <summary>The history is there and empty, the schema has tables: what is pending may have been applied by hand.</summary>
    public sealed record EmptyHistory(string Schema, string Baseline) : PendingBeside;

    /// <summary>The history names revisions that the files lack, so that nobody can tell what they build on.</summary>
    public sealed record UnknownHeads(MigrationTool Tool, IReadOnlyList<string> Heads) : PendingBeside;

    /// <summary>The tool passes over them: it runs only what is newer than the last that it ran.</summary>
    public sealed record Skipped(MigrationTool Tool, IReadOnlyList<string> Names) : PendingBeside;

    /// <summary>Null where nothing is.</summary>
    internal static PendingBeside? Of(Judgement judgement) => judgement switch
    {
        { State: { History: { Rows.Count: 0 }, HasTables: true } state } when ToolGuide.Of(judgement.Tool).Baseline is { } baseline =>
            new EmptyHistory(state.Identity.Schema, baseline),
        { Tool: MigrationTool.Alembic, History: { } history, Image.Migrations: var set } when Lacked(history, set) is [_, ..] heads =>
            new UnknownHeads(judgement.Tool, heads),
        { Tool: MigrationTool.Drizzle, State.History: { } history, Pending: { } pending, Image: not null }
            when Passed(history, judgement.Of(pending)) is { Count: > 0 } passed => new Skipped(judgement.Tool, passed),
        _ => null,
    };

    private static List<string> Lacked(MigrationHistory history, MigrationSet set) =>
        [.. history.Rows.Select(row => row.Name).Except(set.Names, StringComparer.Ordinal)];

    /// <summary>drizzle-orm compares a journal entry's time with that of the last row (pg-core/dialect.ts, migrate).</summary>
    private static List<string> Passed(MigrationHistory history, List<Migration> pending)
    {
        long last = history.Rows.Select(row => Time(row.Name)).DefaultIfEmpty(long.MinValue).Max();
        return [.. pending.Where(migration => Time(migration.Key) is > long.MinValue and var at && at <= last)
            .Select(migration => migration.Name)];
    }

    private static long Time(string key) => long.TryParse(key, CultureInfo.InvariantCulture, out long time) ? time : long.MinValue;
}
