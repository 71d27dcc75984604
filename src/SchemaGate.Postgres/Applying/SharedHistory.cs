using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// One history table that two applications share. Prisma stops at anybody's failed row (P3009); here a row of which the caller says that it
/// is somebody else's stops nothing, as in the gate's judgement (<c>policy.ignoreUnknown</c>). The set's own rows always count.
/// </summary>
internal static class SharedHistory
{
    /// <summary>The state without others' unfinished rows.</summary>
    public static DatabaseState Without(DatabaseState state, MigrationSet set, IReadOnlyList<string> others) =>
        state.History is not { Unfinished.Count: > 0 } history
        ? state
        : state with
        {
            History = new([.. history.Rows.Where(row => row.State != HistoryRowState.Unfinished || Has(set, row.Name)
                || !others.Any(glob => Glob.Matches(glob, row.Name)))]),
        };

    /// <summary>What stands in the way, and how to say that it is somebody else's.</summary>
    public static ApplyFailure Explain(ApplyFailure standing, MigrationSet set) =>
        standing is not { Kind: DatabaseFailure.MigrationUnfinished, Migration: { } name } || Has(set, name)
        ? standing
        : standing with
        {
            Message = $"{standing.Message} It is none of these migrations: another application may share the history, "
                + "and then its team resolves it.",
            NextCommands = [
                .. standing.NextCommands, $"schemagate migrate --ignore-unknown {ShellWord.Of(name)}  # if it is another application's",
            ],
        };

    private static bool Has(MigrationSet set, string name) => set.Names.Contains(name, StringComparer.Ordinal);
}
