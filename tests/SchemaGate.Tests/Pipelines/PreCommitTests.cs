using SchemaGate.Tests.Cli;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Pipelines;

/// <summary>The hooks, by the real pre-commit, at a real commit.</summary>
public sealed class PreCommitTests : IDisposable
{
    private static readonly string s_hooks = Path.Combine(Repository.Root, ".pre-commit-hooks.yaml");

    private readonly GitShop _shop = new();
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("schemagate-");

    public static TheoryData<string> Mistakes => Mistake.Ids;

    public static TheoryData<string> Entries => [.. ((YamlSequenceNode)Yaml.Load(s_hooks)).Select(hook => hook["entry"].ToString())];

    public void Dispose()
    {
        _shop.Dispose();
        _elsewhere.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_commit_with_a_mistake_is_refused(string id)
    {
        Mistake.Make(id, _shop);
        Install("schemagate-verify");
        (int code, string output) = await CommitAsync();
        Assert.Equal(1, code);
        Assert.Contains($"[{id}]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_is_whole_is_made_and_one_that_does_harm_is_not()
    {
        Install("schemagate-verify", "schemagate-lint");
        _shop.ChangeWell();
        (int code, string output) = await CommitAsync();
        Assert.True(code == 0, output);
        Assert.Contains("what the branch adds to the schema", output, StringComparison.Ordinal);
        _shop.Migrate("20250201000000_drop_coupons", "DROP TABLE coupons;\n");
        _shop.Enter("20250201000000_drop_coupons");
        (code, output) = await CommitAsync();
        Assert.Equal(1, code);
        Assert.Contains("drop-table", output, StringComparison.Ordinal);
    }

    /// <summary>From a worktree, a hook's git has GIT_DIR and GIT_INDEX_FILE in its environment.</summary>
    [Fact]
    public async Task A_hook_of_a_worktree_looks_at_that_one()
    {
        Install("schemagate-verify");
        Assert.Equal(0, (await CommitAsync()).Code);
        string worktree = Path.Combine(_elsewhere.FullName, "worktree");
        _shop.Git("worktree", "add", "--quiet", "-b", "other", worktree);
        await File.AppendAllTextAsync(
            Path.Combine(worktree, GitShop.Schema), "model A {\n  id Int @id\n}\n", TestContext.Current.CancellationToken);
        GitShop.GitIn(worktree, "add", "--all");
        (int code, string output) = await CommitAsync(worktree);
        Assert.Equal(1, code);
        Assert.Contains("[schema-without-migration]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changelog_of_another_form_is_not_committed_until_it_is_formatted()
    {
        Install("schemagate-changelog-fmt");
        _shop.Replace(GitShop.Document, "- **Status:**", "* __Status__:");
        (int code, string output) = await CommitAsync();
        Assert.Equal(1, code);
        Assert.Contains("the changelog's form", output, StringComparison.Ordinal);
        Assert.Equal(0, (await Script.RunAsync(_shop.Root, Environment(), "schemagate", "changelog", "fmt")).Code);
        (code, output) = await CommitAsync();
        Assert.True(code == 0, output);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task A_hook_runs_a_command_that_there_is(string entry)
    {
        string[] words = entry.Split(' ');
        Outcome outcome = await Schemagate.RunAsync([.. words[1..], "--help"]);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
    }

    /// <summary>A repository of hooks, as pre-commit clones it, and a checkout that uses them.</summary>
    private void Install(params string[] hooks)
    {
        Script.Needs("pre-commit");
        string source = Path.Combine(_elsewhere.FullName, "hooks");
        Directory.CreateDirectory(source);
        File.Copy(s_hooks, Path.Combine(source, Path.GetFileName(s_hooks)));
        GitShop.GitIn(source, "init", "--quiet");
        GitShop.GitIn(source, "add", "--all");
        GitShop.GitIn(source, "commit", "--quiet", "--message", "Hooks");
        _shop.Write(".pre-commit-config.yaml", $"""
            repos:
              - repo: {source}
                rev: {GitShop.GitIn(source, "rev-parse", "HEAD")}
                hooks:
            {string.Join('\n', hooks.Select(Use))}

            """);
        (int code, string output) = Script.RunAsync(_shop.Root, Environment(), "pre-commit", "install").GetAwaiter().GetResult();
        Assert.True(code == 0, output);
    }

    private static string Use(string hook) => hook == "schemagate-changelog-fmt"
        ? $"      - {{ id: {hook} }}"
        : $"      - {{ id: {hook}, args: [--changed-since, main] }}";

    private Task<(int Code, string Output)> CommitAsync(string? directory = null)
    {
        _shop.Git("add", "--all");
        return Script.RunAsync(directory ?? _shop.Root, Environment(), "git", "commit", "--message", "Work");
    }

    private (string Name, string Value)[] Environment() => [("PRE_COMMIT_HOME", Path.Combine(_elsewhere.FullName, "cache"))];
}
