using SchemaGate.Cli;
using SchemaGate.Cli.Lint;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Cli;

/// <summary>What lint reads, before a parser sees it.</summary>
public sealed class LintInputsTests
{
    private static readonly ImageChoice s_choice = new("prisma/migrations", PlainHttp: true, AuthoritiesPem: null);
    private static readonly Shell s_shell = new(() => Stream.Null, _ => null, TimeProvider.System, IsColoured: false);

    [Fact]
    public async Task An_images_migrations_need_no_document()
    {
        using FakeRegistry registry = new();
        registry.Push(
            Archive.Tar(("prisma/migrations/1_a/migration.sql", "SELECT 1;"), ("prisma/migrations/2_b/migration.sql", "SELECT 2;")));
        await using LoopbackRegistry server = await LoopbackRegistry.StartAsync(registry);
        string image = $"{server.Repository}:1";
        LintSet set = Assert.Single((await ReadAsync([image])).Sets);
        Assert.Equal(["1_a", "2_b"], set.Scripts.Select(script => script.Name), StringComparer.Ordinal);
        Assert.Equal($"{image}/prisma/migrations/2_b/migration.sql", set.Scripts[1].File);
    }

    [Fact]
    public async Task An_image_without_migrations_is_a_problem()
    {
        using FakeRegistry registry = new();
        registry.Push(Archive.Tar(("README.md", "x")));
        await using LoopbackRegistry server = await LoopbackRegistry.StartAsync(registry);
        Assert.Contains("has no migration below prisma/migrations", Assert.Single(
            (await ReadAsync([$"{server.Repository}:1"])).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_that_is_none_is_a_problem() => Assert.Single((await ReadAsync(["Shop:::1"])).Problems);

    [Fact]
    public async Task What_prisma_would_refuse_is_a_problem()
    {
        using Shop shop = new();
        shop.Write("prisma/migrations/20250101000000_empty/notes.txt", "x");
        LintInputs inputs = await LintInputs.ReadAsync(
            [shop.Root], [], "prisma/migrations", s_choice, s_shell, TestContext.Current.CancellationToken);
        Assert.Contains("'20250101000000_empty' has no migration.sql", Assert.Single(inputs.Problems), StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(inputs.Sets).Scripts.Count);
    }

    [Theory]
    [InlineData("V1__x.sql", "\uFEFFSELECT 1", true)]
    [InlineData("x.sql", "\uFEFF--liquibase formatted sql\n--changeset a:1\nSELECT 1", true)]
    [InlineData("x.sql", "SELECT '\uFFFD'", true)]
    [InlineData("x.sql", "\uFEFFSELECT 1", false)]
    public async Task A_mark_that_its_tool_takes_off_is_no_part_of_a_text(string name, string sql, bool isRead)
    {
        using Shop shop = new();
        shop.Write($"sql/{name}", sql);
        LintInputs inputs = await LintInputs.ReadAsync(
            [Path.Combine(shop.Root, "sql")], [], "prisma/migrations", s_choice, s_shell, TestContext.Current.CancellationToken);
        LintScript script = Assert.Single(Assert.Single(inputs.Sets).Scripts);
        Assert.Equal(isRead, script.Unread is null);
        Assert.Equal(!isRead, script.Sql.StartsWith('\uFEFF'));
    }

    [Theory]
    [InlineData("00001_init.go", false)]
    [InlineData("V1__init.java", false)]
    [InlineData("README.md", true)]
    public async Task Programs_beside_SQL_files_make_the_set_less_than_whole(string file, bool isWhole)
    {
        using Shop shop = new();
        shop.Write("flat/00002_a.sql", "CREATE TABLE a (id int);");
        shop.Write($"flat/{file}", "x");
        LintInputs inputs = await LintInputs.ReadAsync(
            [Path.Combine(shop.Root, "flat")], [], "prisma/migrations", s_choice, s_shell, TestContext.Current.CancellationToken);
        Assert.Equal(isWhole, Assert.Single(inputs.Sets).IsWhole);
    }

    private static Task<LintInputs> ReadAsync(string[] images) =>
        LintInputs.ReadAsync([], images, "prisma/migrations", s_choice, s_shell, TestContext.Current.CancellationToken);
}
