using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Core.Changelogs.Syncing;

/// <summary>A database that the document tells of.</summary>
/// <param name="Name">What people call it; null where it is the only one, which is production.</param>
/// <param name="IsProduction">DEPLOYED means that it has the migration.</param>
/// <param name="Has">What it has.</param>
public sealed record SyncEnvironment(string? Name, bool IsProduction, AppliedSet Has)
{
    /// <summary>The field that has the day.</summary>
    public string Label => IsProduction ? "Date Deployed" : $"Date Deployed ({Name})";

    internal string Words => Name ?? "the database";
}

/// <summary>What a document says too late: what has been applied since, and nothing that nobody has seen.</summary>
/// <param name="Edits">In the document's order.</param>
/// <param name="Deployed">The entries that move to the Deployed section, with the day, null where nobody kept it.</param>
/// <param name="Dated">Fields of other environments that get their day.</param>
/// <param name="Told">What is left as it is though something was applied, and why, in sentences.</param>
public sealed record SyncPlan(
    IReadOnlyList<ChangelogEdit> Edits, IReadOnlyList<SyncedEntry> Deployed, IReadOnlyList<SyncedEntry> Dated, IReadOnlyList<string> Told)
{
    /// <param name="changelog">The document.</param>
    /// <param name="names">The migrations' names, in their order.</param>
    /// <param name="environments">The databases.</param>
    public static SyncPlan Of(Changelog changelog, IReadOnlyList<string> names, IReadOnlyList<SyncEnvironment> environments)
    {
        ArgumentNullException.ThrowIfNull(changelog);
        HashSet<string> files = names.ToHashSet(StringComparer.Ordinal);
        Func<DateOnly, string> write = DateStyle.Of(changelog);
        (List<ChangelogEdit> edits, List<SyncedEntry> deployed, List<SyncedEntry> dated, List<string> told) = ([], [], [], []);
        foreach (SyncEnvironment environment in environments)
        {
            HashSet<string> passedOver = [.. environment.IsProduction ? PassedOver(changelog, names, files, environment.Has) : []];
            foreach (ChangelogEntry entry in changelog.Entries.Where(entry => environment.IsProduction || !IsDated(entry, environment)))
            {
                DocumentedChange change = DocumentedChange.Of(entry, files);
                if (Objection(change, environment, passedOver) is { } objection)
                {
                    told.Add(objection);
                    continue;
                }

                SyncedEntry synced = new(entry.Name, environment.Name, Day(change, environment.Has));
                (environment.IsProduction ? deployed : dated).Add(synced);
                edits.AddRange(Steps(entry, environment, synced.Day is { } day ? write(day) : null));
            }
        }

        // Where nobody kept the day, there is nothing to write beside another environment's name.
        dated.RemoveAll(entry => entry.Day is null);
        told.RemoveAll(sentence => sentence.Length == 0);
        return new(edits, deployed, dated, told);
    }

    /// <summary>Without a day nothing is said of it.</summary>
    private static IEnumerable<ChangelogEdit> Steps(ChangelogEntry entry, SyncEnvironment environment, string? date)
    {
        IEnumerable<ChangelogEdit> steps = environment.IsProduction
            ? ChangelogSteps.Deployed(entry, new(date ?? "", IsGiven: false))
            : [new ChangelogEdit.SetField(entry.Name, new(environment.Label, date ?? ""))];
        return steps.Where(edit => date is not null || edit is not ChangelogEdit.SetField);
    }

    /// <summary>Why an entry stays as it is: a sentence, nothing where there is nothing to say, null where it does not stay.</summary>
    private static string? Objection(DocumentedChange change, SyncEnvironment environment, HashSet<string> passedOver)
    {
        ChangelogEntry entry = change.Entry;
        bool isDone = environment.IsProduction && entry is { Status: ChangelogStatus.Deployed, Section: ChangelogStatus.Deployed };
        string[] applied = [.. change.Migrations.Where(environment.Has.IsApplied)];
        string? doubt = change.Migrations.Select(environment.Has.Doubtful.GetValueOrDefault).FirstOrDefault(text => text is not null);
        return change switch
        {
            _ when isDone => "",
            { Mismatch: { } other } when applied.Length > 0 =>
                $"'{entry.Name}' stays: it names the file of '{other}'; correct one of the two.",
            _ when doubt is not null => $"'{entry.Name}' stays: in {environment.Words} {doubt}.",
            _ when applied.Length == 0 => "",
            _ when applied.Length < change.Migrations.Count =>
                $"'{entry.Name}' stays: {environment.Words} has {applied.Length} of its {change.Migrations.Count} migrations.",
            _ when entry.IsPending => $"'{entry.Name}' stays: it is PENDING, though {environment.Words} has it. "
                + $"First `schemagate changelog migrated {ShellWord.Of(entry.Name)}`.",
            _ when change.Migrations.FirstOrDefault(passedOver.Contains) is { } passed =>
                $"'{entry.Name}' stays: a later version is applied, and nothing says that '{passed}' ever ran.",
            _ => null,
        };
    }

    private static IEnumerable<string> PassedOver(
        Changelog changelog, IReadOnlyList<string> names, HashSet<string> files, AppliedSet has) => NeverRun.Among(
        names,
        [.. changelog.Entries.Where(entry => entry.Status == ChangelogStatus.Deployed)
            .SelectMany(entry => DocumentedChange.Of(entry, files).Migrations)],
        has.IsApplied, has.Inferred.Contains);

    private static bool IsDated(ChangelogEntry entry, SyncEnvironment environment) =>
        entry.Field(environment.Label) is { HasContent: true };

    /// <summary>Of several migrations the last day; none where one has none.</summary>
    private static DateOnly? Day(DocumentedChange change, AppliedSet has)
    {
        DateOnly?[] days = [.. change.Migrations.Select(has.DateOf)];
        return days.Contains(null) ? null : days.Max();
    }
}

/// <summary>An entry that a database has come to have.</summary>
/// <param name="Environment">Null where the database has no name.</param>
public sealed record SyncedEntry(string Name, string? Environment, DateOnly? Day);
