using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>How one tool lays its migrations out in files, and how its history's names belong to them. The set of them is closed.</summary>
internal abstract class MigrationLayout
{
    public abstract MigrationTool Tool { get; }

    /// <summary>Whether a migration that sorts earlier must be applied earlier.</summary>
    public virtual bool IsOrdered => true;

    /// <summary>Whether a directory with these files is this tool's, as far as they tell.</summary>
    public abstract bool Recognises(IReadOnlyList<LayoutFile> files);

    /// <summary>The migrations, in the tool's order.</summary>
    /// <param name="files">The directory's files, by path (ordinal).</param>
    /// <param name="problems">Takes what makes them unusable, one sentence each.</param>
    public abstract IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems);

    /// <summary>What is no problem and may surprise, one sentence each.</summary>
    /// <param name="files">As above.</param>
    public virtual IEnumerable<string> Notes(IReadOnlyList<LayoutFile> files) => [];

    /// <summary>Whether no other file of these runs than the migrations.</summary>
    public virtual bool AreAll(IReadOnlyList<LayoutFile> files) => true;

    /// <summary>What the history calls a migration of this name; null where only its file tells.</summary>
    public abstract string? KeyOf(string name);

    /// <summary>Whether a row that <see cref="HistoryRow.CoversEarlier"/> says that this migration is applied, too.</summary>
    public virtual bool Covers(HistoryRow row, Migration migration) => false;

    /// <summary>The history with its rows called as these migrations are. Rows of other migrations keep the tool's name.</summary>
    public virtual MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (Migration migration in migrations)
        {
            names.TryAdd(migration.Key, migration.Name);
        }

        return history.With(history.Rows.SelectMany(
            row => Covered(row, migrations).Append(row with { Name = names.GetValueOrDefault(row.Name, row.Name) })));
    }

    /// <summary>The last version's row may be of a run that failed: what lies before it is applied nevertheless.</summary>
    private IEnumerable<HistoryRow> Covered(HistoryRow row, IReadOnlyList<Migration> migrations) =>
        !row.CoversEarlier || row.RolledBackAt is not null ? [] : migrations
        .Where(migration => migration.Key != row.Name && Covers(row, migration))
        .Select(migration =>
            row with
            {
                Name = migration.Name,
                Checksum = "",
                FinishedAt = row.FinishedAt ?? row.StartedAt,
                CoversEarlier = false,
                IsInferred = true,
            });

    /// <summary>The sentence about a file that should be a migration and is none, with what to do but for the last way out.</summary>
    protected string Among(LayoutFile file, string problem) =>
        $"{Printable(file.Path)} stands among {ToolGuide.Of(Tool).Name}'s migrations and {problem}, or keep it elsewhere.";

    /// <summary>The note about a file that is no migration, by its name and by what stands in it.</summary>
    protected string NeverRuns(LayoutFile file) => $"{Printable(file.Path)} is no migration to {ToolGuide.Of(Tool).Name}: it never runs.";

    /// <summary>Text cut to what a message can bear, without control characters.</summary>
    public static string Printable(string text)
    {
        string start = text.Length <= 80 ? text : text[..80] + "…";
        return string.Concat(start.Select(symbol => char.IsControl(symbol) ? '\uFFFD' : symbol));
    }
}
