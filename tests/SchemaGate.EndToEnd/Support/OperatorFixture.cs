using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SchemaGate.EndToEnd.Support;

[assembly: AssemblyFixture(typeof(OperatorFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SchemaGate.EndToEnd.Support;

/// <summary>One operator, as a process of its own, for all tests: webhooks are the whole cluster's.</summary>
public sealed class OperatorFixture : IAsyncDisposable
{
    private readonly StringBuilder log = new();
    private readonly int port = FreePort();
    private Process? process;

    /// <summary>Everything that every run of the operator has written.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts the operator if it does not run, and returns when it serves.</summary>
    public async Task StartAsync()
    {
        if (process is { HasExited: false })
        {
            return;
        }

        await TestEnvironment.RunAsync("kubectl", ["apply", "-f", Path.Combine(TestEnvironment.Checkout, "config/crd")]);
        int from = Log.Length;
        process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "schemagate"),
            ["operator", "--kubeconfig", TestEnvironment.Kubeconfig, "--listen", $"127.0.0.1:{port}", "--namespace", "schemagate-test", "--allow-plain-http"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            () => Task.FromResult(Log[from..].Contains("serves admission", StringComparison.Ordinal)), () => $"the operator serves; it wrote: {Log[from..]}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
        {
            return;
        }

        // Nobody answers these webhooks any more: left behind, they would refuse every gated object.
        foreach (string kind in (string[])["mutatingwebhookconfigurations", "validatingwebhookconfigurations"])
        {
            await TestEnvironment.TryAsync("kubectl", ["delete", kind, "schemagate", "--ignore-not-found"]);
        }

        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (log)
        {
            log.AppendLine(line.Data);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
