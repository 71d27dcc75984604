using System.Text.Json;
using System.Xml.Linq;
using SchemaGate.Tests.Cli;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Pipelines;

/// <summary>The template's job, as a runner's shell would run it, in a clone of the project.</summary>
public sealed class GitLabTemplateTests : IDisposable
{
    private static readonly YamlNode s_template = Yaml.Load(Path.Combine(Repository.Root, "config", "gitlab", "schemagate.gitlab-ci.yml"));

    private readonly GitShop _shop = new();
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("schemagate-");

    public static TheoryData<string> Mistakes => Mistake.Ids;

    private static YamlNode Job => s_template["schemagate"];

    private string Clone => Path.Combine(_elsewhere.FullName, "clone");

    public void Dispose()
    {
        _shop.Dispose();
        _elsewhere.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_merge_request_with_a_mistake_fails_with_its_reports(string id)
    {
        Mistake.Make(id, _shop);
        (int code, string output) = await RunAsync(("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"));
        Assert.Equal(1, code);
        Assert.Contains($"[{id}]", output, StringComparison.Ordinal);
        Assert.Contains(id, XDocument.Load(Path.Combine(Clone, "schemagate-verify.xml")).Descendants("failure")
            .Aggregate("", (text, failure) => text + failure.Value), StringComparison.Ordinal);
        string[] reports = [.. ((YamlSequenceNode)Job["artifacts"]["reports"]["codequality"])
            .Select(file => Path.Combine(Clone, file.ToString()))];
        Assert.All(reports, report => Assert.True(File.Exists(report)));
        JsonElement issue = JsonElement.Parse(File.ReadAllText(reports[0])).EnumerateArray()
            .First(issue => issue.GetProperty("check_name").GetString() == id);
        Assert.Equal("critical", issue.GetProperty("severity").GetString());
        Assert.False(Path.IsPathRooted(issue.GetProperty("location").GetProperty("path").GetString()));
    }

    [Fact]
    public async Task A_merge_request_that_is_whole_passes_and_one_that_does_harm_fails()
    {
        _shop.ChangeWell();
        (int code, string output) = await RunAsync(("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"));
        Assert.True(code == 0, output);
        _shop.Write(GitShop.Script(GitShop.New), "DROP TABLE companies;");
        (code, output) = await RunAsync(("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"));
        Assert.Equal(1, code);
        Assert.Contains("drop-table", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_branch_is_judged_whole_and_a_database_of_the_job_s_is_not_asked()
    {
        (int code, string output) = await RunAsync(("DATABASE_URL", "postgresql://u@127.0.0.1:1/d"));
        Assert.True(code == 0, output);
        _shop.Replace(GitShop.Document, "_None currently_", "### add_coupons\n- **Status:** `PENDING`");
        Assert.Equal(1, (await RunAsync()).Code);
    }

    [Fact]
    public async Task A_branch_s_name_is_never_a_command()
    {
        const string name = "a$(touch${IFS}pwned)";
        _shop.Git("branch", name, "main");
        (int code, string output) = await RunAsync(("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", name));
        Assert.True(code == 0, output);
        Assert.False(File.Exists(Path.Combine(Clone, "pwned")));
    }

    [Fact]
    public void The_whole_history_is_asked_for() => Assert.Equal("0", Job["variables"]["GIT_DEPTH"].ToString());

    /// <summary>As a runner does (`set -eo pipefail`): what stands before the script, then the script.</summary>
    private async Task<(int Code, string Output)> RunAsync(params (string Name, string Value)[] environment)
    {
        Script.Needs("bash");
        _shop.Commit("Work");
        if (Directory.Exists(Clone))
        {
            Directory.Delete(Clone, recursive: true);
        }

        GitShop.GitIn(_elsewhere.FullName, "clone", "--quiet", "--branch=coupons", "--single-branch", $"file://{_shop.Root}", Clone);
        string script = string.Join('\n', ((string[])["before_script", "script"])
            .SelectMany(key => (YamlSequenceNode)Job[key]).Select(line => line.ToString()));
        IEnumerable<(string, string)> variables = ((YamlMappingNode)s_template["variables"])
            .Select(pair => (pair.Key.ToString(), pair.Value.ToString()));
        return await Script.RunAsync(Clone, [.. variables, .. environment], "bash", "-eo", "pipefail", "-c", script);
    }
}
