using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>An entry of a new document.</summary>
/// <param name="IsDeployed">Production has it; else it is MIGRATED.</param>
/// <param name="Deployed">The day on which it was applied; null where nobody knows.</param>
/// <param name="IsBaseline">It stands for what was there before there were migrations.</param>
public sealed record InitialEntry(DraftedEntry Draft, bool IsDeployed, DateOnly? Deployed, bool IsBaseline)
{
    /// <summary>
    /// Whether the name of a set's first migration says that it is a baseline: <c>…_baseline</c>, a squash, and with Prisma a number of
    /// zeros (https://www.prisma.io/docs/orm/prisma-migrate/workflows/baselining: <c>0_init</c>); Drizzle begins every set at zero.
    /// </summary>
    public static bool IsBaselineName(string name, MigrationTool tool)
    {
        string number = string.Concat(name.TakeWhile(char.IsAsciiDigit));
        return (tool == MigrationTool.Prisma && number.Length > 0 && number.All(digit => digit == '0'))
            || Words.In(name).Select(word => name[word].ToUpperInvariant()).Any(word => word is "BASELINE" or "SQUASH" or "SQUASHED");
    }

    internal IEnumerable<string> Lines(DateOnly today)
    {
        ChangelogStatus status = IsDeployed ? ChangelogStatus.Deployed : ChangelogStatus.Migrated;
        return
        [
            $"### {DraftText.Title(Draft.Name)}",
            .. (IsDeployed ? DeployedFields() : MigratedFields(today)).Prepend(FieldValue.Status(status)).Select(Line),
            "",
        ];
    }

    /// <summary>What is deployed is past rolling back by this document.</summary>
    private IEnumerable<FieldValue> DeployedFields()
    {
        IEnumerable<FieldValue> date = Deployed is { } day ? [new("Date Deployed", DraftText.Date(day))] : [];
        return IsBaseline
            ? date.Append(
                new("Description", $"Initial baseline migration with all existing tables ({Marked.Count(Draft.Tables, "table")})"))
            : date.Concat(Draft.Fields.Where(field => field.Label is not ("Rollback" or "Production Notes")));
    }

    private IEnumerable<FieldValue> MigratedFields(DateOnly today)
    {
        IEnumerable<FieldValue> date = DraftText.DateOf(Draft.Name) is { } day ? [new("Date Migrated", DraftText.Date(day))] : [];
        return [new("Date Added", DraftText.Date(today)), .. date, .. Draft.Fields];
    }

    private static string Line(FieldValue field) => FieldStyle.Seed.Write(FieldStyle.Seed.Fit(field), "\n");
}
