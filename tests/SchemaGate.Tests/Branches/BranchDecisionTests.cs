using System.Text;
using SchemaGate.Core.Branches;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Branches;

/// <summary>Three trees and what follows, also of other tools' layouts.</summary>
public sealed class BranchDecisionTests
{
    [Theory]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "V2__b.sql", "V2__c.sql", "migration-order-taken")]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "V10__b.sql", "V9__c.sql", "migration-out-of-order")]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "V9__b.sql", "V10__c.sql", "")]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "V2__b.sql", "R__c.sql", "")]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "R__b.sql", "V2__c.sql", "")]
    [InlineData(MigrationTool.GolangMigrate, "1_a.up.sql", "2_b.up.sql", "2_c.up.sql", "migration-order-taken")]
    [InlineData(MigrationTool.GolangMigrate, "1_a.up.sql", "10_b.up.sql", "9_c.up.sql", "migration-out-of-order")]
    [InlineData(MigrationTool.Rails, "20240101000000_a.rb", "20240103000000_b.rb", "20240102000000_c.rb", "migration-out-of-order")]
    [InlineData(MigrationTool.Prisma, "0001_a/migration.sql", "0002_b/migration.sql", "0002_c/migration.sql", "migration-order-taken")]
    [InlineData(MigrationTool.Prisma, "20240101_a/migration.sql", "20240102_b/migration.sql", "20240102_c/migration.sql", "")]
    [InlineData(MigrationTool.Prisma, "0001_a/migration.sql", "0002_b/migration.sql", "0002_b/migration.sql", "migration-name-taken")]
    public void Two_sides_that_each_are_sound_may_not_be_so_together(MigrationTool tool, string old, string theirs, string ours, string id)
    {
        Dictionary<string, string> origin = With([], old, "SELECT 1;");
        Assert.Equal(id, Ids(
            tool, origin, With(origin, theirs, "SELECT 'theirs';"), With(origin, ours, "SELECT 'ours';")));
        // What is on the other side already, as it is here, is nothing that the branch adds.
        Assert.Equal("", Ids(tool, origin, With(origin, ours, "SELECT 1;"), With(origin, ours, "SELECT 1;")));
    }

    [Theory]
    [InlineData(MigrationTool.Flyway, "V1__a.sql", "migration-edited")]
    [InlineData(MigrationTool.Flyway, "R__a.sql", "")]
    [InlineData(MigrationTool.Flyway, "V1__a.java", "migration-edited")]
    [InlineData(MigrationTool.Rails, "20240101000000_a.rb", "migration-edited")]
    [InlineData(MigrationTool.Prisma, "20240101000000_a/migration.sql", "migration-edited")]
    public void An_edit_is_told_by_the_text_whatever_language_it_is_in(MigrationTool tool, string path, string id)
    {
        Dictionary<string, string> origin = With([], path, "SELECT 1;\nSELECT 2;\n");
        Assert.Equal(id, Ids(tool, origin, origin, With([], path, "SELECT 3;")));
        Assert.Equal("", Ids(tool, origin, origin, With([], path, "SELECT 1;\r\nSELECT 2;\r\n")));
        // The other side's edit, taken over.
        Assert.Equal("", Ids(tool, origin, With([], path, "SELECT 3;"), With([], path, "SELECT 3;")));
    }

    private static string Revision(string id, string? parent) =>
        $"revision = '{id}'\ndown_revision = {(parent is null ? "None" : $"'{parent}'")}\n\ndef upgrade():\n    pass\n";

    private static string Django(string dependencies, string replaces = "[]") =>
        $"class Migration(migrations.Migration):\n    replaces = {replaces}\n    dependencies = {dependencies}\n    operations = []\n";

    [Fact]
    public void Two_heads_of_a_graph_are_refused_and_one_after_the_other_is_not()
    {
        Dictionary<string, string> origin = With([], "versions/a1_one.py", Revision("a1", null));
        Dictionary<string, string> released = With(origin, "versions/b2_two.py", Revision("b2", "a1"));
        Assert.Equal("migration-order-taken", Ids(
            MigrationTool.Alembic, origin, released, With(origin, "versions/c3_three.py", Revision("c3", "a1"))));
        Assert.Equal("", Ids(
            MigrationTool.Alembic, origin, released, With(released, "versions/c3_three.py", Revision("c3", "b2"))));
        // As a pipeline checks out a pull request: merged already, so that the branch began at the newest of the other side.
        Dictionary<string, string> merge = With(released, "versions/c3_three.py", Revision("c3", "a1"));
        Assert.Equal("migration-order-taken", Ids(MigrationTool.Alembic, released, released, merge));
        // Two that are there already are meant.
        Assert.Equal("", Ids(MigrationTool.Alembic, merge, merge, With(merge, "versions/d4_four.py", Revision("d4", "c3"))));
    }

    [Theory]
    [InlineData("[('shop', '0001_a')]", "migration-order-taken")]
    [InlineData("[('auth', '0001_x'), migrations.swappable_dependency(settings.AUTH_USER_MODEL), (\"shop\", \"0001_a\",),]",
        "migration-order-taken")]
    [InlineData("[('shop', '0002_b')]", "")]
    [InlineData("[('shop', '0002_b'), ('stock', '0001_a')]", "")]
    public void Two_heads_of_a_Django_app_are_refused_whatever_the_branch_has_merged(string dependencies, string id)
    {
        Dictionary<string, string> origin = With(With([], "shop/migrations/0001_a.py", Django("[]")),
            "stock/migrations/0001_a.py", Django("[('shop', '0001_a')]"));
        Dictionary<string, string> released = With(origin, "shop/migrations/0002_b.py", Django("[('shop', '0001_a')]"));
        Dictionary<string, string> here = With(released, "shop/migrations/0003_c.py", Django(dependencies));
        Assert.Equal(id, Ids(MigrationTool.Django, released, released, here));
        Assert.Equal(id, Ids(
            MigrationTool.Django, origin, released, With(origin, "shop/migrations/0003_c.py", Django(dependencies))));
    }

    [Fact]
    public void A_squash_of_Django_s_is_no_head_beside_what_it_stands_for()
    {
        Dictionary<string, string> origin = With(With([], "shop/migrations/0001_a.py", Django("[]")),
            "shop/migrations/0002_b.py", Django("[('shop', '0001_a')]"));
        Dictionary<string, string> here = With(
            origin, "shop/migrations/0001_squashed_0002_b.py", Django("[]", "[('shop', '0001_a'), ('shop', '0002_b')]"));
        Assert.Equal("", Ids(MigrationTool.Django, origin, origin, here));
        Assert.Equal("", Ids(MigrationTool.Django, origin, origin, With(
            here, "shop/migrations/0003_c.py", Django("[('shop', '0002_b')]"))));
    }

    [Fact]
    public void A_file_that_both_sides_changed_is_for_git_to_tell()
    {
        static Dictionary<string, ReadOnlyMemory<byte>> Files(string text) =>
            new(StringComparer.Ordinal) { ["atlas.sum"] = Encoding.UTF8.GetBytes(text) };
        Assert.Null(BranchFiles.Merge(Files("a"), Files("b"), Files("c")));
        Assert.Equal("b", Text(BranchFiles.Merge(Files("a"), Files("b"), Files("a"))!));
        Assert.Equal("c", Text(BranchFiles.Merge(Files("a"), Files("a"), Files("c"))!));
        Assert.Equal("b", Text(BranchFiles.Merge(Files("a"), Files("b"), Files("b"))!));
        Assert.Empty(BranchFiles.Merge(Files("a"), new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal), Files("a"))!);
        static string Text(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files) => Encoding.UTF8.GetString(files["atlas.sum"].Span);
    }

    [Theory]
    [InlineData("model A { id Int @id }", "model A {\n  id Int @id // key\n}", true)]
    [InlineData("model A { id Int @id }", "model A { id Int @id @map(\"//x\") }", false)]
    [InlineData("model A { a String @default(\"a // b\") }", "model A { a String @default(\"a // c\") }", false)]
    [InlineData("model A { a String @default(\"\\\"}\") }", "model A { a String @default(\"\\\"}\") } /* } */", true)]
    [InlineData("enum E { A B }", "enum E { B A }", false)]
    [InlineData("enum E { A } enum F { B }", "enum F { B } enum E { A }", true)]
    [InlineData("model A { id Int }", "model A { id Int? }", false)]
    [InlineData("generator g { a = 1 } model A { id Int }", "model A { id Int } generator g { a = 2 }", true)]
    [InlineData("datasource d { extensions = [a] }", "datasource d { extensions = [b] }", false)]
    [InlineData("model A { id Int }", "model A { id Int", false)]
    [InlineData("model A { a String @default(\"x", "model A { a String @default(\"y", false)]
    [InlineData("model A { id Int } /*", "model A { id Int } //", true)]
    public void A_schema_is_compared_by_what_it_says(string old, string now, bool isSame) =>
        Assert.Equal(isSame, Blocks(old).SequenceEqual(Blocks(now), StringComparer.Ordinal));

    private static IEnumerable<string> Blocks(string text) =>
        SchemaText.Of(text).Blocks.Select(block => block.Text).Order(StringComparer.Ordinal);

    /// <summary>The ids of what is found, each once.</summary>
    private static string Ids(
        MigrationTool tool, Dictionary<string, string> origin, Dictionary<string, string> released, Dictionary<string, string> here)
    {
        (BranchTree old, BranchTree other, BranchTree tree) = (Tree(tool, origin), Tree(tool, released), Tree(tool, here));
        Assert.Empty(tree.Migrations.Problems);
        MigrationSet merged = MigrationSet.Read(BranchFiles.Merge(old.Files, other.Files, tree.Files) ?? tree.Files, tool);
        BranchFacts facts = new(old, other, tree, merged)
        {
            Revision = "origin/main",
            DocumentPath = "CHANGELOG.md",
            MigrationsPath = "migrations",
        };
        return string.Join(' ', BranchDecision.Judge(facts, new BranchPolicy())
            .Select(finding => finding.Id).Distinct(StringComparer.Ordinal));
    }

    private static BranchTree Tree(MigrationTool tool, Dictionary<string, string> files)
    {
        Dictionary<string, ReadOnlyMemory<byte>> bytes = files.ToDictionary(
            file => file.Key, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Value), StringComparer.Ordinal);
        return new(MigrationSet.Read(bytes, tool), null, new Dictionary<string, string>(StringComparer.Ordinal)) { Files = bytes };
    }

    private static Dictionary<string, string> With(Dictionary<string, string> files, string path, string text) =>
        new(files, StringComparer.Ordinal) { [path] = text };
}
