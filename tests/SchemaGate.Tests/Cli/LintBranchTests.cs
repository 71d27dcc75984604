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
