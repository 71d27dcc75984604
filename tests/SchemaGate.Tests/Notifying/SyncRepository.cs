using System.Diagnostics;
using System.Globalization;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Notifying;

namespace SchemaGate.Tests.Notifying;

/// <summary>A real repository for config/sync/changelog-sync, with events that are signed as a gate signs them, and a gh that notes what
/// it is asked.</summary>
internal sealed class SyncRepository : IDisposable
{
    private static readonly Notice s_notice = new(
        "6f0d3a51c2b4e897a1d05e3b7c9f2846", "registry.test/shop:1", "sha256:1", "7301/shop/public",
        "2_b`\"$(touch pl4nted)\"\n\nSchemaGate-Event: x",
        DateTimeOffset.UnixEpoch, [new("2_b", null)], 1);

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-sync-").FullName;

    public string Key { get; } = HookReceiver.NewKey();

    /// <summary>The event's.</summary>
    public static string Id => s_notice.Id;

    public SyncRepository()
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

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static byte[] Event(string? environment, string ns = "shop", string gate = "orders") =>
        OpenedEvent.Of(new(ns, gate, "5f0c"), environment, s_notice);

    public string Sign(byte[] sent, DateTimeOffset at) =>
        SigningKeys.Parse($"{HookReceiver.NewKey()}\n{Key}", out _)!.Sign(s_notice.Id, at, sent);

    public (int Code, string Error) Run(
        byte[] sent, string? signature = null, DateTimeOffset? at = null, string? keys = null, string? id = null, string more = "")
    {
        DateTimeOffset then = at ?? DateTimeOffset.UtcNow;
        File.WriteAllBytes(Path.Combine(Root, "event"), sent);
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["WEBHOOK_ID"] = id ?? s_notice.Id,
            ["WEBHOOK_TIMESTAMP"] = then.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["WEBHOOK_SIGNATURE"] = signature ?? Sign(sent, then),
            ["WEBHOOK_KEYS"] = keys ?? $"{HookReceiver.NewKey()}\n{Key}",
        };
        string script = Path.Combine(Repository.Root, "config/sync/changelog-sync");
        (int code, _, string error) = Process("bash", $"{script} --repository work --event event {more}", variables);
        return (code, error);
    }

    public string Git(string arguments, string committer = "test@example.com")
    {
        (int code, string output, string error) = Process(
            "git", arguments, new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_COMMITTER_EMAIL"] = committer });
        Assert.True(code == 0, error);
        return output;
    }

    public (int Code, string Output, string Error) Process(
        string program, string arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROOT"] = Root;
        start.Environment["PATH"] = $"{Root}/bin:{start.Environment["PATH"]}";
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

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Write(string file, string text)
    {
        string path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (text.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
