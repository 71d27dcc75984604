using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Migrations.Layouts;

namespace SchemaGate.Core.Changelogs.Syncing;

/// <summary>Which migrations of a set a database has, and since when, as far as something tells.</summary>
/// <param name="Applied">Finished, not rolled back, with the file as it is: by name, with the day (UTC), null where nobody kept it.</param>
/// <param name="Doubtful">Migrations that are not counted as applied though something says so, with the reason, without a full
/// stop.</param>
public sealed record AppliedSet(IReadOnlyDictionary<string, DateOnly?> Applied, IReadOnlyDictionary<string, string> Doubtful)
{
    /// <summary>Those that count as applied because a later version is.</summary>
    public IReadOnlySet<string> Inferred { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Of the doubtful ones those that are applied, and whose files have changed since.</summary>
    public IReadOnlySet<string> Edited { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Names that the history has applied and the set lacks, in the order of their running.</summary>
    public IReadOnlyList<string> Beyond { get; init; } = [];

    /// <summary>Names, of the set or beyond it, whose run has failed, or is not over.</summary>
    public IReadOnlyList<string> Unfinished { get; init; } = [];

    /// <summary>When the run of each applied migration began, of the set or beyond it, where the tool keeps that.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Begun { get; init; } =
        new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    public bool IsApplied(string name) => Applied.ContainsKey(name);

    /// <summary>Those of the set that the database has, edited ones too, in the set's order.</summary>
    public MigrationSet Part(MigrationSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        List<Migration> part = [.. set.Migrations.Where(migration => IsApplied(migration.Name) || Edited.Contains(migration.Name))];
        // What sorts behind them need not be sound.
        IReadOnlyList<string> problems = part is [.., var last] ? set.Through(last.Name)!.Problems : [];
        return new(part, problems) { Tool = set.Tool, IsOrdered = set.IsOrdered, IsWhole = set.IsWhole, Notes = set.Notes };
    }

    public DateOnly? DateOf(string name) => Applied.GetValueOrDefault(name);

    /// <summary>What a history tells.</summary>
    public static AppliedSet Of(MigrationSet set, MigrationHistory history)
    {
        ArgumentNullException.ThrowIfNull(set);
        MigrationHistory named = MigrationLayouts.Named(history, set, []);
        HashSet<string> unfinished = [.. named.Unfinished.Select(row => row.Name)];
        HashSet<string> rolledBack = [.. named.Rows.Where(row => row.State == HistoryRowState.RolledBack).Select(row => row.Name)];
        Dictionary<string, DateOnly?> applied = new(StringComparer.Ordinal);
        Dictionary<string, string> doubtful = new(StringComparer.Ordinal);
        foreach (Migration migration in set.Migrations)
        {
            HistoryRow? row = named.Applied.GetValueOrDefault(migration.Name);
            if (Doubt(migration, row, unfinished, rolledBack) is { } doubt)
            {
                doubtful[migration.Name] = doubt;
            }
            else if (row is not null)
            {
                applied[migration.Name] = Day(row);
            }
        }

        HashSet<string> known = [.. set.Names];
        return new(applied, doubtful)
        {
            Edited = doubtful.Keys.Where(name => named.Applied.ContainsKey(name) && !unfinished.Contains(name))
                .ToHashSet(StringComparer.Ordinal),
            Beyond = [.. named.Applied.Values.Where(row => !known.Contains(row.Name) && !row.IsInferred)
                .OrderBy(row => row.StartedAt).Select(row => row.Name)],
            Unfinished = [.. unfinished],
            Begun = named.Applied.Values.Where(row => row is { IsInferred: false, StartedAt.Year: > 1 })
                .ToDictionary(row => row.Name, row => row.StartedAt, StringComparer.Ordinal),
            Inferred = named.Applied.Values.Where(row => row.IsInferred).Select(row => row.Name).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static string? Doubt(Migration migration, HistoryRow? row, HashSet<string> unfinished, HashSet<string> rolledBack) => row switch
    {
        _ when unfinished.Contains(migration.Name) => "its run has failed, or is not over",
        { } applied when !migration.Checksum.Matches(applied.Checksum) => "it is applied, and its file has changed since",
        null when rolledBack.Contains(migration.Name) => "it was rolled back",
        _ => null,
    };

    /// <summary>A row that stands for another one, or of a tool that keeps no time, has no day of its own.</summary>
    private static DateOnly? Day(HistoryRow row) =>
        row is { IsInferred: false, FinishedAt: { Year: > 1 } finished } ? DateOnly.FromDateTime(finished.UtcDateTime) : null;
}
