using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Tests.Rehearsals;

/// <summary>What of an entry's way back can be run: whole lines of SQL and code blocks, never words that begin like a statement.</summary>
public sealed class RollbackTextTests
{
    [Theory]
    [InlineData("- **Rollback:** Drop foreign keys, drop columns, drop table", null, "Drop foreign keys, drop columns, drop table")]
    [InlineData("- **Rollback:** `DROP TABLE a;`", "DROP TABLE a;", "")]
    [InlineData("- **Rollback:** Drop it\n  - `DROP TABLE a;`\n  - By hand: tell others", "DROP TABLE a;", "By hand: tell others")]
    [InlineData("- **Rollback:**\n\n  ```sql\n  DROP TABLE a;\n  DROP TYPE b;\n  ```", "DROP TABLE a;\nDROP TYPE b;", "")]
    [InlineData("#### Rollback Plan\n\n```sql\nALTER TABLE a\n  DROP COLUMN b;\n```", "ALTER TABLE a\n  DROP COLUMN b;", "")]
    [InlineData("**Rollback:**\n\n```sql\nDROP TABLE a;\n```", "DROP TABLE a;", "")]
    [InlineData("- **Rollback:** `DROP TABLE a; DROP TAB…`", null, "DROP TABLE a; DROP TAB…")]
    [InlineData("- **Rollback:** Restore it\n\n  ```sh\n  psql -c 'DROP TABLE a;'\n  ```", null, "Restore it")]
    [InlineData("#### Rollback Plan\n\n```bash\npg_restore it\n```\n\n```PostgreSQL\nDROP TABLE a;\n```", "DROP TABLE a;", "")]
    public void The_sql_of_an_entry_is_told_from_its_words(string rollback, string? sql, string words)
    {
        ChangelogEntry entry = ChangelogParser.Parse(
            $"## Migrated\n\n### 20250101000000_a\n\n- **Status:** MIGRATED\n\n{rollback}\n").Entries[0];
        RollbackText text = RollbackText.Of(entry, file: null);
        Assert.Equal((sql, words, "the entry"), (text.Sql, string.Join('|', text.ByHand), text.From));
    }

    [Fact]
    public void A_file_counts_before_the_entry_and_nothing_is_nothing()
    {
        ChangelogEntry entry = ChangelogParser.Parse("## Migrated\n\n### 20250101000000_a\n\n- **Rollback:** `DROP TABLE a;`\n").Entries[0];
        RollbackText text = RollbackText.Of(entry, "DROP VIEW v;");
        Assert.Equal(("DROP VIEW v;", "down.sql"), (text.Sql, text.From));
        Assert.Null(RollbackText.Of(entry with { Fields = [] }, " \n").From);
    }
}
