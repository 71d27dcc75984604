using System.Diagnostics;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Asks the webhooks again and again, by dry runs of a gated Deployment, and notes who got no answer.</summary>
internal sealed class AdmissionProbe : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Task asking;

    public AdmissionProbe(Shop shop)
    {
        asking = Task.Run(() => AskAsync(shop));
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

    /// <summary>Asks once, this many times at the same time.</summary>
    /// <returns>The errors of those that got no answer.</returns>
    public static async Task<IReadOnlyList<string>> AskAsync(Shop shop, int times) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, times).Select(_ => AskOnceAsync(shop)))).Where(error => error.Length > 0)];

    private async Task AskAsync(Shop shop)
    {
        Stopwatch silence = Stopwatch.StartNew();
        while (!ending.IsCancellationRequested)
        {
            if (await AskOnceAsync(shop) is { Length: > 0 } error)
            {
                Failures.Add(error);
                continue;
            }

            Answers++;
            LongestSilence = silence.Elapsed > LongestSilence ? silence.Elapsed : LongestSilence;
            silence.Restart();
        }
    }

    private static async Task<string> AskOnceAsync(Shop shop)
    {
        // The name is new: nothing is there whose template it could be.
        string manifest = shop.DeploymentManifest("1").Replace("name: shop, namespace", "name: probe, namespace", StringComparison.Ordinal);
        (int code, _, string error) = await TestEnvironment.TryAsync("kubectl", [.. TestEnvironment.Apply, "--dry-run=server"], manifest);
        return code == 0 ? "" : error;
    }
}
