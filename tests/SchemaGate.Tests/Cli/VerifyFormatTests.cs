using System.Text.Json;

namespace SchemaGate.Tests.Cli;

/// <summary>verify in the formats of pipelines, without a branch.</summary>
public sealed class VerifyFormatTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_finding_of_the_document_has_its_place()
    {
        _shop.Document = _shop.PendingDocument;
        Assert.Contains(
            $"::error file={_shop.DocumentPath},line=27,endLine=27,col=1,endColumn=24,title=pending-change::",
            await VerifyAsync(1, "github"), StringComparison.Ordinal);
        JsonElement run = JsonElement.Parse(await VerifyAsync(1, "sarif")).GetProperty("runs")[0];
        JsonElement result = run.GetProperty("results")[0];
        Assert.Equal("pending-change", run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[
            result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        Assert.Equal(27, result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine")
            .GetInt32());
        JsonElement issue = JsonElement.Parse(await VerifyAsync(1, "codequality"))[0];
        Assert.Equal("pending-change critical 27", $"{issue.GetProperty("check_name")} {issue.GetProperty("severity")} "
            + issue.GetProperty("location").GetProperty("lines").GetProperty("begin"));
    }

    [Fact]
    public async Task Nothing_wrong_is_test_cases_that_pass()
    {
        string report = await VerifyAsync(0, "junit");
        Assert.Contains("tests=\"2\" failures=\"0\" errors=\"0\"", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<failure", report, StringComparison.Ordinal);
        Assert.Equal("[]\n", await VerifyAsync(0, "codequality"));
    }

    [Fact]
    public async Task A_verdict_that_no_file_is_to_blame_for_is_said_all_the_same()
    {
        Assert.Contains(
            "title=DatabaseUrlInvalid::", await VerifyAsync(1, "github", "--database", "mysql://u:secret@h/d"), StringComparison.Ordinal);
        string page = await VerifyAsync(3, "markdown", "--database", "postgresql://u:secret@127.0.0.1:1/d?connect_timeout=1");
        Assert.Contains("could not judge all", page, StringComparison.Ordinal);
        Assert.Contains("**Not judged:** ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_have_their_places_too()
    {
        _shop.Write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: p, labels: { schemagate.dev/gated: \"yes\" } }\n");
        string file = Path.Combine(_shop.Root, "pod.yaml");
        Assert.Contains(
            $"::error file={file},line=1,endLine=1,col=1,endColumn=2,title=label-value::Pod p: ",
            await VerifyAsync(1, "github", "--manifests", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_name_of_a_directory_ends_the_marker()
    {
        string root = Path.Combine(_shop.Root, "a --> <b>");
        Directory.CreateDirectory(root);
        Outcome outcome = await Schemagate.RunAsync("verify", root, "--no-database", "--output", "markdown");
        string marker = outcome.Output.Split('\n')[0];
        Assert.StartsWith("<!-- schemagate verify ", marker, StringComparison.Ordinal);
        Assert.Equal(marker.Length - 3, marker.IndexOf("-->", StringComparison.Ordinal));
    }

    private async Task<string> VerifyAsync(int code, string format, params string[] arguments)
    {
        Outcome outcome = await Schemagate.RunAsync(["verify", _shop.Root, "--output", format, .. arguments]);
        Assert.Equal((code, ""), (outcome.Code, outcome.Error));
        return outcome.Output;
    }
}
