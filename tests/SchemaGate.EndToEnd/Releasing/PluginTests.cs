using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Releasing;

/// <summary>The archive, unpacked as krew does, under a real kubectl; and completion in a real shell. Needs no cluster.</summary>
public sealed class PluginTests(ReleaseFixture release) : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("schemagate-plugin-");

    private string Search =>
        $"PATH={folder.FullName}:{Path.Combine(TestEnvironment.DeployTools, "kubectl-1.35")}:{Environment.GetEnvironmentVariable("PATH")}";

    public async ValueTask InitializeAsync()
    {
        await TestEnvironment.RunAsync(
            "tar", ["xzf", Path.Combine(await release.FolderAsync(), ReleaseFixture.Archive), "--directory", folder.FullName]);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "kubectl-schemagate"), Path.Combine(folder.FullName, "schemagate"));
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Kubectl_finds_the_plugin_which_calls_itself_as_it_is_typed()
    {
        string help = await RunAsync("kubectl", "schemagate", "status", "--help");
        Assert.Contains("  kubectl schemagate status [", help, StringComparison.Ordinal);
        Assert.Contains("\n    kubectl schemagate status -A\n", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash\n:4\n", "completion", "b")]
    [InlineData("--all-namespaces\n:4\n", "status", "--all")]
    public async Task Kubectl_completes_the_plugin_s_words(string expected, params string[] words) =>
        Assert.StartsWith(expected, await RunAsync("kubectl", ["__complete", "schemagate", .. words]), StringComparison.Ordinal);

    [Fact]
    public async Task The_binary_completes_under_kubectl_s_name_for_it_too()
    {
        string link = Path.Combine(folder.FullName, "links", "kubectl_complete-schemagate");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.Combine(folder.FullName, "schemagate"));
        Assert.Equal("verify\nversion\n:4\n", await RunAsync(link, "ver"));
    }

    [Theory]
    [InlineData("verify version", "schemagate", "ver")]
    [InlineData("yaml", "schemagate", "status", "--output", "=", "y")]
    [InlineData("bash fish zsh", "schemagate", "completion", "")]
    public async Task Bash_completes_the_command(string expected, params string[] words)
    {
        const string script = """
            set -eu
            source <(schemagate completion bash)
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            "$(complete -p schemagate | sed 's/.*-F \([^ ]*\).*/\1/')"
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal($"{expected}\n", await RunAsync("bash", ["-c", script, "bash", .. words]));
    }

    [Theory]
    [InlineData("verify version", "schemagate", "ver")]
    [InlineData("--output=yaml", "schemagate", "status", "--output=y")]
    [InlineData("bash fish zsh", "schemagate", "completion", "")]
    public async Task Zsh_completes_the_command(string expected, params string[] words)
    {
        // Without a terminal zsh's own part is what it is told: the words, the one that is written, and the candidates.
        const string script = """
            compdef() { }
            compadd() { shift; print -r -- "$@" }
            source <(schemagate completion zsh)
            words=("$@") CURRENT=$#
            _schemagate
            """;
        Assert.Equal($"{expected}\n", await RunAsync("zsh", ["-f", "-c", script, "zsh", .. words]));
    }

    [Theory]
    [InlineData("verify version", "schemagate ver")]
    [InlineData("--output=yaml", "schemagate status --output=y")]
    [InlineData("bash fish zsh", "schemagate completion ")]
    public async Task Fish_completes_the_command(string expected, string line)
    {
        string completed = await RunAsync(
            "fish", "--no-config", "-c", "schemagate completion fish | source; complete --do-complete $argv[1]", line);
        Assert.Equal(expected, string.Join(' ', completed.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private Task<string> RunAsync(string file, params string[] arguments) =>
        TestEnvironment.RunAsync("env", [Search, "KUBECONFIG=/no/such/file", file, .. arguments]);
}
