using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Tests.Kubernetes;

public sealed class ExecPluginTests : IDisposable
{
    private const string Head = """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":""";

    private readonly string directory = Directory.CreateTempSubdirectory("exec").FullName;
    private readonly ManualTime time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plugin_beside_the_kubeconfig_is_run_with_its_arguments_and_environment()
    {
        Script("""
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",
              \"status\":{\"token\":\"$1-$COLOUR\"}}"
            """);
        var credential = await Source("args: [ first ]", "env: [ { name: COLOUR, value: red } ]").GetAsync(null, Cancellation);
        Assert.Equal("first-red", credential.Token);
    }

    [Fact]
    public async Task A_plugin_is_told_what_it_is_asked_and_about_its_cluster()
    {
        Script($"echo \"$KUBERNETES_EXEC_INFO\" > {directory}/info\necho '{Head}{{\"token\":\"t\"}}}}'");
        await Source("provideClusterInfo: true", "interactiveMode: IfAvailable").GetAsync(null, Cancellation);
        var info = JsonNode.Parse(await File.ReadAllTextAsync($"{directory}/info", Cancellation))!;
        Assert.Equal(("client.authentication.k8s.io/v1", "ExecCredential"), ((string?)info["apiVersion"], (string?)info["kind"]));
        Assert.False((bool)info["spec"]!["interactive"]!);
        Assert.Equal("https://one:6443", (string?)info["spec"]!["cluster"]!["server"]);
        Assert.Equal("""{"audience":"a","sizes":[1,2.5,"3",null,true]}""", info["spec"]!["cluster"]!["config"]!.ToJsonString());
    }

    [Fact]
    public async Task A_credential_is_kept_until_it_expires()
    {
        Counting($$"""{"token":"t'$n'","expirationTimestamp":"{{time.GetUtcNow().AddMinutes(10):O}}"}""");
        var source = Source();
        Assert.Equal("t1", (await source.GetAsync(null, Cancellation)).Token);
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("t1", (await source.GetAsync(null, Cancellation)).Token);
        time.Advance(TimeSpan.FromMinutes(2));
        var refused = await RefusedAsync(source);
        Assert.Contains("expired at 2024-12-24T10:10:00Z; log in again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_credential_is_asked_for_again_but_not_at_every_refusal()
    {
        Counting("""{"token":"t'$n'"}""");
        var source = Source();
        var first = await source.GetAsync(null, Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        var second = await source.GetAsync(first, Cancellation);
        Assert.Equal(("t1", "t2", "t2"), (first.Token, second.Token, (await source.GetAsync(second, Cancellation)).Token));
    }

    [Fact]
    public async Task Many_requests_at_once_run_it_once()
    {
        Counting("""{"token":"t'$n'"}""");
        var source = Source();
        var credentials = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.GetAsync(null, Cancellation).AsTask()));
        Assert.All(credentials, credential => Assert.Equal("t1", credential.Token));
    }

    [Fact]
    public async Task A_plugin_may_answer_with_a_client_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=me", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Answering(new JsonObject
        {
            ["clientCertificateData"] = certificate.ExportCertificatePem(),
            ["clientKeyData"] = key.ExportECPrivateKeyPem()
        }.ToJsonString());
        var credential = await Source().GetAsync(null, Cancellation);
        Assert.Equal(
            (null, "CN=me", true),
            (credential.Token, credential.Certificate?.Leaf.Subject, credential.Certificate?.Leaf.HasPrivateKey));
    }

    [Theory]
    [InlineData("echo s3cret; echo please log in >&2; exit 3", "failed with exit code 3: please log in")]
    [InlineData("echo s3cret; exit 1", "failed with exit code 1 and without a word")]
    [InlineData("echo s3cret", "did not answer in the JSON")]
    [InlineData("echo '\"s3cret\"'", "did not answer in the JSON")]
    [InlineData("echo null", "answered null")]
    [InlineData("echo '{\"s3cret\":1}'", "did not answer with an ExecCredential of client.authentication.k8s.io/v1")]
    [InlineData($"echo '{Head}{{\"expirationTimestamp\":\"s3cret\"}}}}'", "did not answer in the JSON")]
    [InlineData($"echo '{Head}{{}}}}'", "neither a token nor a client certificate")]
    [InlineData($"echo '{Head}{{\"clientCertificateData\":\"s3cret\"}}}}'", "neither a token nor a client certificate")]
    [InlineData(
        $"echo '{Head}{{\"clientCertificateData\":\"s3cret\",\"clientKeyData\":\"s3cret\"}}}}'",
        "its clientCertificateData holds no certificate")]
    [InlineData($"echo '{Head}{{\"token\":\"s3cret\\u0007\"}}}}'", "its token holds characters that no token has")]
    [InlineData(
        $"echo '{Head}{{\"token\":\"s3cret\",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\"}}}}'",
        "expired at 2020-01-01T00:00:00Z")]
    [InlineData("head -c 10000000 /dev/zero | tr '\\0' s", "answered with more than 1 MiB")]
    [InlineData("head -c 10000000 /dev/zero | tr '\\0' s >&2; exit 1", "failed with exit code 1: sssss")]
    public async Task A_plugin_that_gives_no_credential_is_refused_without_its_output(string script, string words)
    {
        Script(script);
        var refused = await RefusedAsync(Source());
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 1300);
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("sleep 1000 & wait")]
    [InlineData("trap '' TERM; while true; do echo; sleep 0.1; done")]
    public async Task A_plugin_that_never_ends_is_ended(string script)
    {
        Script($"echo $$ > {directory}/pid\n{script}");
        var plugin = Configuration().Exec! with { TimeLimit = TimeSpan.FromSeconds(1) };
        var refused = await RefusedAsync(new ExecCredentials(plugin, TimeProvider.System));
        Assert.EndsWith("did not end within 1 s", refused.Message, StringComparison.Ordinal);
        int process = int.Parse(
            await File.ReadAllTextAsync($"{directory}/pid", Cancellation),
            System.Globalization.CultureInfo.InvariantCulture);
        // What was killed is there until its parent has heard of it.
        for (var looks = 0; IsRunning(process); looks++)
        {
            Assert.True(looks < 50, "the plugin runs on");
            await Task.Delay(100, Cancellation);
        }
    }

    [Fact]
    public async Task A_plugin_whose_child_keeps_its_output_open_is_not_waited_for()
    {
        Script("sleep 30 & exit 0");
        var plugin = Configuration().Exec! with { TimeLimit = TimeSpan.FromSeconds(1) };
        var started = Stopwatch.StartNew();
        await RefusedAsync(new ExecCredentials(plugin, TimeProvider.System));
        Assert.InRange(started.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_failure_counts_for_all_who_ask_at_once()
    {
        Script($"echo x >> {directory}/runs; exit 1");
        var source = Source();
        await RefusedAsync(source);
        await RefusedAsync(source);
        Assert.Single(await File.ReadAllLinesAsync($"{directory}/runs", Cancellation));
        time.Advance(TimeSpan.FromSeconds(6));
        await RefusedAsync(source);
        Assert.Equal(2, (await File.ReadAllLinesAsync($"{directory}/runs", Cancellation)).Length);
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_is_named_with_its_hint()
    {
        var source = new ExecCredentials(
            Configuration("installHint: get it at example.com").Exec! with { Command = "no-such-plugin" },
            time);
        var refused = await RefusedAsync(source);
        Assert.Contains("no-such-plugin not found): get it at example.com", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: client.authentication.k8s.io/v1alpha1", "v1alpha1")]
    [InlineData("interactiveMode: Always", "nobody is here")]
    public void A_plugin_that_cannot_be_asked_is_refused_at_once(string line, string words) =>
        Assert.Contains(words, Assert.Throws<KubernetesException>(() => Configuration(line)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private void Answering(string status) => Script($"cat <<'END'\n{Head}{status}}}\nEND");

    private void Counting(string status) => Script($"echo x >> {directory}/runs; n=$(wc -l < {directory}/runs); echo '{Head}{status}}}'");

    private void Script(string text)
    {
        var path = Path.Join(directory, "plugin.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    private ExecCredentials Source(params string[] lines) => new(Configuration(lines).Exec!, time);

    private KubernetesConfiguration Configuration(params string[] lines)
    {
        var version = lines.Any(line => line.StartsWith("apiVersion", StringComparison.Ordinal))
            ? ""
            : "apiVersion: client.authentication.k8s.io/v1";
        var path = Path.Join(directory, "config");
        File.WriteAllText(path, $$"""
            current-context: x
            contexts: [ { name: x, context: { cluster: c, user: u } } ]
            clusters:
            - name: c
              cluster:
                server: https://one:6443
                extensions: [ { name: client.authentication.k8s.io/exec, extension: { audience: a, sizes: [ 1, 2.5, "3", null, true ] } } ]
            users:
            - name: u
              user:
                exec:
                  command: ./plugin.sh
                  {{version}}
                  {{string.Join("\n      ", lines)}}
            """);
        return KubernetesConfiguration.FromKubeconfig(path);
    }

    private static Task<KubernetesException> RefusedAsync(ExecCredentials source) =>
        Assert.ThrowsAsync<KubernetesException>(() => source.GetAsync(null, Cancellation).AsTask());

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
