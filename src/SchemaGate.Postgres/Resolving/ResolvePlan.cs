using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.Resolving;

/// <summary>
/// What an action means beside one history: pure. The rows are Prisma's (its source: schema-engine, mark_migration_applied.rs and
/// mark_migration_rolled_back.rs); what would repeat what the history says already is no error.
/// </summary>
internal sealed class ResolvePlan(DatabaseState state, MigrationSet set)
{
    private readonly IReadOnlyList<HistoryRow> _rows = state.History?.Rows ?? [];

    public IReadOnlyList<ResolveStep> Steps(ResolveAction action) => action switch
    {
        ResolveAction.MarkApplied mark => Each(mark.Migrations, Apply),
        ResolveAction.MarkRolledBack mark => Each(mark.Migrations, RollBack),
        ResolveAction.AcceptChecksum accept => Each(accept.Migrations, Accept),
        ResolveAction.Baseline baseline => Baseline(baseline.Through),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IReadOnlyList<ResolveStep> Each(IReadOnlyList<string> names, Func<string, ResolveStep> step) =>
        [.. names.Distinct(StringComparer.Ordinal).Select(step)];

    private ResolveStep Apply(string name)
    {
        List<HistoryRow> failed = Rows(name, HistoryRowState.Unfinished);
        // A row has the checksum of the file that ran.
        if ((Find(name)
            ?? (failed is [.., var last] ? new Migration(name, "", MigrationChecksum.Exactly(last.Checksum)) : null)) is not { } migration)
        {
            return NoFile(name);
        }

        string before = failed.Count switch
        {
            0 => ".",
            1 => "; its failed row is kept, marked as rolled back.",
            _ => $"; its {failed.Count} failed rows are kept, marked as rolled back.",
        };
        return Rows(name, HistoryRowState.Applied).Count > 0
            ? ResolveStep.Of(name, ResolutionKind.Unchanged, "is applied already: nothing to do (Prisma's P3008).")
            : ResolveStep.Of(
                name, ResolutionKind.Applied, $"is marked as applied{before}",
                [.. failed.Select(row => new HistoryEdit.RollBack(row)), new HistoryEdit.Insert(migration)]);
    }

    private ResolveStep RollBack(string name)
    {
        if (Rows(name, HistoryRowState.Applied).Count > 0)
        {
            return ResolveStep.Refuse(
                $"{name} is applied; only a failed migration can be marked as rolled back (Prisma's P3012). To take back what it did, "
                    + "write a new migration.");
        }

        List<HistoryRow> failed = Rows(name, HistoryRowState.Unfinished);
        if (failed.Count > 0)
        {
            return ResolveStep.Of(
                name, ResolutionKind.RolledBack, "is marked as rolled back: it runs again with the next migrate.",
                [.. failed.Select(row => new HistoryEdit.RollBack(row))]);
        }

        return Rows(name, HistoryRowState.RolledBack).Count > 0
            ? ResolveStep.Of(name, ResolutionKind.Unchanged, "is marked as rolled back already: nothing to do.")
            : ResolveStep.Refuse($"The history has no {name}: it never ran in this database (Prisma's "
                + $"P3011){Hint(name, _rows.Select(row => row.Name).Distinct(StringComparer.Ordinal))}.");
    }

    private ResolveStep Accept(string name)
    {
        if (Find(name) is not { } migration)
        {
            return NoFile(name);
        }

        List<HistoryRow> applied = Rows(name, HistoryRowState.Applied);
        List<HistoryRow> edited = applied.FindAll(row => !migration.Checksum.Matches(row.Checksum));
        if (applied.Count == 0)
        {
            return ResolveStep.Refuse($"{name} is not applied, so there is no checksum to accept: it runs with its file as it is then.");
        }

        return edited.Count == 0
            ? ResolveStep.Of(name, ResolutionKind.Unchanged, "has its file's checksum already: nothing to do.")
            : ResolveStep.Of(
                name, ResolutionKind.ChecksumAccepted,
                $"has its file's checksum now ({migration.Checksum.Value}; before: {edited[^1].Checksum}).",
                [.. edited.Select(row => new HistoryEdit.SetChecksum(row, migration.Checksum))]);
    }

    private IReadOnlyList<ResolveStep> Baseline(string? through)
    {
        if (through is not null && Find(through) is null)
        {
            return [NoFile(through)];
        }

        if (_rows.Count > 0)
        {
            return [ResolveStep.Refuse(
                $"The schema \"{state.Identity.Schema}\" has a migration history of {_rows.Count} {(_rows.Count == 1 ? "row" : "rows")}, "
                    + "and a baseline is for one that has none. "
                + "Mark what the history lacks with --applied.")];
        }

        int count = through is null ? set.Names.Count : set.Names.TakeWhile(name => name != through).Count() + 1;
        return !state.HasTables
            ? [ResolveStep.Refuse(
                $"The schema \"{state.Identity.Schema}\" has no tables: marking migrations as applied would leave it without them. "
                    + "Apply them with `schemagate migrate`.")]
            : [.. set.Migrations.Take(count).Select(migration =>
                ResolveStep.Of(migration.Name, ResolutionKind.Applied, "is marked as applied.", new HistoryEdit.Insert(migration)))];
    }

    private Migration? Find(string name) => set.Migrations.FirstOrDefault(migration => migration.Name == name);

    private List<HistoryRow> Rows(string name, HistoryRowState wanted) => [.. _rows.Where(row => row.Name == name && row.State == wanted)];

    private ResolveStep NoFile(string name) =>
        ResolveStep.Refuse($"There is no migration {name} (Prisma's P3017){Hint(name, set.Names)}. "
            + "A migration's name is that of its directory, all of it.");

    private static string Hint(string name, IEnumerable<string> names) => NearestNames.Hint(name, names);
}
