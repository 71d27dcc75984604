using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Checklists;

namespace SchemaGate.Tests.Changelogs.Checklists;

public sealed class ChangeChecklistTests
{
    private const string Seed = "Documented, MigrationMade, FreshDatabase, Rollback, StatusUpdated, Committed, Person";

    [Fact]
    public void The_seeds_points_are_told_apart()
    {
        string seed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Changelogs", "corpus", "seed.md"));
        IReadOnlyList<ChecklistItem> items = ChangeChecklist.Read(seed);
        Assert.Equal(Seed, string.Join(", ", items.Select(item => item.Kind)));
        Assert.All(items, item => Assert.StartsWith($"- [ ] {item.Text}", seed.Split('\n')[item.Line - 1], StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_without_a_checklist_has_the_usual_one() =>
        Assert.Equal(Seed, string.Join(", ", ChangeChecklist.Read("# Changelog\n\n- [ ] Buy milk\n").Select(item => item.Kind)));

    [Fact]
    public void Only_the_list_below_its_heading_counts_and_no_code()
    {
        const string Document = "## Todo\n- [ ] a\n## Checklist\n```\n- [ ] b\n## c\n```\n* [x] Ask Jane\n1. [ ] Roll back once\n"
            + "## Next\n- [ ] d\n";
        Assert.Equal(
            "Ask Jane 8 Person, Roll back once 9 Rollback",
            string.Join(", ", ChangeChecklist.Read(Document).Select(item => $"{item.Text} {item.Line} {item.Kind}")));
    }

    [Theory]
    [InlineData("Test rollback of the migration", ChecklistKind.Rollback)]
    [InlineData("Test the migration's rollback in a new database", ChecklistKind.Rollback)]
    [InlineData("Test migration with production's data", ChecklistKind.Person)]
    [InlineData("Renew the database's certificate", ChecklistKind.Person)]
    [InlineData("Test migrations on an empty schema", ChecklistKind.FreshDatabase)]
    public void Only_a_run_in_a_new_database_is_answered_by_one(string point, ChecklistKind kind) =>
        Assert.Equal(kind, Assert.Single(ChangeChecklist.Read($"## Checklist\n- [ ] {point}\n")).Kind);

    [Theory]
    [InlineData("", ChecklistState.No)]
    [InlineData("- **Rollback:** Drop it\n", ChecklistState.Open)]
    [InlineData("- **Rollback:** Drop it\n  - `DROP TABLE t;`\n", ChecklistState.Open)]
    public void A_rollback_is_never_called_tested(string rollback, ChecklistState state) =>
        Assert.Equal(state, Answer(rollback, "f", ChecklistKind.Rollback));

    [Theory]
    [InlineData("- **Status:** `MIGRATED`\n", "f", ChecklistState.Yes)]
    [InlineData("- **Status:** `MIGRATED`\n", null, ChecklistState.No)]
    [InlineData("- **Status:** `PENDING`\n", "f", ChecklistState.No)]
    public void A_status_is_held_to_the_migrations_file(string status, string? file, ChecklistState state) =>
        Assert.Equal(state, Answer(status, file, ChecklistKind.StatusUpdated));

    [Theory]
    [InlineData("- **Description:** x\n", ChecklistState.Yes)]
    [InlineData("- **Description:**\n", ChecklistState.No)]
    [InlineData("- **Date Added:** 2024\n", ChecklistState.No)]
    public void An_entry_that_says_nothing_documents_nothing(string fields, ChecklistState state) =>
        Assert.Equal(state, Answer(fields, "f", ChecklistKind.Documented));

    private static ChecklistState Answer(string fields, string? file, ChecklistKind kind)
    {
        Changelog changelog = ChangelogParser.Parse($"## Pending\n\n## Migrated\n\n### 1_x\n{fields}\n## Deployed\n");
        return new EntryAnswers(Assert.Single(changelog.Entries), file).To(kind)!.Value.State;
    }
}
