using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Notifying;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Notifying;

/// <summary>config/sync/changelog-sync on a real repository, with events that are signed as a gate signs them, and a gh that notes what
/// it is asked.</summary>
public sealed class ChangelogSyncTests : IDisposable
{
    private const string Branch = "schemagate/sync/shop/orders/changelog";

    private static readonly Notice s_notice = new(
        "6f0d3a51c2b4e897a1d05e3b7c9f2846", "registry.test/shop:1", "sha256:1", "7301/shop/public",
        "2_b`\"$(touch pl4nted)\"\n\nSchemaGate-Event: x",
        DateTimeOffset.UnixEpoch, [new("2_b", null)], 1);

    private readonly string root = Directory.CreateTempSubdirectory("schemagate-sync-").FullName;
    private readonly string key = HookReceiver.NewKey();
    private readonly byte[] body = Event("production");

    public ChangelogSyncTests()
    {
        foreach (string tool in (string[])["bash", "git", "jq", "openssl"])
        {
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, tool))))
            {
                Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", $"{tool} is not installed");
            }
        }

        Write("bin/gh", """
            #!/bin/bash
            printf '%s\n' "$*" >> "$ROOT/asked"
            [[ ! -f $ROOT/ill ]] || exit 1
            case "$1 $2" in
              "pr list") if [[ -f $ROOT/proposed ]]; then echo 1; else echo 0; fi ;;
              "pr create") touch "$ROOT/proposed" ;;
              "api --method") cat > "$ROOT/dispatched" ;;
            esac
            """);
        // What it is asked is noted; what it would write is in a file.
        Write("bin/schemagate", """
            #!/bin/bash
            printf '%s\n' "$*" >> "$ROOT/synced"
            [[ "$*" != *"--database -"* ]] || cat > "$ROOT/url"
            cat "$ROOT/deployed" > CHANGELOG.md
            """);
        Write("deployed", "DEPLOYED\n");
        Git("init --quiet --bare -b main origin.git");
        Git("clone --quiet origin.git work");
        Write("work/CHANGELOG.md", "MIGRATED\n");
        Git("-C work add .");
        Git("-C work commit --quiet -m first");
        Git("-C work push --quiet origin HEAD:main");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_signed_event_becomes_a_commit_on_a_branch_and_one_pull_request()
    {
        Passes(Run(body));
        Assert.Equal("DEPLOYED\n", Git($"-C origin.git show {Branch}:CHANGELOG.md"));
        Assert.Equal("MIGRATED\n", Git("-C origin.git show main:CHANGELOG.md"));
        Assert.Equal("changelog sync --gate orders --namespace shop\n", Read("synced"));
        string asked = Read("asked");
        Assert.Contains(
            $"pr create --head {Branch} --base main --title Changelog: what the gate shop/orders", asked, StringComparison.Ordinal);
        Assert.Contains(
            "`registry.test/shop:1` (`sha256:1`) is deployed in `production`, through `2_b \"$(touch pl4nted)\"  SchemaGate-Event: x`.\n",
            asked, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(root, "pl4nted", SearchOption.AllDirectories));
        Assert.Equal("", Git("-C work status --short"));

        Write("deployed", "DEPLOYED TWICE\n");
        Passes(Run(body, more: "-- --database URL"));
        Assert.Equal("DEPLOYED TWICE\n", Git($"-C origin.git show {Branch}:CHANGELOG.md"));
        Assert.Equal("1", Git($"-C origin.git rev-list --count main..{Branch}").Trim());
        Assert.Equal(1, Read("asked").Split("pr create").Length - 1);
        Assert.EndsWith("changelog sync --database URL\n", Read("synced"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changelog_that_says_it_already_is_not_proposed()
    {
        Write("deployed", "MIGRATED\n");
        Passes(Run(body));
        Assert.False(File.Exists(Path.Combine(root, "asked")));
        Assert.Equal("* main", Git("-C origin.git branch").Trim());
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
        DateTimeOffset at = fault == "age" ? DateTimeOffset.UtcNow.AddMinutes(-6) : DateTimeOffset.UtcNow;
        string signature = Sign(sent, at);
        Refuses(words, Run(
            fault == "body" ? [.. sent, (byte)' '] : sent, signature, at, keys: fault == "key" ? HookReceiver.NewKey() : null,
            id: fault == "id" ? "another" : s_notice.Id));
        Assert.False(File.Exists(Path.Combine(root, "synced")));
    }

    [Fact]
    public void An_event_is_handed_on_byte_for_byte_and_verified_again()
    {
        Passes(Run(body, more: "--dispatch owner/repository"));
        Assert.Equal("api --method POST repos/owner/repository/dispatches --input -\n", Read("asked"));
        JsonNode payload = JsonNode.Parse(Read("dispatched"))!;
        Assert.Equal("schemagate-gate-opened", (string?)payload["event_type"]);
        Assert.False(File.Exists(Path.Combine(root, "synced")));
        Write("payload", payload["client_payload"]!.ToJsonString());
        Passes(Run([], more: $"--payload {root}/payload"));
        Assert.Equal("DEPLOYED\n", Git($"-C origin.git show {Branch}:CHANGELOG.md"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcms= and more")]
    public void A_line_without_a_usable_key_lets_nobody_sign(string line)
    {
        DateTimeOffset at = DateTimeOffset.UtcNow;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{s_notice.Id}.{at.ToUnixTimeSeconds()}."), .. body];
        string anybody = $"v1,{Convert.ToBase64String(HMACSHA256.HashData((byte[])[], signed))}";
        Refuses("holds a line that is no key", Run(body, anybody, at, keys: $"{HookReceiver.NewKey()}\nwhsec_{line}"));
        Refuses("holds a line that is no key", Run(body, Sign(body, at), at, keys: $"{key}\n{line}x"));
        Assert.False(File.Exists(Path.Combine(root, "synced")));
    }

    [Fact]
    public void Keys_may_stand_in_a_file_of_windows() => Passes(Run(body, keys: $"{HookReceiver.NewKey()}\r\n\r\n{key}\r\n"));

    [Theory]
    [InlineData("staging", "")]
    [InlineData(null, "")]
    [InlineData("production", "--production live")]
    public void The_gate_of_another_environment_says_nothing_of_production(string? environment, string more)
    {
        byte[] sent = Event(environment);
        Refuses("say after -- who does", Run(sent, more: more));
        Assert.False(File.Exists(Path.Combine(root, "synced")));
        Passes(Run(sent, more: $"{more} -- --environment production=URL"));
    }

    [Fact]
    public void Production_has_the_name_that_it_is_given() => Passes(Run(Event("live"), more: "--production live"));

    [Fact]
    public void A_pull_request_that_cannot_be_asked_about_or_opened_is_no_success()
    {
        Write("ill", "");
        Assert.NotEqual(0, Run(body).Code);
        Assert.DoesNotContain("pr create", Read("asked"), StringComparison.Ordinal);
        File.Delete(Path.Combine(root, "ill"));
        Passes(Run(body));
        Assert.Contains("pr create", Read("asked"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_gates_never_share_a_branch()
    {
        Passes(Run(Event("production", "shop", "api-db")));
        Passes(Run(Event("production", "shop-api", "db")));
        Assert.Equal("2", Git("-C origin.git rev-list --count --all --not main").Trim());
    }

    [Theory]
    [InlineData("-m mine")]
    [InlineData("--amend --no-edit")]
    public void Commits_of_somebody_else_s_on_the_branch_are_not_thrown_away(string how)
    {
        Passes(Run(body));
        Git($"-C work fetch --quiet origin {Branch}");
        Git("-C work checkout --quiet FETCH_HEAD");
        Write("work/mine", "mine");
        Git("-C work add mine");
        Git($"-C work commit --quiet {how}", "somebody@example.com");
        Git($"-C work push --quiet --force origin HEAD:{Branch}");
        Refuses("commits of somebody else's", Run(body));
        Assert.Equal("mine", Git($"-C origin.git show {Branch}:mine"));
    }

    [Fact]
    public void The_workflow_for_github_does_it_and_puts_no_password_into_an_argument()
    {
        Passes(Run(body, more: "--dispatch owner/repository"));
        JsonNode payload = JsonNode.Parse(Read("dispatched"))!["client_payload"]!;
        Assert.Equal("shop/orders", (string?)payload["gate"]);
        YamlNode steps = Yaml.Load(Path.Combine(Repository.Root, "config/sync/github-workflow.yaml"))["jobs"]["sync"]["steps"];
        Directory.CreateDirectory(Path.Combine(root, "work/config/sync"));
        File.Copy(Path.Combine(Repository.Root, "config/sync/changelog-sync"), Path.Combine(root, "work/config/sync/changelog-sync"));
        Write("run", ((YamlSequenceNode)steps).Children[^1]["run"].ToString());
        (int code, string output, string error) = Process("bash", "-ec \"cd work && source ../run\"", new Dictionary<string, string>
        {
            ["DATABASE_URL"] = "postgres://pl4nted",
            ["PAYLOAD"] = payload.ToJsonString(),
            ["RUNNER_TEMP"] = root,
            ["WEBHOOK_KEYS"] = key,
        });
        Assert.True(code == 0, output + error);
        Assert.Equal("postgres://pl4nted", Read("url"));
        Assert.Equal("changelog sync --database -\n", Read("synced"));
        Assert.Equal("DEPLOYED\n", Git($"-C origin.git show {Branch}:CHANGELOG.md"));
    }

    private static byte[] Event(string? environment, string ns = "shop", string gate = "orders") =>
        OpenedEvent.Of(new(ns, gate, "5f0c"), environment, s_notice);

    private static void Refuses(string words, (int Code, string Error) end)
    {
        Assert.Equal(1, end.Code);
        Assert.Contains(words, end.Error, StringComparison.Ordinal);
    }

    private static void Passes((int Code, string Error) end) => Assert.True(end.Code == 0, end.Error);

    private string Sign(byte[] sent, DateTimeOffset at) =>
        SigningKeys.Parse($"{HookReceiver.NewKey()}\n{key}", out _)!.Sign(s_notice.Id, at, sent);

    private (int Code, string Error) Run(
        byte[] sent, string? signature = null, DateTimeOffset? at = null, string? keys = null, string? id = null, string more = "")
    {
        DateTimeOffset then = at ?? DateTimeOffset.UtcNow;
        File.WriteAllBytes(Path.Combine(root, "event"), sent);
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["WEBHOOK_ID"] = id ?? s_notice.Id,
            ["WEBHOOK_TIMESTAMP"] = then.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["WEBHOOK_SIGNATURE"] = signature ?? Sign(sent, then),
            ["WEBHOOK_KEYS"] = keys ?? $"{HookReceiver.NewKey()}\n{key}",
        };
        string script = Path.Combine(Repository.Root, "config/sync/changelog-sync");
        (int code, _, string error) = Process("bash", $"{script} --repository work --event event {more}", variables);
        return (code, error);
    }

    private string Git(string arguments, string committer = "test@example.com")
    {
        (int code, string output, string error) = Process(
            "git", arguments, new Dictionary<string, string> { ["GIT_COMMITTER_EMAIL"] = committer });
        Assert.True(code == 0, error);
        return output;
    }

    private (int Code, string Output, string Error) Process(
        string program, string arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROOT"] = root;
        start.Environment["PATH"] = $"{root}/bin:{start.Environment["PATH"]}";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        foreach (string who in (string[])["AUTHOR", "COMMITTER"])
        {
            (start.Environment[$"GIT_{who}_NAME"], start.Environment[$"GIT_{who}_EMAIL"]) = ("test", "test@example.com");
        }

        foreach ((string name, string value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(root, file));

    private void Write(string file, string text)
    {
        string path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (text.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
