using System.Diagnostics;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Asks the webhooks again and again, by dry runs of a gated Deployment, and notes who got no answer.</summary>
internal sealed class AdmissionProbe : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly string manifest;
    private readonly Task asking;

    public AdmissionProbe(Shop shop)
    {
        // The name is new: nothing is there whose template it could be.
        manifest = shop.DeploymentManifest("1").Replace("name: shop, namespace", "name: probe, namespace", StringComparison.Ordinal);
        asking = Task.Run(AskAsync);
    }

    public int Answers { get; private set; }

    public List<string> Failures { get; } = [];

    /// <summary>From the last answer before to the first after.</summary>
    public TimeSpan LongestSilence { get; private set; }

    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await asking;
        Assert.True(Answers > 5, $"only {Answers} answers, and {Failures.Count} failures: {string.Join(' ', Failures.Take(5))}");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await asking;
        ending.Dispose();
    }

    private async Task AskAsync()
    {
        Stopwatch silence = Stopwatch.StartNew();
        while (!ending.IsCancellationRequested)
        {
            (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", ["apply", "--dry-run=server", "-f", "-"], manifest);
            if (code != 0)
            {
                Failures.Add(error);
                continue;
            }

            Answers++;
            LongestSilence = silence.Elapsed > LongestSilence ? silence.Elapsed : LongestSilence;
            silence.Restart();
        }
    }
}
