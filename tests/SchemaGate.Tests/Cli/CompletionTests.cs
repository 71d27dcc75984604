using System.Diagnostics;
using System.Text.Json.Nodes;
using SchemaGate.Cli.Completing;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("version", "vers")]
    [InlineData("", "bogus", "")]
    [InlineData("bash fish zsh", "completion", "")]
    [InlineData("json", "version", "-o", "j")]
    [InlineData("--output=json", "version", "--output=j")]
    [InlineData("json", "version", "--output", "=", "j")]
    [InlineData("json text", "version", "--output", "=")]
    [InlineData("--all-namespaces", "status", "--al")]
    [InlineData("MigrationEdited", "explain", "MigrationE")]
    [InlineData("--timeout", "wait", "a b", "--time")]
    public async Task What_is_begun_is_gone_on_with(string expected, params string[] words) =>
        Assert.Equal(expected, await CompletedAsync(words));

    [Fact]
    public async Task An_option_is_shown_to_who_begins_to_write_one()
    {
        Assert.DoesNotContain("-", await CompletedAsync("version", ""), StringComparison.Ordinal);
        Assert.Contains("--output", await CompletedAsync("version", "-"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("billing shop", "status", "--kubeconfig", "FILE", "")]
    [InlineData("shop", "status", "billing", "--kubeconfig", "FILE", "sh")]
    [InlineData("shop", "status", "--watch", "--kubeconfig", "FILE", "-w", "sh")]
    [InlineData("", "status", "--kubeconfig", "FILE", "-n", "other", "sh")]
    [InlineData("shop", "approve", "--kubeconfig", "FILE", "sh")]
    [InlineData("deployment/web", "undo", "--kubeconfig", "FILE", "dep")]
    [InlineData("deployment/web", "explain", "--kubeconfig", "FILE", "deployment/w")]
    [InlineData("shop-a shop-b", "status", "--kubeconfig", "FILE", "-n", "shop-")]
    [InlineData("shop-a shop-b", "status", "--kubeconfig", "FILE", "-n", "")]
    [InlineData("--namespace=shop-a --namespace=shop-b", "status", "--kubeconfig", "FILE", "--namespace=shop-")]
    [InlineData("c", "status", "--kubeconfig", "FILE", "--context", "")]
    public async Task Names_come_from_the_cluster(string expected, params string[] words)
    {
        await using StoredCluster cluster = await StoredCluster.StartAsync();
        cluster.Add(StoredCluster.Gates, "shop", Gate());
        cluster.Add(StoredCluster.Gates, "billing", Gate());
        cluster.Add(StoredCluster.Deployments, "web", Labelled());
        cluster.Add(StoredCluster.Deployments, "ungated", []);
        cluster.Add("api/v1/namespaces", "shop-a", []);
        cluster.Add("api/v1/namespaces", "shop-b", []);
        string[] typed = [.. words.Select(word => word == "FILE" ? cluster.Kubeconfig : word)];
        string completed = await CompletedAsync(typed);
        // Two seconds are not always enough on a machine that does much else.
        for (int tries = 0; tries < 10 && completed.Length == 0 && expected.Length > 0; tries++)
        {
            completed = await CompletedAsync(typed);
        }

        Assert.Equal(expected, completed);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_not_waited_for_and_not_told_of()
    {
        await using FakeApiServer silent = await FakeApiServer.StartAsync();
        string kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$"""
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"} }],
             "clusters":[{"name":"c","cluster":{"server":"{{silent.Url}}"} }],"users":[{"name":"u","user":{} }]}
            """, TestContext.Current.CancellationToken);
        long began = Stopwatch.GetTimestamp();
        Assert.Equal("", await CompletedAsync("status", "--kubeconfig", kubeconfig, ""));
        // A request may take fifteen seconds elsewhere.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(12));
        File.Delete(kubeconfig);
    }

    [Fact]
    public async Task A_kubeconfig_that_is_not_there_is_no_word_to_anybody() =>
        Assert.Equal("", await CompletedAsync("status", "--kubeconfig", "/no/such/file", ""));

    [Theory]
    [InlineData("version\n:4\n", "vers")]
    [InlineData(":0\n", "bogus", "")]
    public async Task Kubectl_is_told_what_to_do_about_it(string expected, params string[] words) => Assert.Equal(
        expected, (await Schemagate.RunAsync([Completions.KubectlDirective, .. words])).Output.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("bash", "complete -o default -F _schemagate schemagate")]
    [InlineData("zsh", "#compdef schemagate")]
    [InlineData("fish", "complete -c schemagate")]
    public async Task Each_shell_has_its_script(string shell, string line) =>
        Assert.Contains(line, (await Schemagate.RunAsync("completion", shell)).Output, StringComparison.Ordinal);

    private static async Task<string> CompletedAsync(params string[] words)
    {
        Outcome outcome = await Schemagate.RunAsync([Completions.Directive, .. words]);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        return string.Join(' ', outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static JsonObject Gate() => JsonNode.Parse(VerdictServer.Gate())!.AsObject();

    private static JsonObject Labelled() =>
        JsonNode.Parse("""{"metadata":{"labels":{"schemagate.dev/gated":"true"}}}""")!.AsObject();
}
