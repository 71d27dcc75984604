using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class PendingTests
{
    [Theory]
    [InlineData("### add_foo\n- **Status:** PENDING")]
    [InlineData("### add_foo")]
    [InlineData("#### add_foo")]
    [InlineData("### Auth\n#### add_foo\n- **Status:** PENDING")]
    [InlineData("- Add column foo")]
    [InlineData("1. Add column foo")]
    [InlineData("- [ ] Add column foo")]
    [InlineData("Add column foo to orders")]
    [InlineData("Add column foo to orders\n---")]
    [InlineData("**Add column foo**")]
    [InlineData("    - Add column foo")]
    [InlineData("<p>Add column foo</p>")]
    [InlineData("| change |\n|---|\n| add foo |")]
    [InlineData("None of these may be deployed")]
    [InlineData("No longer nullable: orders.total")]
    [InlineData("- None\n- Add column foo")]
    [InlineData("> weight on box waits for the DBA")]
    [InlineData("> - None\n> - weight on box waits for the DBA")]
    [InlineData("> > weight on box")]
    [InlineData("> ### add_weight\n> - **Status:** PENDING")]
    [InlineData("> ```sql\n> ALTER TABLE box ADD COLUMN weight int;\n> ```")]
    [InlineData("- > weight on box")]
    [InlineData("- ```sql\n  ALTER TABLE box ADD COLUMN weight int;\n  ```")]
    [InlineData("```sql\nALTER TABLE box ADD COLUMN weight int;\n```")]
    [InlineData("~~~sql\nALTER TABLE box ADD COLUMN weight int;\n~~~")]
    [InlineData("```\nALTER TABLE box ADD COLUMN weight int;\n```")]
    [InlineData("```prisma\nmodel Box { weight Int }\n```")]
    [InlineData("```sql\n### <name>\nALTER TABLE box ADD COLUMN weight int;\n```")]
    [InlineData("```markdown\n### 20250101000000_add_weight\n- **Status:** PENDING\n```")]
    [InlineData("```markdown\n### add_weight\n- **Status:** PENDING\n```")]
    [InlineData("```markdown\n### 20250101000000_description\n- **Status:** PENDING\n```")]
    [InlineData("```markdown\n### Add name\n- **Status:** PENDING\n```")]
    [InlineData("```\n### Name change\n- **Status:** PENDING\n```")]
    [InlineData("```\n### name_change\n- **Status:** PENDING\n```")]
    [InlineData("```markdown\n### <name>\n\n### 20250101000000_add_weight\n```")]
    [InlineData("```\n- **Status:** PENDING\n- **Description:** weight on box\n```")]
    [InlineData("<pre>ALTER TABLE box ADD COLUMN weight int;</pre>")]
    [InlineData("<!-- see below --> Add column foo")]
    [InlineData("### None\n<p>Add column foo</p>")]
    [InlineData("### None\n> Add column foo")]
    public void What_stands_in_the_Pending_section_blocks(string text) =>
        Assert.Contains(FindingIds.PendingChange, Document.Parse(pending: text).Blocking(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("_None currently_")]
    [InlineData("None")]
    [InlineData("- None.")]
    [InlineData("- N/A")]
    [InlineData("-")]
    [InlineData("—")]
    [InlineData("*(none)*")]
    [InlineData("nothing pending 🎉")]
    [InlineData("No pending changes.")]
    [InlineData("There are currently no pending schema changes.")]
    [InlineData("None as of 2025-01-05")]
    [InlineData("### None")]
    [InlineData("> None")]
    [InlineData("> - None currently")]
    [InlineData("```\nNone\n```")]
    [InlineData("```sql\n-- none\n```")]
    [InlineData("<!-- ### add_foo -->")]
    [InlineData("<a name=\"pending\"></a>")]
    public void What_says_that_nothing_is_pending_does_not_block(string text) => Assert.Empty(Document.Parse(pending: text).Findings);

    [Theory]
    [InlineData("```markdown\n### name\n- **Status:** PENDING\n```")]
    [InlineData("~~~md\n### <timestamp>_<name>\n- **Status:** `PENDING`\n- **Description:** what changes\n~~~")]
    [InlineData("```\n## Pending\n\n### YYYYMMDDHHMMSS_add_box\n- **Status:** PENDING\n```")]
    [InlineData("    ### migration_name\n    - **Status:** PENDING")]
    [InlineData("```\n- **Status:** PENDING\n- **Description:** [what changes]\n```")]
    [InlineData("```\n### [name](prisma/migrations/<name>/migration.sql)\n- **Status:** PENDING\n```")]
    [InlineData("```\n### 20250101000000_<name>\n- **Status:** PENDING\n```")]
    [InlineData("```\n### <YYYYMMDDHHMMSS>_add_box\n- **Status:** PENDING\n```")]
    [InlineData("```\n### YYYY-MM-DD: [Short description of the change]\n- **Status:** PENDING\n```")]
    [InlineData("```\n### `<your-migration-name>`\n- **Status:** PENDING\n- **Rollback:** Drop column, drop table and enum\n```")]
    [InlineData("```\n### {migration name}\n- **Changes:**\n  - All additive (CREATE TABLE, ADD COLUMN)\n```")]
    [InlineData("```\n### ...\n- **Status:** PENDING\n```")]
    public void A_template_is_passed_over_and_told_of(string template)
    {
        Finding finding = Assert.Single(Document.Parse(pending: "_None_\n\n" + template).Findings);
        Assert.Equal(
            (FindingIds.TemplateSkipped, FindingSeverity.Information, 7), (finding.Id, finding.Severity, finding.Span!.Value.Line));
    }

    [Theory]
    [InlineData("### [20250101000000_add_box](prisma/migrations/20250101000000_add_box/migration.sql)")]
    [InlineData("### [add_box](prisma/migrations/add_box)")]
    [InlineData("### [add_box]")]
    [InlineData("### 20250101000000_drop_users [BREAKING]")]
    [InlineData("### 20250101000000_drop_users <name>")]
    [InlineData("### 20250101000000_drop_users {name}")]
    [InlineData("### 20250115_x (see [PR 12](http://x))")]
    [InlineData("### Drop users [name]")]
    [InlineData("### Drop users (<https://tracker/1>)")]
    [InlineData("### <https://tracker/1>")]
    [InlineData("### Add weight to box...")]
    [InlineData("### Add weight to box…")]
    [InlineData("### 2025-01-15")]
    [InlineData("### 2025-01-15 [x]")]
    [InlineData("### 15.1.25")]
    [InlineData("### 20250101_")]
    [InlineData("### 20250101_…")]
    [InlineData("### New schema change 20250101")]
    [InlineData("### New schema change")]
    [InlineData("### Change 42")]
    [InlineData("### 20250101000000_x [wip]")]
    [InlineData("### Schema change [wip]")]
    [InlineData("### <b>Drop users</b>")]
    [InlineData("### date_of_change")]
    [InlineData("### <name>\n### Pending drop of users")]
    [InlineData("### Schema change [x]")]
    [InlineData("### {name}\nALTER TABLE users DROP COLUMN email;")]
    [InlineData("### {name}\nDO $$ BEGIN END $$;")]
    [InlineData("### {name}\nalter table users drop column email")]
    [InlineData("### <name>\n- **Changes:** `DROP TABLE users`")]
    [InlineData("### <name>\nalter table users\n  drop column email;")]
    [InlineData("### <name>\ninsert into box values (1);")]
    public void What_names_a_change_is_no_template_whatever_mark_stands_beside_it(string heading)
    {
        string text = heading.Contains('\n', StringComparison.Ordinal) ? heading : heading + "\n- **Status:** PENDING";
        string quoted = "> " + $"```md\n{text}\n```".Replace("\n", "\n> ", StringComparison.Ordinal);
        string indented = "    " + text.Replace("\n", "\n    ", StringComparison.Ordinal);
        Assert.All([$"```\n{text}\n```", $"~~~md\n{text}\n~~~", quoted, indented], code =>
            Assert.Contains(FindingIds.PendingChange, Document.Parse(pending: "_None_\n\n" + code).Blocking(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Status: PENDING add weight to box (see <https://tracker/1>)")]
    [InlineData("- **Status:** PENDING\n- **Description:** weight on box (see <ticket>)")]
    [InlineData("- **Status:** PENDING\n- **Description:** weight on box...\n- **Rollback:** [what changes]")]
    [InlineData("- **Status:** PENDING\n- Drop users: [what changes]")]
    public void Fields_without_a_heading_are_no_template_where_one_says_something(string text) => Assert.Contains(
        FindingIds.PendingChange, Document.Parse(pending: $"```\n{text}\n```").Blocking(), StringComparison.Ordinal);

    [Theory]
    [InlineData("> - None\n> - weight on box", 6, "'weight on box'")]
    [InlineData("None\n\n```sql\nALTER TABLE box ADD COLUMN weight int;\n```", 7, "in a code fence")]
    public void What_blocks_in_a_quote_or_a_fence_has_its_line(string pending, int line, string words)
    {
        Finding finding = Document.Parse(pending: pending).Only(FindingIds.PendingChange);
        Assert.Equal(line, finding.Span!.Value.Line);
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loose_bullet_blocks_at_its_own_line()
    {
        Finding finding = Document.Parse(pending: "- None\n- Add column `foo`").Only(FindingIds.PendingChange);
        Assert.Equal(new SourceSpan(6, 1, "- Add column `foo`".Length), finding.Span);
        Assert.Contains("Add column foo", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- **Status:** PENDING")]
    [InlineData("- **Status** PENDING")]
    [InlineData("- Status - PENDING")]
    [InlineData("- status PENDING")]
    [InlineData("- Status: 🚧 `PENDING` (waiting for review)")]
    [InlineData("- [x] **Status:** PENDING")]
    [InlineData("1. **Status:** PENDING")]
    [InlineData("**Status:** PENDING  \n**Risk Level:** Low")]
    [InlineData("**Status:** PENDING\n---")]
    [InlineData("Status: PENDING")]
    [InlineData("#### Status\nPENDING")]
    [InlineData("- **Migration Status:** PENDING")]
    [InlineData("- **Status:** &#80;ENDING")]
    [InlineData("#### Part two\n- **Status:** PENDING")]
    public void A_pending_status_blocks_in_any_section_however_it_is_written(string bullet)
    {
        Assert.Contains(FindingIds.PendingChange, Document.Parse(migrated: $"### 2024_x\n{bullet}").Blocking(), StringComparison.Ordinal);
        Assert.Contains(FindingIds.PendingChange, Document.Parse(deployed: $"### 2024_x\n{bullet}").Blocking(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("### Status Legend\n- `PENDING` - changed locally\n- `MIGRATED` - ready")]
    [InlineData("### Status Legend\n- **Status:** PENDING\n- **Status:** MIGRATED")]
    [InlineData("## Format\n- **Status:** PENDING / MIGRATED / DEPLOYED")]
    [InlineData("```\n## Pending\n### x\n- **Status:** PENDING\n```")]
    [InlineData("    ### x\n    - **Status:** PENDING")]
    [InlineData("<!--\n## Pending\n### x\n- **Status:** PENDING\n-->")]
    [InlineData("> ### x\n> - **Status:** PENDING")]
    [InlineData("- ### x\n  - **Status:** PENDING")]
    [InlineData("Every entry begins as PENDING. Status: PENDING blocks.")]
    [InlineData("### When PENDING changes are made")]
    [InlineData("## Rules\nStatus: PENDING means that no file exists.")]
    public void PENDING_that_is_no_entrys_status_never_counts(string text)
    {
        Assert.Empty(ChangelogParser.Parse(text + "\n\n" + Document.Seed).Findings);
        Assert.Empty(ChangelogParser.Parse(Document.Seed + "\n\n## Notes\n\n" + text).Findings);
    }

    [Theory]
    [InlineData("- **Production Notes:**\n  - Status: PENDING")]
    [InlineData("- **Description:** was PENDING for a year")]
    [InlineData("- **Status:** MIGRATED <!-- PENDING -->")]
    [InlineData("```\n- **Status:** PENDING\n```")]
    public void PENDING_inside_a_migrated_entry_counts_only_as_its_status(string body)
    {
        Changelog changelog = Document.Parse(migrated: $"### 2024_x\n{body}");
        Assert.Empty(changelog.Blocking());
        Assert.Equal(ChangelogStatus.Migrated, Assert.Single(changelog.Entries).Status);
    }

    [Theory]
    [InlineData("- **Status:** PENDING (waiting)")]
    [InlineData("**Status:** PENDING  \n**Risk Level:** Low")]
    public void A_pending_entry_outside_every_section_blocks(string fields) => Assert.Equal(
        FindingIds.PendingChange,
        ChangelogParser.Parse(Document.Seed + "\n\n## Work in progress\n\n### add_foo\n" + fields).Blocking());

    [Fact]
    public void A_section_that_is_commented_out_does_not_exist()
    {
        string text = "## Migrated\n\n<!--\n## Pending\n### x\n- **Status:** PENDING\n-->\n\n## Deployed\n";
        Changelog changelog = ChangelogParser.Parse(text);
        Assert.Empty(changelog.Entries);
        Assert.Equal(FindingSeverity.Warning, changelog.Only(FindingIds.SectionMissing).Severity);
    }
}
