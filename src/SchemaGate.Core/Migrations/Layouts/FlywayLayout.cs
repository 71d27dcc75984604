using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Flyway's <c>V1_2__x.sql</c> by version, then <c>R__x.sql</c> by name, with the default prefixes
/// (https://documentation.red-gate.com/flyway, "Migrations"). Undo scripts (U) and baseline scripts (B) are no requirements. A migration is
/// called as its file, for a person to find.
/// </summary>
internal sealed partial class FlywayLayout : MigrationLayout
{
    private const string Separator = "__";

    public override MigrationTool Tool => MigrationTool.Flyway;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) =>
        files.Any(file => Name(file) is { } name && VersionOf(name) is not null);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        List<(Migration Migration, IReadOnlyList<string>? Version)> read = [.. files
            .Where(file => Name(file) is not null)
            .Select(file => (Of(file), VersionOf(Name(file)!)))];
        foreach (LayoutFile file in files.Where(IsMisnamed))
        {
            problems.Add(Among(file, "is not called as those are (`V2__words.sql`, `R__words.sql`), so Flyway passes over it: rename it"));
        }

        foreach (var group in read.Where(pair => pair.Version is not null)
            .GroupBy(pair => string.Join('.', pair.Version!), StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
        {
            problems.Add($"{string.Join(" and ", group.Take(3).Select(pair => $"'{Printable(pair.Migration.Name)}'"))} have one "
                + "version: rename one.");
        }

        return read
            .OrderBy(pair => pair.Version is null)
            .ThenBy(pair => pair.Version ?? [], Comparer<IReadOnlyList<string>>.Create(FlywayVersion.Compare))
            .ThenBy(pair => pair.Migration.Name, StringComparer.Ordinal)
            .Select(pair => pair.Migration);
    }

    /// <summary>Baseline scripts and callbacks (<c>afterMigrate.sql</c>) run; undo scripts do where somebody asks for them.</summary>
    public override bool AreAll(IReadOnlyList<LayoutFile> files) =>
        !files.Any(file => file.EndsWith(".sql") && Name(file) is null && !Undoing().IsMatch(file.FileName));

    public override string KeyOf(string name) => name;

    public override bool Covers(HistoryRow row, Migration migration) =>
        row is { State: HistoryRowState.Applied, Name.Length: > 0 }
        && (FlywayVersion.Parse(row.Name) ?? VersionOf($"V{row.Name[1..]}")) is { } baseline
        && VersionOf(migration.Name) is { } version
        && FlywayVersion.Compare(version, baseline) <= 0;

    /// <summary>A repeatable migration whose file has changed runs again: it is not applied. A baseline is no migration.</summary>
    public override MigrationHistory Named(MigrationHistory history, IReadOnlyList<Migration> migrations)
    {
        HashSet<(string, string)> changed = [.. migrations.Where(migration => IsRepeatable(migration.Name))
            .Join(history.Rows, migration => migration.Key, row => row.Name, (migration, row) => (migration, row), StringComparer.Ordinal)
            .Where(pair => !pair.migration.Checksum.Matches(pair.row.Checksum))
            .Select(pair => (pair.row.Name, pair.row.Id))];
        MigrationHistory named = base.Named(history, migrations);
        return named.With(named.Rows
            .Where(row => !row.CoversEarlier || FlywayVersion.Parse(row.Name) is null)
            .Select(row => changed.Contains((row.Name, row.Id)) && row.FinishedAt is not null
                ? row with { RolledBackAt = row.FinishedAt }
                : row));
    }

    private static Migration Of(LayoutFile file)
    {
        if (!file.EndsWith(".sql"))
        {
            return new(Name(file)!, "", MigrationChecksum.None)
            {
                Unjudged = "it is written in Java",
                IsRepeatable = IsRepeatable(file.FileName),
            };
        }

        bool isFilledIn = IsRepeatable(file.FileName) && file.Text.Contains("${", StringComparison.Ordinal);
        return new(Name(file)!, file.Text, isFilledIn ? MigrationChecksum.None : Checksum(file.Text))
        {
            IsRepeatable = IsRepeatable(file.FileName),
        };
    }

    /// <summary>
    /// The CRC-32 of the lines without their ends, as a signed number (ChecksumCalculator). That of a repeatable migration is taken after
    /// its placeholders were replaced, by what nobody knows here.
    /// </summary>
    private static MigrationChecksum Checksum(string text)
    {
        uint crc = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r')
            .Aggregate(0u, (crc, line) => Crc32.Of(Encoding.UTF8.GetBytes(line), crc));
        return MigrationChecksum.Exactly(unchecked((int)crc).ToString(CultureInfo.InvariantCulture));
    }

    private static string? Name(LayoutFile file) =>
        file.Stem(".sql", ".java", ".kt") is { } name && (VersionOf(name) is not null || IsRepeatable(name)) ? name : null;

    /// <summary>What begins as a migration does, or has the two underscores behind a number, and is called otherwise.</summary>
    private static bool IsMisnamed(LayoutFile file) => Name(file) is null && Beginning().IsMatch(file.FileName)
        && (file.FileName.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) || file.Stem(".java", ".kt") is not null);

    [GeneratedRegex("^(?:[VRvr](?:[0-9]|_)|[0-9].*__)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Beginning();

    [GeneratedRegex("^U[0-9].*__", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Undoing();

    private static bool IsRepeatable(string name) => name.StartsWith('R') && name.IndexOf(Separator, StringComparison.Ordinal) == 1;

    /// <summary>Of a versioned migration; null for every other name.</summary>
    private static IReadOnlyList<string>? VersionOf(string name)
    {
        int end = name.IndexOf(Separator, StringComparison.Ordinal);
        return end > 1 && name[0] == 'V' ? FlywayVersion.Parse(name[1..end]) : null;
    }
}
