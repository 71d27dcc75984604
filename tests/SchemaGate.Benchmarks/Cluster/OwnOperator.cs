using System.Diagnostics;
using System.Globalization;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>The operator as a process of its own, with the memory that its pod's limit leaves to its heap.</summary>
internal sealed class OwnOperator : IAsyncDisposable
{
    public const string Namespace = "schemagate-system";
    private const string HeapOfPod = "12000000"; // Hexadecimal: three quarters of 384 MiB, the runtime's share of a container's limit.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private OwnOperator(Process process, Uri address, Uri metrics) => (Process, Address, Metrics) = (process, address, metrics);

    public Process Process { get; }

    public Uri Address { get; }

    /// <summary>What Prometheus asks for.</summary>
    public Uri Metrics { get; }

    /// <summary>The published binary; README.md says how to make it.</summary>
    public static string Binary { get; } = Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate");

    /// <summary>Returns when it serves, and the API server asks it, or its replica, about gated objects.</summary>
    /// <param name="cluster">Whose objects it looks after.</param>
    /// <param name="port">Where it listens; null for any.</param>
    /// <param name="url">Where the API server asks, if not there; then another replica may be the leader.</param>
    public static async Task<OwnOperator> StartAsync(OwnCluster cluster, int? port = null, Uri? url = null)
    {
        if (!File.Exists(Binary))
        {
            throw new InvalidOperationException($"{Binary} is not there; README.md says how to publish it");
        }

        (int own, int metrics) = (port ?? FreePort.Next(), FreePort.Next());
        string log = $"operator-{own}.log";
        Process process = cluster.Start(
            Binary, log,
            [
                "operator", "--kubeconfig", cluster.Kubeconfig, "--listen", $"127.0.0.1:{own}",
                "--metrics-port", metrics.ToString(CultureInfo.InvariantCulture), "--namespace", Namespace, "--allow-plain-http",
                "--runner-image", "schemagate:none",
                .. url is null ? [] : (string[])["--webhook-url", url.ToString()],
            ], ("DOTNET_GCHeapHardLimit", HeapOfPod), ("DOTNET_EnableDiagnostics", "0"));
        OwnOperator started = new(process, new($"https://127.0.0.1:{own}"), new($"http://127.0.0.1:{metrics}/metrics"));
        try
        {
            await Patiently.UntilAsync(
                () => Task.FromResult(Told("serves admission") && (url is not null || Told("webhooks registered"))), s_patience,
                () => $"the operator does not serve: {cluster.Log(log)}");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        bool Told(string text) => cluster.Log(log).Contains(text, StringComparison.Ordinal);
    }

    /// <summary>What its certificate is to be checked against, PEM.</summary>
    public static async Task<string> AuthoritiesAsync(OwnCluster cluster) =>
        CertificateSet.Read(await cluster.Client.GetAsync(Kinds.Secret, Namespace, CertificateSet.SecretName)).Bundle;

    public async ValueTask DisposeAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }
}
