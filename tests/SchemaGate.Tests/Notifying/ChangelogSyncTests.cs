using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Notifying;

/// <summary>config/sync/changelog-sync.</summary>
public sealed class ChangelogSyncTests : IDisposable
{
    private const string Branch = "schemagate/sync/shop/orders/changelog";

    private readonly SyncRepository at = new();
    private readonly byte[] body = SyncRepository.Event("production");

    public void Dispose() => at.Dispose();

    [Fact]
    public void A_signed_event_becomes_a_commit_on_a_branch_and_one_pull_request()
    {
        Passes(at.Run(body));
        Assert.Equal("DEPLOYED\n", at.Git($"-C origin.git show {Branch}:CHANGELOG.md"));
        Assert.Equal("MIGRATED\n", at.Git("-C origin.git show main:CHANGELOG.md"));
        Assert.Equal("changelog sync --gate orders --namespace shop\n", at.Read("synced"));
        string asked = at.Read("asked");
        Assert.Contains(
            $"pr create --head {Branch} --base main --title Changelog: what the gate shop/orders", asked, StringComparison.Ordinal);
        Assert.Contains(
            "`registry.test/shop:1` (`sha256:1`) is deployed in `production`, through `2_b \"$(touch pl4nted)\"  SchemaGate-Event: x`.\n",
            asked, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(at.Root, "pl4nted", SearchOption.AllDirectories));
        Assert.Equal("", at.Git("-C work status --short"));

        at.Write("deployed", "DEPLOYED TWICE\n");
        Passes(at.Run(body, more: "-- --database URL"));
        Assert.Equal("DEPLOYED TWICE\n", at.Git($"-C origin.git show {Branch}:CHANGELOG.md"));
        Assert.Equal("1", at.Git($"-C origin.git rev-list --count main..{Branch}").Trim());
        Assert.Equal(1, at.Read("asked").Split("pr create").Length - 1);
        Assert.EndsWith("changelog sync --database URL\n", at.Read("synced"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changelog_that_says_it_already_is_not_proposed()
    {
        at.Write("deployed", "MIGRATED\n");
        Passes(at.Run(body));
        Assert.False(File.Exists(Path.Combine(at.Root, "asked")));
        Assert.Equal("* main", at.Git("-C origin.git branch").Trim());
    }

    [Theory]
    [InlineData("body", "not signed")]
    [InlineData("key", "not signed")]
    [InlineData("id", "not signed")]
    [InlineData("age", "old")]
    [InlineData("type", "not of the type")]
    [InlineData("name", "names no gate")]
    [InlineData("size", "larger than")]
    public void What_is_not_a_fresh_event_of_a_gate_signed_by_a_known_key_does_nothing(string fault, string words)
    {
        string text = Encoding.UTF8.GetString(body);
        byte[] sent = fault switch
        {
            "type" => Encoding.UTF8.GetBytes(text.Replace("opened.v1", "closed.v1", StringComparison.Ordinal)),
            "name" => Encoding.UTF8.GetBytes(text.Replace("\"orders\"", "\"--upload-pack=x\"", StringComparison.Ordinal)),
            "size" => [.. body, .. new byte[70_000]],
            _ => body,
        };
        DateTimeOffset then = fault == "age" ? DateTimeOffset.UtcNow.AddMinutes(-6) : DateTimeOffset.UtcNow;
        string signature = at.Sign(sent, then);
        Refuses(words, at.Run(
            fault == "body" ? [.. sent, (byte)' '] : sent, signature, then, keys: fault == "key" ? HookReceiver.NewKey() : null,
            id: fault == "id" ? "another" : SyncRepository.Id));
        Assert.False(File.Exists(Path.Combine(at.Root, "synced")));
    }

    [Fact]
    public void An_event_is_handed_on_byte_for_byte_and_verified_again()
    {
        Passes(at.Run(body, more: "--dispatch owner/repository"));
        Assert.Equal("api --method POST repos/owner/repository/dispatches --input -\n", at.Read("asked"));
        JsonNode payload = JsonNode.Parse(at.Read("dispatched"))!;
        Assert.Equal("schemagate-gate-opened", (string?)payload["event_type"]);
        Assert.False(File.Exists(Path.Combine(at.Root, "synced")));
        at.Write("payload", payload["client_payload"]!.ToJsonString());
        Passes(at.Run([], more: $"--payload {at.Root}/payload"));
        Assert.Equal("DEPLOYED\n", at.Git($"-C origin.git show {Branch}:CHANGELOG.md"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcms= and more")]
    public void A_line_without_a_usable_key_lets_nobody_sign(string line)
    {
        DateTimeOffset then = DateTimeOffset.UtcNow;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{SyncRepository.Id}.{then.ToUnixTimeSeconds()}."), .. body];
        string anybody = $"v1,{Convert.ToBase64String(HMACSHA256.HashData((byte[])[], signed))}";
        Refuses("holds a line that is no key", at.Run(body, anybody, then, keys: $"{HookReceiver.NewKey()}\nwhsec_{line}"));
        Refuses("holds a line that is no key", at.Run(body, at.Sign(body, then), then, keys: $"{at.Key}\n{line}x"));
        Assert.False(File.Exists(Path.Combine(at.Root, "synced")));
    }

    [Fact]
    public void Keys_may_stand_in_a_file_of_windows() => Passes(at.Run(body, keys: $"{HookReceiver.NewKey()}\r\n\r\n{at.Key}\r\n"));

    [Theory]
    [InlineData("staging", "")]
    [InlineData(null, "")]
    [InlineData("production", "--production live")]
    public void The_gate_of_another_environment_says_nothing_of_production(string? environment, string more)
    {
        byte[] sent = SyncRepository.Event(environment);
        Refuses("say after -- who does", at.Run(sent, more: more));
        Assert.False(File.Exists(Path.Combine(at.Root, "synced")));
        Passes(at.Run(sent, more: $"{more} -- --environment production=URL"));
    }

    [Fact]
    public void Production_has_the_name_that_it_is_given() => Passes(at.Run(SyncRepository.Event("live"), more: "--production live"));

    [Fact]
    public void A_pull_request_that_cannot_be_asked_about_or_opened_is_no_success()
    {
        at.Write("ill", "");
        Assert.NotEqual(0, at.Run(body).Code);
        Assert.DoesNotContain("pr create", at.Read("asked"), StringComparison.Ordinal);
        File.Delete(Path.Combine(at.Root, "ill"));
        Passes(at.Run(body));
        Assert.Contains("pr create", at.Read("asked"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_gates_never_share_a_branch()
    {
        Passes(at.Run(SyncRepository.Event("production", "shop", "api-db")));
        Passes(at.Run(SyncRepository.Event("production", "shop-api", "db")));
        Assert.Equal("2", at.Git("-C origin.git rev-list --count --all --not main").Trim());
    }

    [Theory]
    [InlineData("-m mine")]
    [InlineData("--amend --no-edit")]
    public void Commits_of_somebody_else_s_on_the_branch_are_not_thrown_away(string how)
    {
        Passes(at.Run(body));
        at.Git($"-C work fetch --quiet origin {Branch}");
        at.Git("-C work checkout --quiet FETCH_HEAD");
        at.Write("work/mine", "mine");
        at.Git("-C work add mine");
        at.Git($"-C work commit --quiet {how}", "somebody@example.com");
        at.Git($"-C work push --quiet --force origin HEAD:{Branch}");
        Refuses("commits of somebody else's", at.Run(body));
        Assert.Equal("mine", at.Git($"-C origin.git show {Branch}:mine"));
    }

    [Fact]
    public void The_workflow_for_github_does_it_and_puts_no_password_into_an_argument()
    {
        Passes(at.Run(body, more: "--dispatch owner/repository"));
        JsonNode payload = JsonNode.Parse(at.Read("dispatched"))!["client_payload"]!;
        Assert.Equal("shop/orders", (string?)payload["gate"]);
        YamlNode steps = Yaml.Load(Path.Combine(Repository.Root, "config/sync/github-workflow.yaml"))["jobs"]["sync"]["steps"];
        Directory.CreateDirectory(Path.Combine(at.Root, "work/config/sync"));
        File.Copy(Path.Combine(Repository.Root, "config/sync/changelog-sync"), Path.Combine(at.Root, "work/config/sync/changelog-sync"));
        at.Write("run", ((YamlSequenceNode)steps).Children[^1]["run"].ToString());
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["DATABASE_URL"] = "postgres://pl4nted",
            ["PAYLOAD"] = payload.ToJsonString(),
            ["RUNNER_TEMP"] = at.Root,
            ["WEBHOOK_KEYS"] = at.Key,
        };
        (int code, string output, string error) = at.Process("bash", "-ec \"cd work && source ../run\"", variables);
        Assert.True(code == 0, output + error);
        Assert.Equal("postgres://pl4nted", at.Read("url"));
        Assert.Equal("changelog sync --database -\n", at.Read("synced"));
        Assert.Equal("DEPLOYED\n", at.Git($"-C origin.git show {Branch}:CHANGELOG.md"));
    }

    private static void Refuses(string words, (int Code, string Error) end)
    {
        Assert.Equal(1, end.Code);
        Assert.Contains(words, end.Error, StringComparison.Ordinal);
    }

    private static void Passes((int Code, string Error) end) => Assert.True(end.Code == 0, end.Error);
}
