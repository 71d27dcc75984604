using System.Text.RegularExpressions;
using SchemaGate.Tests.Cli;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Pipelines;

/// <summary>
/// The composite action: its steps as GitHub would run them
/// (https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax, "runs for composite actions").
/// </summary>
public sealed partial class GitHubActionTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "config", "github-action");
    private static readonly YamlNode s_action = Yaml.Load(Path.Combine(s_folder, "action.yml"));

    private readonly GitShop _shop = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("schemagate-");

    public static TheoryData<string> Mistakes => Mistake.Ids;

    private static IEnumerable<YamlMappingNode> Steps => ((YamlSequenceNode)s_action["runs"]["steps"]).Cast<YamlMappingNode>();

    public void Dispose()
    {
        _shop.Dispose();
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public void Nothing_of_a_workflow_is_text_of_a_script()
    {
        Assert.Equal("composite", s_action["runs"]["using"].ToString());
        Assert.All(Steps, step =>
        {
            Assert.Equal("bash", step["shell"].ToString());
            Assert.DoesNotContain("${{", step["run"].ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_input_is_described_and_used()
    {
        string steps = string.Join('\n', Steps.Select(step => step.ToString()));
        Assert.All((YamlMappingNode)s_action["inputs"], input =>
        {
            Assert.NotEmpty(input.Value["description"].ToString());
            Assert.Contains($"inputs.{input.Key}", steps, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_pull_request_with_a_mistake_fails_with_an_annotation_a_summary_and_a_report(string id)
    {
        Mistake.Make(id, _shop);
        (int code, string output) = await VerifyAsync(baseRef: "main");
        Assert.Equal(1, code);
        Assert.Contains($",title={id}::", output, StringComparison.Ordinal);
        string report = File.ReadAllText(At("schemagate.md"));
        Assert.Contains($"<code>{id}</code>", report, StringComparison.Ordinal);
        Assert.Equal(report, File.ReadAllText(At("summary")));
        Assert.Equal($"report={At("schemagate.md")}\n", File.ReadAllText(At("output")));
    }

    [Fact]
    public async Task A_pull_request_that_is_whole_passes_and_one_that_does_harm_fails()
    {
        _shop.ChangeWell();
        (int code, string output) = await VerifyAsync(baseRef: "main");
        Assert.True(code == 0, output);
        _shop.Write(GitShop.Script(GitShop.New), "DROP TABLE companies;");
        (code, output) = await VerifyAsync(baseRef: "main");
        Assert.Equal(1, code);
        Assert.Contains("title=drop-table::", output, StringComparison.Ordinal);
        Assert.Equal(0, (await VerifyAsync(baseRef: "main", ("lint", "false"))).Code);
    }

    [Fact]
    public async Task Without_a_pull_request_the_whole_checkout_is_judged()
    {
        Assert.Equal(0, (await VerifyAsync(baseRef: "")).Code);
        _shop.Migrate();
        Assert.Equal(1, (await VerifyAsync(baseRef: "")).Code);
        _shop.Commit("Forget");
        Assert.Equal(0, (await VerifyAsync(baseRef: "", ("changed-since", "HEAD"))).Code);
    }

    [Theory]
    [InlineData("$(touch pwned)", ".")]
    [InlineData("main; touch pwned", ".")]
    [InlineData("main", "\"; touch pwned; \"")]
    [InlineData("main", "`touch pwned`")]
    public async Task A_name_is_never_a_command(string baseRef, string path)
    {
        (int code, _) = await VerifyAsync(baseRef, ("path", path));
        Assert.NotEqual(0, code);
        Assert.False(File.Exists(Path.Combine(_shop.Root, "pwned")));
    }

    [Fact]
    public async Task A_comment_is_written_once_and_updated_then()
    {
        Script.Needs("node");
        await using FakeComments comments = new();
        _shop.Migrate();
        await VerifyAsync(baseRef: "main");
        Assert.Equal((0, ""), await CommentAsync(comments.Url, "7"));
        (string first, string body) = Assert.Single(comments.Written);
        Assert.Equal("POST /repos/acme/shop/issues/7/comments", first);
        Assert.Equal(File.ReadAllText(At("schemagate.md")), body);
        comments.Add(body);
        Assert.Equal((0, ""), await CommentAsync(comments.Url, "7"));
        Assert.Equal($"PATCH /repos/acme/shop/issues/comments/{comments.Count}", comments.Written[^1].Request);
    }

    [Fact]
    public async Task A_comment_that_may_not_be_written_says_what_is_missing_and_no_token()
    {
        Script.Needs("node");
        await using FakeComments comments = new() { Refuses = true };
        _shop.Migrate();
        await VerifyAsync(baseRef: "main");
        (int code, string output) = await CommentAsync(comments.Url, "7");
        Assert.Equal(1, code);
        Assert.Contains("pull-requests: write", output, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", output, StringComparison.Ordinal);
        Assert.Equal(1, (await CommentAsync(comments.Url, "7/../../x")).Code);
    }

    [Theory]
    [InlineData("| row |\n", "<details open><summary>x</summary>\n\n", "| row |\n\n</details>\n\nThe rest is in the job's summary.\n")]
    [InlineData("word\n", "", "word\n\nThe rest is in the job's summary.\n")]
    public async Task A_comment_is_never_longer_than_GitHub_takes(string line, string opening, string ending)
    {
        Script.Needs("node");
        await using FakeComments comments = new();
        string report = $"<!-- schemagate verify . -->\n{opening}{string.Concat(Enumerable.Repeat(line, 20_000))}";
        await File.WriteAllTextAsync(At("schemagate.md"), report, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await CommentAsync(comments.Url, "7"));
        string body = Assert.Single(comments.Written).Body;
        Assert.InRange(body.Length, 64_900, 65_536);
        Assert.EndsWith(ending, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("Something else\n")]
    public async Task Without_a_report_nobody_s_comment_is_overwritten(string report)
    {
        Script.Needs("node");
        await using FakeComments comments = new();
        comments.Add("Another bot's.");
        await File.WriteAllTextAsync(At("schemagate.md"), report, TestContext.Current.CancellationToken);
        (int code, string output) = await CommentAsync(comments.Url, "7");
        Assert.Equal(1, code);
        Assert.Contains("no report", output, StringComparison.Ordinal);
        Assert.Empty(comments.Written);
    }

    private Task<(int Code, string Output)> CommentAsync(string url, string number) => RunAsync("Comment", new(StringComparer.Ordinal)
    {
        ["inputs.token"] = "t0ken",
        ["github.event.pull_request.number"] = number,
        ["steps.verify.outputs.report"] = At("schemagate.md"),
    }, ("GITHUB_API_URL", url), ("GITHUB_REPOSITORY", "acme/shop"));

    private async Task<(int Code, string Output)> VerifyAsync(string baseRef, params (string Name, string Value)[] inputs)
    {
        Script.Needs("bash");
        // What a clone calls origin/main.
        _shop.Git("update-ref", "refs/remotes/origin/main", "main");
        foreach (string file in (string[])["output", "summary"])
        {
            await File.WriteAllTextAsync(At(file), "", TestContext.Current.CancellationToken);
        }

        Dictionary<string, string> context = inputs.ToDictionary(
            input => $"inputs.{input.Name}", input => input.Value, StringComparer.Ordinal);
        context["github.base_ref"] = baseRef;
        return await RunAsync("Verify", context);
    }

    /// <summary>As GitHub runs `shell: bash` (workflow syntax, "jobs.&lt;job_id&gt;.steps[*].shell").</summary>
    private Task<(int Code, string Output)> RunAsync(
        string name, Dictionary<string, string> context, params (string Name, string Value)[] environment)
    {
        YamlMappingNode step = Steps.Single(step => step["name"].ToString() == name);
        IEnumerable<(string, string)> own = ((YamlMappingNode)step["env"]).Select(pair =>
            (pair.Key.ToString(), Expression().Replace(pair.Value.ToString(), match => Value(match.Groups["name"].Value, context))));
        string script = At("step.sh");
        File.WriteAllText(script, step["run"].ToString());
        return Script.RunAsync(
            _shop.Root,
            [
                .. own, .. environment, ("RUNNER_TEMP", _temporary.FullName), ("GITHUB_OUTPUT", At("output")),
                ("GITHUB_STEP_SUMMARY", At("summary")), ("GITHUB_ACTION_PATH", s_folder),
            ],
            "bash", "--noprofile", "--norc", "-eo", "pipefail", script);
    }

    private static string Value(string name, Dictionary<string, string> context) => context.TryGetValue(name, out string? value)
        ? value
        : s_action["inputs"][name["inputs.".Length..]]["default"].ToString();

    private string At(string file) => Path.Combine(_temporary.FullName, file);

    [GeneratedRegex(@"\$\{\{ (?<name>[a-z_.-]+) \}\}", RegexOptions.None, 1000)]
    private static partial Regex Expression();
}
