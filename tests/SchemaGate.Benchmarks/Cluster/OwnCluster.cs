using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Tests;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>
/// An etcd and a kube-apiserver of the benchmark's own, with the CRD and without controllers but those that it is asked for: whatever
/// asks this server is what is measured, and nobody else's rollout goes through its webhooks.
/// </summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private static readonly ResourceType<RawObject> s_namespaces = RawObject.Resource(
        "", "v1", "Namespace", "namespaces", namespaced: false);

    private readonly string directory = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;
    private readonly string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly int port = FreePort.Next();
    private readonly Process etcd;
    private Process? controllers;
    private KubernetesClient? client;

    private OwnCluster()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText($"{directory}/key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText($"{directory}/tokens", $"{token},benchmark,1,system:masters\n");
        File.WriteAllText($"{directory}/audit.yaml", """
            { "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived", "ResponseStarted"],
              "rules": [ { "level": "Metadata" } ] }
            """);
        string etcdAddress = $"http://127.0.0.1:{FreePort.Next()}";
        etcd = Start(Path.Join(Needed.Assets, "etcd"), "etcd.log", [
            "--data-dir", $"{directory}/etcd", "--listen-client-urls", etcdAddress, "--advertise-client-urls", etcdAddress,
            "--listen-peer-urls", "http://127.0.0.1:0", "--unsafe-no-fsync"]);
        Server = Start(Path.Join(Needed.Assets, "kube-apiserver"), "server.log", [
            $"--etcd-servers={etcdAddress}", $"--secure-port={port}", "--bind-address=127.0.0.1", $"--cert-dir={directory}/certificates",
            $"--token-auth-file={directory}/tokens", "--authorization-mode=RBAC", "--service-cluster-ip-range=10.97.0.0/16",
            "--service-account-issuer=https://benchmark", $"--service-account-key-file={directory}/key",
            $"--service-account-signing-key-file={directory}/key", "--disable-admission-plugins=ServiceAccount",
            $"--audit-policy-file={directory}/audit.yaml", $"--audit-log-path={AuditPath}"]);
    }

    public Process Server { get; }

    public string Kubeconfig => $"{directory}/kubeconfig";

    public string AuditPath => $"{directory}/audit.log";

    public Uri Address => new($"https://127.0.0.1:{port}");

    public string Token => token;

    public string AuthorityPath => $"{directory}/certificates/apiserver.crt";

    public KubernetesClient Client => client!;

    public static async Task<OwnCluster> StartAsync()
    {
        OwnCluster cluster = new();
        try
        {
            await cluster.AwaitAsync();
            await cluster.KubectlAsync("apply", "-f", Path.Combine(Checkout.Root, "config/crd/schemagates.yaml"));
            await cluster.KubectlAsync("wait", "--for=condition=Established", "crd/schemagates.schemagate.dev");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The controllers that make ReplicaSets of Deployments, and pods of these.</summary>
    public void StartControllers()
    {
        string apiserver = Path.Join(Needed.Assets, "kube-apiserver");
        string directoryOfAll = Path.GetDirectoryName(File.ResolveLinkTarget(apiserver, returnFinalTarget: true)?.FullName ?? apiserver)!;
        controllers = Start(
            Path.Join(directoryOfAll, "kube-controller-manager"), "controllers.log",
            [
                "--kubeconfig", Kubeconfig, "--controllers=deployment,replicaset", "--leader-elect=false", "--port=0", "--secure-port=0",
                $"--cert-dir={directory}/controllers",
            ]);
    }

    /// <summary>Connections to this server, seen from the clients' side.</summary>
    public int Connections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.State == TcpState.Established && connection.RemoteEndPoint.Port == port);

    public Task NamespaceAsync(string name) =>
        Client.CreateAsync(s_namespaces, RawObject.From(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }));

    public Task KubectlAsync(params string[] arguments) => ChildProcess.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);

    /// <summary>Output goes to a file by way of a shell: a pipe that nobody empties would stop the process.</summary>
    public Process Start(string file, string log, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec \"$@\" >>'{directory}/{log}' 2>&1", "sh", file, .. arguments]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public string Log(string log) => File.Exists($"{directory}/{log}") ? File.ReadAllText($"{directory}/{log}") : "";

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        foreach (Process process in ((Process?[])[controllers, Server, etcd]).OfType<Process>())
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(directory, recursive: true);
    }

    private async Task AwaitAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await File.WriteAllTextAsync(Kubeconfig, $$"""
                    apiVersion: v1
                    kind: Config
                    current-context: benchmark
                    contexts: [ { name: benchmark, context: { cluster: benchmark, user: benchmark } } ]
                    clusters: [ { name: benchmark, cluster: { server: "{{Address}}", certificate-authority: {{AuthorityPath}} } } ]
                    users: [ { name: benchmark, user: { token: {{token}} } } ]
                    """);
                client?.Dispose();
                client = new(KubernetesConfiguration.FromKubeconfig(Kubeconfig), "benchmark");
                await client.GetAsync(s_namespaces, null, "default");
                return;
            }
            catch (KubernetesException exception)
            {
                if (attempt == 240 || Server.HasExited)
                {
                    throw new InvalidOperationException($"the API server does not start: {Log("server.log")}", exception);
                }

                await Task.Delay(250);
            }
        }
    }
}
