namespace SchemaGate.Tests.Cli;

/// <summary>What lint judges of a branch, on a real git history.</summary>
public sealed class LintBranchTests : IDisposable
{
    private readonly GitShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Only_what_the_branch_adds_or_edits_is_judged_and_the_rest_is_context()
    {
        Assert.Contains("Passed: 0 migrations", (await LintAsync()).Output, StringComparison.Ordinal);
        _shop.Migrate(sql: "ALTER TABLE companies DROP COLUMN id;");
        Outcome outcome = await LintAsync();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Failed: 1 migration, ", outcome.Output, StringComparison.Ordinal);
        _shop.Commit("Drop");
        Assert.Equal(1, (await LintAsync()).Code);
        _shop.Replace(GitShop.Script(Shop.First), "int", "bigint");
        Assert.Contains("Failed: 2 migrations, ", (await LintAsync()).Output, StringComparison.Ordinal);
        Assert.Contains("Passed: 0 migrations", (await Schemagate.RunAsync(
            "lint", Path.Combine(_shop.Root, GitShop.Script(Shop.Third)), "--changed-since", "main")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prisma", "db", "")]
    [InlineData("prisma/migrations", "../db", "")]
    [InlineData("prisma", "db", "prisma/migrations")]
    public async Task A_directory_that_is_a_link_is_said(string link, string target, string path)
    {
        _shop.Git("mv", link, "db");
        Directory.CreateSymbolicLink(Path.Combine(_shop.Root, link), target);
        _shop.Commit("Link");
        _shop.Git("branch", "--force", "main", "coupons");
        _shop.Migrate(sql: "DROP TABLE companies;");
        Outcome outcome = await Schemagate.RunAsync("lint", Path.Combine(_shop.Root, path), "--changed-since", "main");
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{_shop.Root}/{link} is a link", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prisma")]
    [InlineData("prisma/migrations")]
    public async Task Migrations_of_another_repository_are_asked_about_there(string part)
    {
        _shop.Git("rm", "-rq", "--cached", "prisma");
        _shop.Commit("Part");
        _shop.Git("branch", "--force", "main", "coupons");
        string other = Path.Combine(_shop.Root, part);
        GitShop.GitIn(other, "init", "--quiet", "--initial-branch=main");
        GitShop.GitIn(other, "add", "--all");
        GitShop.GitIn(other, "commit", "--quiet", "--message", "Begin");
        _shop.Migrate(sql: "DROP TABLE companies;");
        Outcome outcome = await LintAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{other} is a repository with a history of its own", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Schemagate.RunAsync(
            "lint", other, "--changed-since", "main", "--migrations", part == "prisma" ? "migrations" : ".")).Code);
    }

    [Fact]
    public async Task Migrations_beside_the_directory_are_asked_about_too()
    {
        _shop.Migrate(sql: "DROP TABLE companies;");
        Assert.Equal(1, (await Schemagate.RunAsync(
            "lint", Path.Combine(_shop.Root, "docs"), "--migrations", "../prisma/migrations", "--changed-since", "main")).Code);
    }

    [Fact]
    public async Task A_comment_is_known_again_when_nothing_is_left_to_judge()
    {
        async Task<string> MarkerAsync() => (await Schemagate.RunAsync(
            "lint", _shop.Root, "--changed-since", "main", "--output", "markdown")).Output.Split('\n')[0];
        string none = await MarkerAsync();
        Assert.StartsWith("<!-- schemagate lint /", none, StringComparison.Ordinal);
        _shop.Migrate(sql: "DROP TABLE companies;");
        Assert.Equal(none, await MarkerAsync());
    }

    [Theory]
    [InlineData(3, "--changed-since", "nowhere")]
    [InlineData(2, "--changed-since=--output=x")]
    [InlineData(2, "--changed-since", "main", "--only", Shop.First)]
    public async Task What_cannot_be_meant_is_refused(int code, params string[] arguments) =>
        Assert.Equal(code, (await Schemagate.RunAsync(["lint", _shop.Root, .. arguments])).Code);

    [Fact]
    public async Task Standard_input_is_no_branch()
    {
        Outcome outcome = await new Schemagate { Input = "SELECT 1;" }.InvokeAsync(
            ["lint", "-", "--changed-since", "main"], TestContext.Current.CancellationToken);
        Assert.Equal(2, outcome.Code);
    }

    private Task<Outcome> LintAsync() => Schemagate.RunAsync("lint", _shop.Root, "--changed-since", "main");
}
