using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Notifying;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Tests.Notifying;

/// <summary>config/sync/changelog-sync on a real repository, with events that are signed as a gate signs them, a cluster that has the
/// gate, and a gh that notes what it is asked.</summary>
public sealed class ChangelogSyncTests : IAsyncLifetime
{
    private const string Branch = "schemagate/sync-shop-orders";
    private const string Changelog = "docs/DATABASE_SCHEMA_CHANGELOG.md";

    private static readonly string[] s_migrations = ["1_a", "2_b"];

    private static readonly Notice s_notice = new(
        "6f0d3a51c2b4e897a1d05e3b7c9f2846", "registry.test/shop:1", "sha256:1", "7301/shop/public", "2_b",
        DateTimeOffset.UnixEpoch, [new("2_b", null)], 1);

    private readonly string root = Directory.CreateTempSubdirectory("schemagate-sync-").FullName;
    private readonly string key = HookReceiver.NewKey();
    private StoredCluster cluster = null!;
    private readonly byte[] body = OpenedEvent.Of(new("shop", "orders", "5f0c"), "production \"$(touch pl4nted)\"", s_notice);

    public async ValueTask InitializeAsync()
    {
        cluster = await StoredCluster.StartAsync();
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
            case "$1 $2" in
              "pr list") if [[ -f $ROOT/proposed ]]; then echo 1; else echo 0; fi ;;
              "pr create") touch "$ROOT/proposed" ;;
              "api --method") cat > "$ROOT/dispatched" ;;
            esac
            """);
        // What it is asked is noted.
        Write("bin/schemagate", $"""
            #!/bin/bash
            printf '%s\n' "$*" >> "$ROOT/synced"
            exec {Path.Combine(AppContext.BaseDirectory, "schemagate")} "$@"
            """);
        Applied("orders", "1_a");
        Git("init --quiet --bare -b main origin.git");
        Git("clone --quiet origin.git work");
        Array.ForEach(s_migrations, name => Write($"work/prisma/migrations/{name}/migration.sql", $"CREATE TABLE t{name} (id int);"));
        await Schemagate.RunAsync("changelog", "init", "--changelog", Path.Combine(root, "work", Changelog));
        Git("-C work add .");
        Git("-C work commit --quiet -m first");
        Git("-C work push --quiet origin HEAD:main");
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void A_signed_event_becomes_a_commit_on_a_branch_and_one_pull_request()
    {
        Passes(Run(body));
        Assert.Equal(["1_a"], Deployed(Branch));
        Assert.Empty(Deployed("main"));
        Assert.Equal("changelog sync --gate orders --namespace shop\n", Read("synced"));
        string asked = Read("asked");
        Assert.Contains(
            $"pr create --head {Branch} --base main --title Changelog: what the gate shop/orders", asked, StringComparison.Ordinal);
        Assert.Contains(
            "registry.test/shop:1 (sha256:1) is deployed in production \"$(touch pl4nted)\"", asked, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(root, "pl4nted", SearchOption.AllDirectories));
        Assert.Equal("", Git("-C work status --short"));

        Applied("other", s_migrations);
        Passes(Run(body, more: "-- --gate other"));
        Assert.Equal(s_migrations, Deployed(Branch));
        Assert.Equal("1", Git($"-C origin.git rev-list --count main..{Branch}").Trim());
        Assert.Equal(1, Read("asked").Split("pr create").Length - 1);
        Assert.EndsWith("changelog sync --gate other\n", Read("synced"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changelog_that_says_it_already_is_not_proposed()
    {
        Applied("orders");
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
        (int code, string error) = Run(
            fault == "body" ? [.. sent, (byte)' '] : sent, signature, at, keys: fault == "key" ? HookReceiver.NewKey() : null,
            id: fault == "id" ? "another" : s_notice.Id);
        Assert.Equal(1, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
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
        Assert.Equal(["1_a"], Deployed(Branch));
    }

    [Fact]
    public void Commits_of_somebody_else_s_on_the_branch_are_not_thrown_away()
    {
        Passes(Run(body));
        Git($"-C work fetch --quiet origin {Branch}");
        Git("-C work checkout --quiet FETCH_HEAD");
        Write("work/mine", "mine");
        Git("-C work add mine");
        Git("-C work commit --quiet -m mine");
        Git($"-C work push --quiet origin HEAD:{Branch}");
        (int code, string error) = Run(body);
        Assert.Equal(1, code);
        Assert.Contains("commits of somebody else's", error, StringComparison.Ordinal);
        Assert.Equal("mine", Git($"-C origin.git show {Branch}:mine"));
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

    private string Git(string arguments)
    {
        (int code, string output, string error) = Process("git", arguments);
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
        start.Environment["KUBECONFIG"] = cluster.Kubeconfig;
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

    /// <summary>What a gate of the cluster sees applied of the migrations.</summary>
    private void Applied(string gate, params string[] applied) => cluster.Add(StoredCluster.Gates, gate, JsonNode.Parse($$$"""
        {"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","metadata":{"namespace":"shop","generation":1},
         "spec":{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"db","key":"url"} } },
         "status":{"observedGeneration":1,"database":{"identity":"7301/shop/public","standby":false},
          "migrations":{"required":2,"applied":{{{applied.Length}}},"failed":[],"edited":[],"unknown":[],"through":"2_b",
           "pending":[{{{string.Join(',', s_migrations.Except(applied, StringComparer.Ordinal).Select(name => $"\"{name}\""))}}}]},
          "conditions":[{"type":"DatabaseReachable","status":"True","reason":"Reachable","message":"",
           "lastTransitionTime":"2020-01-01T00:00:00Z"}]}}
        """)!.AsObject());

    private string[] Deployed(string branch) =>
    [
        .. ChangelogParser.Parse(Git($"-C origin.git show {branch}:{Changelog}")).Entries
            .Where(entry => entry.Section == ChangelogStatus.Deployed).Select(entry => entry.Name),
    ];

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
