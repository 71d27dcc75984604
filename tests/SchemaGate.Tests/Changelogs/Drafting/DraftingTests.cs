using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Tests.Changelogs.Drafting;

/// <summary>
/// Each folder of the corpus is one draft, compared whole: <c>migration.sql</c>, what it builds on in <c>before.sql</c> (may be missing),
/// and <c>expected.md</c>. The seed's own are the demo's migrations.
/// </summary>
public sealed class DraftingTests
{
    private static readonly string s_corpus = Path.Combine(
        Repository.Root, "tests", "SchemaGate.Tests", "Changelogs", "Drafting", "corpus");

    private static readonly string s_seed = Path.Combine(Repository.Root, "config/demo/schema-v2/prisma/migrations");

    public static TheoryData<string> Cases =>
    [
        .. Directory.EnumerateFiles(s_corpus, "migration.sql", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_migrations_SQL_drafts_its_entry(string name)
    {
        string folder = Path.Combine(s_corpus, name);
        string before = Path.Combine(folder, "before.sql");
        DraftedEntry draft = Draft(
            $"20241224000000_{name.Replace('-', '_')}", File.ReadAllText(Path.Combine(folder, "migration.sql")),
            File.Exists(before) ? File.ReadAllText(before) : "");
        Golden.Same(Path.Combine(folder, "expected.md"), Text(draft));
    }

    [Theory]
    [InlineData("20241224000000_add_sites_model")]
    [InlineData("20241224100000_add_cs_ai_usage_tables")]
    public void The_seeds_migrations_draft_their_entries(string name)
    {
        DraftedEntry draft = Draft(name, Sql(name), Sql("00000000000000_init_baseline"));
        Golden.Same(Path.Combine(s_corpus, "the-seeds", $"{name}.md"), Text(draft));
        static string Sql(string migration) => File.ReadAllText(Path.Combine(s_seed, migration, "migration.sql"));
    }

    [Theory]
    [InlineData("20241224000000_add_sites_model", "Add sites model")]
    [InlineData("V1_2__add_ordersTable", "Add orders table")]
    [InlineData("R__views", "Views")]
    [InlineData("shop.0002_add_price", "Add price")]
    [InlineData("changes/1.sql::add-price::jane", "Add price")]
    [InlineData("20240101", "Migration 20240101")]
    [InlineData("1_<b>_x", @"\<b\> x")]
    public void A_description_has_the_words_of_the_migrations_name(string name, string description) =>
        Assert.Equal(description, Draft(name, "SELECT 1").Field("Description")!.Text);

    [Theory]
    [InlineData("SELEC 1")]
    [InlineData("DO $$ BEGIN END $$")]
    [InlineData("CREATE TABLE t (a int); GRNAT ALL ON t TO u;")]
    [InlineData("CALL p()")]
    public void What_nobody_can_read_is_said_and_never_low(string sql)
    {
        DraftedEntry draft = Draft("1_x", sql);
        Assert.True(draft.Risk > RiskLevel.Low);
        Assert.Contains("read", string.Join('\n', draft.Field("Changes")!.Items!), StringComparison.Ordinal);
        Assert.Contains(draft.Field("Rollback")!.Items!, item => item.StartsWith("By hand", StringComparison.Ordinal));
    }

    [Fact]
    public void More_changes_than_people_read_are_counted()
    {
        DraftedEntry draft = Draft(
            "1_x",
            string.Concat(Enumerable.Range(1, 70).Select(number => $"CREATE TABLE t{number} (id int);"))
                + "GRANT SELECT ON t1 TO u; GRANT SELECT ON t2 TO u;");
        Assert.Equal("And 10 × CREATE TABLE, And 2 × GRANT", string.Join(", ", draft.Field("Changes")!.Items!.Skip(60)));
        Assert.Equal(70, draft.Tables);
        Assert.Equal("And 32 more steps", draft.Field("Rollback")!.Items![^1]);
        Assert.StartsWith("Drop tables", draft.Field("Rollback")!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_are_text_of_one_line()
    {
        DraftedEntry draft = Draft("1_x", "CREATE TABLE \"a`\n- **Status:** PENDING\n## Pending\" (\"```\" int);");
        string document = $"# C\n\n## Pending\n\n## Migrated\n\n### 1_x\n{Text(draft)}\n## Deployed\n";
        Changelog changelog = ChangelogParser.Parse(document);
        Assert.Equal(ChangelogStatus.Migrated, Assert.Single(changelog.Entries).Status);
        Assert.DoesNotContain(changelog.Findings, finding => finding.Severity == FindingSeverity.Blocking);
    }

    /// <summary>The draft's bullets as the document has them.</summary>
    internal static string Text(DraftedEntry draft) => string.Concat(
        draft.Fields.Select(field => $"{FieldStyle.Seed.Write(FieldStyle.Seed.Fit(field), "\n")}\n"));

    internal static DraftedEntry Draft(string name, string sql, string before = "")
    {
        MigrationSet set = MigrationSet.Read(
            new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)
            {
                ["0_before/migration.sql"] = Encoding.UTF8.GetBytes(before),
            });
        set = set with { Migrations = [.. set.Migrations, new Migration(name, sql, MigrationChecksum.Of(sql))] };
        HashSet<string> wanted = new(StringComparer.Ordinal) { name };
        return Assert.Single(Assert.IsType<Evidence<IReadOnlyList<DraftedEntry>>.Found>(
            DraftEvidence.Draft(set, wanted, null, "prisma/migrations", TimeProvider.System)).Value);
    }
}
