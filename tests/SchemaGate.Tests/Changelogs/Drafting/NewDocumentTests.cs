using System.Text.Json;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Evidence;

namespace SchemaGate.Tests.Changelogs.Drafting;

public sealed class NewDocumentTests
{
    private static readonly DateOnly s_today = new(2026, 11, 30);
    private static readonly string s_dialects = Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Dialects");

    /// <summary>Every tool's files, as the tests of their histories have them, and the demo's.</summary>
    public static TheoryData<string> Layouts =>
    [
        .. Directory.EnumerateDirectories(s_dialects),
        Path.Combine(Repository.Root, "config", "demo", "schema-v2", "prisma"),
    ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_new_document_is_clean_beside_its_migrations_whatever_tool_they_are_of(string folder)
    {
        MigrationSet set = Set(folder);
        Changelog changelog = ChangelogParser.Parse(Write(set, "db/migrations"));
        IReadOnlyList<MigrationRisk> risks = Assert.IsType<Evidence<IReadOnlyList<MigrationRisk>>.Found>(
            RiskEvidence.Judge(set, RiskEvidence.Options(null), TimeProvider.System)).Value;
        Assert.Empty(changelog.Findings.Concat(ChangelogConsistency.Check(changelog, set, null, new(PolicyMode.Block, true)))
            .Concat(RiskConsistency.Check(changelog, risks, null, PolicyMode.Block)));
        Assert.Equal(set.Names.Order(StringComparer.Ordinal), changelog.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_new_document_has_the_whole_form()
    {
        string text = Write(Set(Path.Combine(Repository.Root, "config", "demo", "schema-v2", "prisma")), "prisma/migrations");
        Golden.Same(
            Path.Combine(Repository.Root, "tests", "SchemaGate.Tests", "Changelogs", "Drafting", "document.md"), text);
    }

    [Theory]
    [InlineData("00000000000000_init_baseline", MigrationTool.Prisma, true)]
    [InlineData("0_init", MigrationTool.Prisma, true)]
    [InlineData("20240101000000_squashed_migrations", MigrationTool.Prisma, true)]
    [InlineData("20240101000000_init", MigrationTool.Prisma, false)]
    [InlineData("20240101000000_baselines_of_prices", MigrationTool.Prisma, false)]
    [InlineData("0000_brave_hulk", MigrationTool.Drizzle, false)]
    [InlineData("V1__baseline", MigrationTool.Flyway, true)]
    public void A_baseline_is_told_by_its_name(string name, MigrationTool tool, bool isBaseline) =>
        Assert.Equal(isBaseline, InitialEntry.IsBaselineName(name, tool));

    [Theory]
    [InlineData("1_a*b*")]
    [InlineData("1_[x](y)")]
    [InlineData("1_<!--")]
    [InlineData("1__x_")]
    [InlineData("1_a b #")]
    [InlineData("none")]
    [InlineData("pending_orders")]
    public void A_heading_reads_as_the_migrations_name(string name)
    {
        MigrationSet set = new([new Migration(name, "SELECT 1", MigrationChecksum.Of("SELECT 1"))], []);
        Changelog changelog = ChangelogParser.Parse(Write(set, "prisma/migrations"));
        Assert.Equal(name, Assert.Single(changelog.Entries).Name);
        Assert.Empty(changelog.Findings.Concat(ChangelogConsistency.Check(changelog, set, null, new(PolicyMode.Block, true))));
    }

    [Fact]
    public void What_is_applied_is_deployed_with_its_day()
    {
        MigrationSet set = new([new Migration("1_x", "CREATE TABLE t ();", MigrationChecksum.None)], []);
        DraftedEntry draft = Drafts(set, "m")[0];
        string text = new NewDocument(set.Tool, "m", "").Write([new(draft, true, new(2024, 2, 3), false)], s_today);
        ChangelogEntry entry = Assert.Single(ChangelogParser.Parse(text).Entries);
        Assert.Equal(ChangelogStatus.Deployed, entry.Status);
        Assert.Equal("February 3, 2024", entry.Field("Date Deployed")?.Text);
        Assert.Null(entry.Field("Rollback"));
    }

    private static MigrationSet Set(string folder)
    {
        string expected = Path.Combine(folder, "expected.json");
        using JsonDocument? document = File.Exists(expected) ? JsonDocument.Parse(File.ReadAllText(expected)) : null;
        string[] arguments = [.. document?.RootElement.GetProperty("arguments").EnumerateArray().Select(word => word.GetString()!) ?? []];
        int tool = Array.IndexOf(arguments, "--tool");
        MigrationSet set = Assert.IsType<Evidence<MigrationSet>.Found>(DirectoryEvidence.ReadMigrations(
            folder, "migrations", tool < 0 ? null : Enum.Parse<MigrationTool>(arguments[tool + 1], ignoreCase: true))).Value;
        Assert.Empty(set.Problems);
        return set;
    }

    private static string Write(MigrationSet set, string directory) => new NewDocument(set.Tool, directory, "").Write(
        [.. Drafts(set, directory).Select((draft, index) =>
        {
            bool isBaseline = index == 0 && InitialEntry.IsBaselineName(draft.Name, set.Tool);
            return new InitialEntry(draft, isBaseline, null, isBaseline);
        })],
        s_today);

    private static IReadOnlyList<DraftedEntry> Drafts(MigrationSet set, string directory) =>
        Assert.IsType<Evidence<IReadOnlyList<DraftedEntry>>.Found>(
            DraftEvidence.Draft(set, null, null, directory, TimeProvider.System)).Value;
}
