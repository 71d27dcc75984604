using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Changelogs;

/// <summary>An entry and the migration that was made for it, or why there is no such pair.</summary>
internal sealed record MadeMigration(ChangelogEntry? Entry, Migration? Migration, string File)
{
    public string? Problem { get; private init; }

    /// <param name="name">The migration's or the entry's, with or without digits.</param>
    public static MadeMigration Find(string name, Changelog changelog, MigrationFiles files)
    {
        (ChangelogEntry? entry, _) = EntryNames.Find(changelog.Entries, name);
        // An entry's name that is doubtful is no title of a migration either.
        List<Migration> made = Candidates(name, entry, changelog, files.Set);
        if (made is not [var migration])
        {
            return Refuse(Count(made, entry?.Name ?? name, files.Directory));
        }

        List<ChangelogEntry> fitting = entry is not null
            ? [entry]
            : [.. changelog.Entries.Where(other => other.IsPending && ChangelogSteps.Fits(other, migration.Name))];
        return fitting switch
        {
            [{ Status: ChangelogStatus.Deployed } deployed] => Refuse($"'{deployed.Name}' is DEPLOYED already."),
            [var only] => new(only, migration, files.PathOf(migration)),
            [] => Refuse($"No pending entry has the words of {migration.Name}: name the entry, or write one with "
                + "`schemagate changelog add`."),
            _ => Refuse($"Several pending entries have the words of {migration.Name}: name the one that it was made for."),
        };
    }

    /// <summary>The migration of that very name; else those that fit, and that no other entry has.</summary>
    private static List<Migration> Candidates(string name, ChangelogEntry? entry, Changelog changelog, MigrationSet set)
    {
        HashSet<string> taken = [.. changelog.Entries.Where(other => other != entry)
            .SelectMany(other => other.MigrationFiles.Append(other.Name))];
        return set.Migrations.FirstOrDefault(migration => migration.Name == name || migration.Name == entry?.Name) is { } exact
            ? [exact]
            : [.. set.Migrations.Where(migration => !taken.Contains(migration.Name)
                && (ChangelogSteps.Title(migration.Name) == name || (entry is not null && ChangelogSteps.Fits(entry, migration.Name))))];
    }

    private static string Count(List<Migration> made, string name, string directory) => made.Count == 0
        ? $"{directory} has no migration for '{name}': make it, such as by "
            + $"`npx prisma migrate dev --name {ChangelogSteps.Slug(ChangelogSteps.Title(name))}`."
        : $"{directory} has several migrations for '{name}': {string.Join(", ", made.Select(migration => migration.Name))}. Name one.";

    private static MadeMigration Refuse(string problem) => new(null, null, "") { Problem = problem };
}
