using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Tests;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>
/// An etcd and a kube-apiserver of the test's own, from the directory that KUBEBUILDER_ASSETS names,
/// so that it can be killed.
/// </summary>
internal sealed class OwnApiServer : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("apiserver").FullName;
    private readonly string etcdAddress = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly int port = FreePort.Next();
    private readonly Process etcd;
    private Process server;

    private OwnApiServer(string assets)
    {
        using var key = RSA.Create(2048);
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Join(directory, "key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(TokenFile, token + "\n");
        File.WriteAllText(Path.Join(directory, "tokens"), $"{token},tests,1,system:masters\n");
        ServerBinary = Path.Join(assets, "kube-apiserver");
        etcd = Run(Path.Join(assets, "etcd"), "etcd.log",
            "--data-dir", Path.Join(directory, "etcd"), "--listen-client-urls", etcdAddress, "--advertise-client-urls", etcdAddress,
            "--listen-peer-urls", "http://127.0.0.1:0", "--unsafe-no-fsync");
        server = RunServer();
    }

    /// <summary>What the clients' token is read from.</summary>
    public string TokenFile => Path.Join(directory, "token");

    public Uri Address => new($"https://127.0.0.1:{port}");

    private string ServerBinary { get; }

    public static OwnApiServer Start()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        if (assets is null || !File.Exists(Path.Join(assets, "kube-apiserver")) || !File.Exists(Path.Join(assets, "etcd")))
        {
            Prerequisite.Missing("KUBEBUILDER_ASSETS names no directory with etcd and kube-apiserver");
        }

        return new(assets!);
    }

    /// <summary>Waits until the server answers, directly; the client goes by way of the relay if there is one.</summary>
    public async Task<KubernetesClient> ClientAsync(Relay? relay = null)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                var client = new KubernetesClient(Configuration(Address), "schemagate-tests");
                await client.GetAsync(ScratchNamespace.Namespaces, null, "default", TestContext.Current.CancellationToken);
                return relay is null ? client : new(Configuration(relay.Address), "schemagate-tests");
            }
            catch (Exception e) when (e is KubernetesException or IOException or CryptographicException && i < 240)
            {
                await Task.Delay(250, TestContext.Current.CancellationToken);
            }
        }
    }

    public async Task KillAsync()
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
    }

    /// <summary>Makes etcd forget every version but the newest, as it does by itself after some minutes.</summary>
    public async Task CompactAsync()
    {
        using var http = new HttpClient { BaseAddress = new(etcdAddress) };
        var status = await PostAsync(http, "v3/maintenance/status", []);
        await PostAsync(http, "v3/kv/compaction", new() { ["revision"] = (string?)status["header"]!["revision"], ["physical"] = true });
    }

    /// <summary>How many there are to this server, seen from the clients' side.</summary>
    public int Connections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.State == TcpState.Established && connection.RemoteEndPoint.Port == port
            && connection.LocalEndPoint.Port != port);

    public void StartAgain() => server = RunServer();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        etcd.Kill();
        await etcd.WaitForExitAsync();
        etcd.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    public KubernetesConfiguration Configuration() => Configuration(Address);

    // The server makes itself a certificate at its first start, and keeps it.
    private KubernetesConfiguration Configuration(Uri address)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Join(directory, "certificates", "apiserver.crt"));
        return new() { Server = address, CertificateAuthorities = authorities, TokenFile = TokenFile };
    }

    private Process RunServer() => Run(ServerBinary, "server.log",
        $"--etcd-servers={etcdAddress}", $"--secure-port={port}", "--bind-address=127.0.0.1", $"--cert-dir={directory}/certificates",
        $"--token-auth-file={directory}/tokens", "--authorization-mode=RBAC", "--service-cluster-ip-range=10.97.0.0/16",
        "--service-account-issuer=https://tests", $"--service-account-key-file={directory}/key",
        $"--service-account-signing-key-file={directory}/key", "--disable-admission-plugins=ServiceAccount");

    // Output goes to a file by way of a shell: a pipe that nobody empties would stop the process.
    private Process Run(string binary, string log, params string[] arguments) => Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" >>'{directory}/{log}' 2>&1", "sh", binary, .. arguments]))!;

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString());
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
