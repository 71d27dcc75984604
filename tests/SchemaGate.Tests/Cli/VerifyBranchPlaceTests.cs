using SchemaGate.Tests.Pipelines;

namespace SchemaGate.Tests.Cli;

/// <summary>Where a branch may be looked at, and what is said where it may not.</summary>
public sealed class VerifyBranchPlaceTests : IDisposable
{
    private readonly GitShop _shop = new();
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("schemagate-");

    public void Dispose()
    {
        _shop.Dispose();
        _elsewhere.Delete(recursive: true);
    }

    [Fact]
    public async Task A_directory_of_a_repository_of_several_is_a_checkout()
    {
        _shop.Write("services/shop/docs/DATABASE_SCHEMA_CHANGELOG.md", _shop.Read(GitShop.Document));
        foreach (string name in (string[])[Shop.First, Shop.Second, Shop.Third])
        {
            _shop.Write($"services/shop/{GitShop.Script(name)}", _shop.Read(GitShop.Script(name)));
        }

        _shop.OnMain(() => { });
        _shop.Git("branch", "--force", "main", "coupons");
        _shop.Write($"services/shop/{GitShop.Script(GitShop.New)}", "SELECT 1;");
        string place = Path.Combine(_shop.Root, "services", "shop");
        Outcome outcome = await Schemagate.RunAsync("verify", place, "--changed-since", "main");
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"  {place}/{GitShop.Script(GitShop.New)}: '{GitShop.New}' has no entry", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("0: ", await _shop.FindingsAsync());
        // A document that the services share lies above.
        _shop.Enter();
        Assert.Equal(0, (await Schemagate.RunAsync(
            "verify", place, "--changed-since", "main", "--document", $"../../{GitShop.Document}")).Code);
        outcome = await Schemagate.RunAsync("verify", place, "--changed-since", "main", "--document", "../../../elsewhere.md");
        Assert.Equal(3, outcome.Code);
    }

    /// <summary>githooks(5): a hook's git has these in its environment, and their paths may be relative.</summary>
    [Fact]
    public async Task What_a_hook_s_git_says_of_its_own_place_is_of_no_account()
    {
        _shop.Migrate();
        (int code, string output) = await Script.RunAsync(
            _shop.Root, [("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index"), ("GIT_PREFIX", "x/")],
            "schemagate", "verify", "prisma", "--migrations", "migrations", "--no-changelog", "--changed-since", "main");
        Assert.True(code == 0, output);
        Assert.Contains($"Adds        {GitShop.New}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_git_does_not_know_is_said()
    {
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, "--changed-since", "origin/main");
        Assert.Equal((3, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith(
            "Unknown: BranchUnreadable\ngit knows no origin/main here. Is it fetched", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("::error title=not judged::git knows no", (await Schemagate.RunAsync(
            "verify", _shop.Root, "--changed-since", "nowhere", "-o", "github")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--output=/tmp/x")]
    [InlineData("-h")]
    [InlineData("")]
    [InlineData("https://user:secret@example.com/x")]
    public async Task A_revision_is_never_an_option_of_git_s(string revision)
    {
        Outcome outcome = await Schemagate.RunAsync("verify", _shop.Root, $"--changed-since={revision}");
        Assert.Equal(2, outcome.Code);
        Assert.DoesNotContain("secret", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shallow_clone_is_told_to_fetch_more()
    {
        _shop.ChangeWell();
        _shop.OnMain(() => _shop.Migrate("20250301000000_add_vouchers", "SELECT 1;"));
        string clone = Path.Combine(_elsewhere.FullName, "clone");
        GitShop.GitIn(_elsewhere.FullName, "clone", "--quiet", "--depth=1", "--branch=coupons", $"file://{_shop.Root}", clone);
        Outcome outcome = await Schemagate.RunAsync("verify", clone, "--changed-since", "origin/main");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("`fetch-depth: 0` of actions/checkout", outcome.Output, StringComparison.Ordinal);
        GitShop.GitIn(clone, "fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main");
        outcome = await Schemagate.RunAsync("verify", clone, "--changed-since", "origin/main");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("which is shallow", outcome.Output, StringComparison.Ordinal);
        GitShop.GitIn(clone, "fetch", "--quiet", "--unshallow");
        outcome = await Schemagate.RunAsync("verify", clone, "--changed-since", "origin/main");
        Assert.Contains("[migration-out-of-order]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_without_contents_fetches_those_that_differ()
    {
        _shop.ChangeWell();
        _shop.OnMain(() => _shop.Migrate(sql: "SELECT 'another';"));
        _shop.Git("config", "uploadpack.allowFilter", "true");
        string clone = Path.Combine(_elsewhere.FullName, "clone");
        GitShop.GitIn(_elsewhere.FullName, "clone", "--quiet", "--filter=blob:none", "--branch=coupons", $"file://{_shop.Root}", clone);
        Outcome outcome = await Schemagate.RunAsync("verify", clone, "--changed-since", "origin/main");
        Assert.Contains("[migration-name-taken]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_repository_there_is_no_branch()
    {
        using Shop shop = new();
        Outcome outcome = await Schemagate.RunAsync("verify", shop.Root, "--changed-since", "main");
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{shop.Root} is in no git repository", outcome.Output, StringComparison.Ordinal);
        GitShop.GitIn(shop.Root, "init", "--quiet");
        Assert.Equal(3, (await Schemagate.RunAsync("verify", shop.Root, "--changed-since", "HEAD")).Code);
    }

    [Fact]
    public async Task Histories_that_have_nothing_in_common_are_said()
    {
        _shop.Git("checkout", "--quiet", "--orphan", "other");
        _shop.Commit("Anew");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains("no commit in common with main", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_in_a_submodule_are_asked_about_there()
    {
        string other = Path.Combine(_elsewhere.FullName, "other");
        Directory.CreateDirectory(other);
        GitShop.GitIn(other, "init", "--quiet", "--initial-branch=main");
        GitShop.GitIn(other, "commit", "--quiet", "--allow-empty", "--message", "Begin");
        _shop.Git("rm", "-rq", "prisma");
        _shop.Git("submodule", "--quiet", "add", $"file://{other}", "prisma");
        _shop.Commit("Part");
        _shop.Git("branch", "--force", "main", "coupons");
        _shop.Migrate();
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains("prisma is a submodule", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_not_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_shop.Root, "prisma", "other.prisma"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(_shop.Root, "prisma", "round"), _shop.Root);
        Assert.Equal("0: ", await _shop.FindingsAsync());
        _shop.Commit("Link");
        Assert.Equal("0: ", await _shop.FindingsAsync());
        _shop.Git("branch", "--force", "main", "coupons");
        Assert.Equal("0: ", await _shop.FindingsAsync());
        File.Move(Path.Combine(_shop.Root, GitShop.Document), Path.Combine(_shop.Root, "elsewhere.md"));
        File.CreateSymbolicLink(Path.Combine(_shop.Root, GitShop.Document), "../elsewhere.md");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{GitShop.Document} is a link", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prisma", "db")]
    [InlineData("prisma/migrations", "../db")]
    [InlineData("docs", "writing")]
    public async Task A_directory_that_is_a_link_is_said(string link, string target)
    {
        _shop.Git("mv", link, Path.GetFullPath(target, $"/{Path.GetDirectoryName(link)}")[1..]);
        Directory.CreateSymbolicLink(Path.Combine(_shop.Root, link), target);
        _shop.Commit("Link");
        _shop.Git("branch", "--force", "main", "coupons");
        _shop.Replace(GitShop.Script(Shop.Second), "sites", "pages");
        Outcome outcome = await _shop.VerifyAsync();
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{_shop.Root}/{link} is a link", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_the_schema_is_passed_over_where_nobody_asks_for_it()
    {
        File.CreateSymbolicLink(Path.Combine(_shop.Root, "schema.prisma"), GitShop.Schema);
        Assert.Equal("0: ", await _shop.FindingsAsync());
        Outcome outcome = await _shop.VerifyAsync("--prisma-schema", "schema.prisma");
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"There is no Prisma schema at {_shop.Root}/schema.prisma", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prisma/schemo.prisma")]
    [InlineData("docs/DATABASE_SCHEMA_CHANGELOG.md")]
    [InlineData("docs")]
    public async Task A_mistyped_schema_is_said(string path)
    {
        Outcome outcome = await _shop.VerifyAsync("--prisma-schema", path);
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"There is no Prisma schema at {_shop.Root}/{path}", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_migrations_directory_is_said()
    {
        Outcome outcome = await _shop.VerifyAsync("--migrations", "prisma/migration");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("has no migration below prisma/migration.", outcome.Output, StringComparison.Ordinal);
        outcome = await Schemagate.RunAsync(
            "verify", Path.Combine(_shop.Root, "docs"), "--changed-since", "main", "--document", "DATABASE_SCHEMA_CHANGELOG.md");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("has no migration below prisma/migrations.", outcome.Output, StringComparison.Ordinal);
        // A schema that is to have its first migration has none.
        _shop.Git("rm", "-rq", "prisma/migrations");
        _shop.Commit("Begin anew");
        _shop.Git("branch", "--force", "main", "coupons");
        Assert.Equal("0: ", await _shop.FindingsAsync());
    }

    [Theory]
    [InlineData("--database", "postgresql://u@127.0.0.1:1/d")]
    [InlineData("--through", "x")]
    [InlineData("--database-ahead", "warn")]
    [InlineData("--document", "-")]
    public async Task What_is_about_a_database_does_not_go_with_it(string option, string value)
    {
        Outcome outcome = await _shop.VerifyAsync(option, value);
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"{option}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_s_database_is_not_asked()
    {
        Outcome outcome = await new Schemagate { DatabaseUrl = "postgresql://u@127.0.0.1:1/d" }.InvokeAsync(
            ["verify", _shop.Root, "--changed-since", "main"], TestContext.Current.CancellationToken);
        Assert.Equal(0, outcome.Code);
    }
}
