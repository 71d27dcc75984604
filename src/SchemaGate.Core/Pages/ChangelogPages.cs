using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Pages;

/// <summary>What a page is made of.</summary>
/// <param name="Document">The parsed document.</param>
/// <param name="Text">The same as it is written.</param>
/// <param name="Migrations">Those beside it.</param>
/// <param name="Risks">What their SQL does; null where nobody has judged it.</param>
public sealed record PageSources(Changelog Document, string Text, MigrationSet Migrations, IReadOnlyList<MigrationRisk>? Risks);

/// <summary>How much a page shows: it is read by people, and somebody's memory holds it.</summary>
/// <param name="Entries">How many of the newest.</param>
/// <param name="Prose">Characters of their Markdown.</param>
/// <param name="Sql">Characters of all migrations' SQL.</param>
/// <param name="Words">Characters of their names, dates and findings; each still has a few beyond that.</param>
public sealed record PageLimits(int Entries, int Prose, int Sql, int Words)
{
    /// <summary>For a file of one's own.</summary>
    public static PageLimits File { get; } = new(int.MaxValue, ChangelogParser.MaxLength, 4 << 20, ChangelogParser.MaxLength);

    /// <summary>Where several ask at once.</summary>
    public static PageLimits Served { get; } = new(5000, 1 << 20, 1 << 20, 1 << 19);
}

/// <summary>Puts a page's entries together, the newest first.</summary>
public static class ChangelogPages
{
    /// <summary>Characters of one migration's SQL that a page shows.</summary>
    public const int LongestSql = 64 << 10;

    /// <param name="title">The gate, or the directory.</param>
    /// <param name="sources">Document and migrations.</param>
    /// <param name="findings">Of the document, also beside the migrations.</param>
    /// <param name="databases">What is applied where.</param>
    /// <param name="madeAt">When all of it was read.</param>
    /// <param name="limits">How much of it is shown.</param>
    public static ChangelogPage Of(
        string title, PageSources sources, IReadOnlyList<Finding> findings, IReadOnlyList<PageDatabase> databases, DateTimeOffset madeAt,
        PageLimits limits)
    {
        Draft draft = new(sources);
        ILookup<int, Finding> byEntry = findings.ToLookup(draft.EntryOf);
        Shares shares = new(sources, databases, limits);
        List<PageEntry> entries = [.. draft.Entries
            .Select((entry, index) => Described(entry, [.. byEntry[index]], draft) with { Migrations = draft.MigrationsOf(index) })
            .Concat(draft.Undocumented.Select((migration, index) => new PageEntry(
                migration.Name, EntryStanding.Undocumented, [.. byEntry[draft.Entries.Count + index]],
                [new(migration, null, [], 0)])))
            .OrderBy(entry => entry.Standing)
            .ThenByDescending(entry => entry.Migrations is [var first, ..] ? draft.Place(first.File.Name) : int.MaxValue)];
        return new(title, [.. entries.Take(limits.Entries).Select(shares.Next)], madeAt)
        {
            Left = Math.Max(0, entries.Count - limits.Entries),
            Findings = [.. byEntry[Draft.Nowhere].Select(shares.Next)],
            Databases = databases,
        };
    }

    private static PageEntry Described(ChangelogEntry entry, IReadOnlyList<Finding> findings, Draft draft) =>
        new(entry.Name, Standing(entry), findings, [])
        {
            Risk = entry.Risk,
            Dates = [.. entry.Fields.Where(field => EntryTexts.IsDate(field) && field.Text.Length > 0)
                .Select(field => (field.Label, field.Text))],
            Prose = draft.Texts.GetValueOrDefault(entry.Span.Line),
        };

    private static EntryStanding Standing(ChangelogEntry entry) => entry switch
    {
        { IsPending: true } => EntryStanding.Pending,
        { Status: ChangelogStatus.Deployed } => EntryStanding.Deployed,
        _ => EntryStanding.Migrated,
    };

    /// <summary>Which entry is about what.</summary>
    private sealed class Draft
    {
        public const int Nowhere = -1;

        private readonly Dictionary<string, int> places;
        private readonly Dictionary<string, int> entryByMigration = new(StringComparer.Ordinal);
        private readonly IReadOnlyList<Migration>[] migrations;
        private readonly int[] linesInOrder;
        private readonly int[] entriesInOrder;

        public Draft(PageSources sources)
        {
            Entries = sources.Document.Entries;
            Texts = EntryTexts.Of(sources.Text, Entries);
            places = sources.Migrations.Names.Index().GroupBy(name => name.Item, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First().Index, StringComparer.Ordinal);
            HashSet<string> files = [.. places.Keys];
            migrations = [.. Entries.Select(entry => (IReadOnlyList<Migration>)[.. DocumentedChange.Of(entry, files).Migrations
                .Where(places.ContainsKey).Select(name => sources.Migrations.Migrations[places[name]])])];
            foreach ((int index, string name) in migrations.Index().SelectMany(of => of.Item.Select(one => (of.Index, one.Name))))
            {
                entryByMigration.TryAdd(name, index);
            }

            Undocumented = [.. sources.Migrations.Migrations.Where(migration => !entryByMigration.ContainsKey(migration.Name))];
            foreach ((int index, Migration migration) in Undocumented.Index())
            {
                entryByMigration[migration.Name] = Entries.Count + index;
            }

            entriesInOrder = [.. Enumerable.Range(0, Entries.Count).OrderBy(index => Entries[index].Span.Line)];
            linesInOrder = [.. entriesInOrder.Select(index => Entries[index].Span.Line)];
        }

        public IReadOnlyList<ChangelogEntry> Entries { get; }

        public IReadOnlyDictionary<int, EntryText> Texts { get; }

        /// <summary>The migrations that no entry names.</summary>
        public IReadOnlyList<Migration> Undocumented { get; }

        public int Place(string migration) => places[migration];

        public IReadOnlyList<PageMigration> MigrationsOf(int entry) =>
            [.. migrations[entry].Select(migration => new PageMigration(migration, null, [], 0))];

        /// <summary>The entry's index, behind them the undocumented migration's; else <see cref="Nowhere"/>.</summary>
        public int EntryOf(Finding finding)
        {
            if (finding.Span is { } span && EntryAt(span.Line) is { } entry)
            {
                return entry;
            }

            return finding.Migration is { } name && entryByMigration.TryGetValue(name, out int index) ? index : Nowhere;
        }

        private int? EntryAt(int line)
        {
            int found = Array.BinarySearch(linesInOrder, line);
            int before = found >= 0 ? found : ~found - 1;
            if (before < 0)
            {
                return null;
            }

            int start = linesInOrder[before];
            bool isIn = line == start || (Texts.TryGetValue(start, out EntryText? text) && line < text.EndLine);
            return isIn ? entriesInOrder[before] : null;
        }
    }

    /// <summary>Gives each entry what is said of its migrations, and its share of what may be shown.</summary>
    private sealed class Shares(PageSources sources, IReadOnlyList<PageDatabase> databases, PageLimits limits)
    {
        private const int LongestName = 256;
        private const int LongestMessage = 1024;
        private const int LeastWords = 40;

        private readonly Dictionary<string, MigrationRisk> risks = (sources.Risks ?? [])
            .GroupBy(risk => risk.Migration, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

        private int sql = limits.Sql;
        private int words = limits.Words;
        private int prose = limits.Prose;

        public PageEntry Next(PageEntry entry)
        {
            EntryText? text = entry.Prose is { } whole
                ? whole with { Markdown = PageText.Cut(whole.Markdown, Math.Min(prose, EntryProse.Longest)) }
                : null;
            prose -= text?.Markdown.Length ?? 0;
            return entry with
            {
                Name = Cut(entry.Name, LongestName),
                Dates = [.. entry.Dates.Select(date => (Cut(date.Label, LongestName), Cut(date.Text, LongestName)))],
                Findings = [.. entry.Findings.Select(Next)],
                Prose = text is null ? null : text with { IsCut = text.Markdown.Length < entry.Prose!.Markdown.Length },
                Migrations = [.. entry.Migrations.Select(Next)],
            };
        }

        public Finding Next(Finding finding) => finding with { Message = Cut(finding.Message, LongestMessage) };

        private string Cut(string text, int most)
        {
            string cut = PageText.Cut(text, Math.Clamp(words, LeastWords, most));
            words -= cut.Length;
            return cut.Length < text.Length ? $"{cut}…" : text;
        }

        private PageMigration Next(PageMigration migration)
        {
            string name = migration.File.Name;
            int shown = Math.Min(Math.Min(migration.File.Sql.Length, LongestSql), sql);
            sql -= shown;
            return new(migration.File, risks.GetValueOrDefault(name), [.. databases.Select(database => database.Of(name))], shown);
        }
    }
}
