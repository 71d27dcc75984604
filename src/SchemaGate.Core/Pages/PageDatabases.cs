using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Migrations.Layouts;

namespace SchemaGate.Core.Pages;

/// <summary>What is applied where.</summary>
public static class PageDatabases
{
    /// <summary>As a database's own history says.</summary>
    /// <param name="name">What the reader calls it.</param>
    /// <param name="evidence">The database as it was read.</param>
    /// <param name="set">The migrations that are asked about.</param>
    public static PageDatabase Of(string name, Evidence<DatabaseState> evidence, MigrationSet set) => evidence switch
    {
        Evidence<DatabaseState>.Found { Value: var state } => Of(name, state, set),
        Evidence<DatabaseState>.Missing { Message: var message } => Unknown(name, null, message),
        Evidence<DatabaseState>.Unreachable { Message: var message } => Unknown(name, null, message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>As a gate's status says, whose lists are cut: behind the last pending name that it has room for nothing is known.</summary>
    /// <param name="identity">Which database; null where that is not known.</param>
    /// <param name="names">The required migrations, in the set's order.</param>
    /// <param name="told">What the status says; null where it does not.</param>
    public static PageDatabase OfStatus(string name, string? identity, IReadOnlyList<string> names, ToldMigrations? told)
    {
        if (told is null)
        {
            return Unknown(name, identity, "The gate's status does not say what is applied.");
        }

        HashSet<string> pending = told.Pending.ToHashSet(StringComparer.Ordinal);
        HashSet<string> edited = told.Edited.ToHashSet(StringComparer.Ordinal);
        HashSet<string> failed = told.Failed.ToHashSet(StringComparer.Ordinal);
        bool isCut = pending.Count < told.Required - told.Applied;
        int known = isCut && told.Pending is [.., var last] ? names.ToList().IndexOf(last) + 1 : names.Count;
        Dictionary<string, AppliedFact> facts = new(StringComparer.Ordinal);
        foreach (string migration in names.Take(Math.Min(known, told.Required)))
        {
            AppliedState applied = edited.Contains(migration) ? AppliedState.Edited : AppliedState.Applied;
            facts[migration] = new(pending.Contains(migration) ? AppliedState.NotApplied : applied);
        }

        foreach (string migration in failed)
        {
            facts[migration] = new(AppliedState.Unfinished);
        }

        return new(name, identity, isCut ? "The gate's status names only the first of the pending migrations." : null, facts);
    }

    private static PageDatabase Of(string name, DatabaseState state, MigrationSet set)
    {
        string identity = state.Identity.ToString();
        if (state.IsStandby)
        {
            return Unknown(name, identity, "It is a standby, which may lag behind.");
        }

        if (state.History is { } known && known.Tool != set.Tool)
        {
            return Unknown(name, identity, $"Its history is {known.Tool}'s, and the migrations are {set.Tool}'s.");
        }

        if (state is { History: null, HasTables: true })
        {
            return Unknown(name, identity, "It has tables and no history.");
        }

        MigrationHistory history = MigrationLayouts.Named(state.History ?? MigrationHistory.Empty, set, []);
        ILookup<string, HistoryRow> rows = history.Rows.ToLookup(row => row.Name, StringComparer.Ordinal);
        return new(name, identity, null, set.Migrations.ToDictionary(
            migration => migration.Name, migration => Fact(migration, history, rows[migration.Name]), StringComparer.Ordinal));
    }

    private static AppliedFact Fact(Migration migration, MigrationHistory history, IEnumerable<HistoryRow> rows)
    {
        if (history.Applied.TryGetValue(migration.Name, out HistoryRow? applied))
        {
            AppliedState state = migration.Checksum.Matches(applied.Checksum) ? AppliedState.Applied : AppliedState.Edited;
            return new(state, applied.IsInferred ? null : applied.FinishedAt);
        }

        return rows.LastOrDefault() switch
        {
            { State: HistoryRowState.RolledBack } row => new(AppliedState.RolledBack, row.RolledBackAt),
            { } row => new(AppliedState.Unfinished, row.StartedAt == DateTimeOffset.MinValue ? null : row.StartedAt),
            null => new(AppliedState.NotApplied),
        };
    }

    private static PageDatabase Unknown(string name, string? identity, string problem) =>
        new(name, identity, problem, new Dictionary<string, AppliedFact>(StringComparer.Ordinal));
}

/// <summary>The migrations as a gate's status counts and names them.</summary>
/// <param name="Pending">The first of those that are not applied, in the set's order.</param>
public sealed record ToldMigrations(
    int Required, int Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Failed, IReadOnlyList<string> Edited);
