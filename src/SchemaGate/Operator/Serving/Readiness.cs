namespace SchemaGate.Operator.Serving;

/// <summary>Whether this process can answer for what it is asked: its caches are complete, it has a certificate, and it is not stopping.</summary>
internal sealed class Readiness(ClusterView view, ServedCertificate certificate, CancellationToken stopping)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public bool Is => Missing is null;

    /// <summary>Whether admission can be answered; a stopping process goes on answering what still reaches it.</summary>
    public bool Knows => view.Synced;

    /// <summary>What keeps it from being ready, in words; null where nothing does.</summary>
    public string? Missing =>
        stopping.IsCancellationRequested ? "stopping"
        : !view.Synced ? "the caches are not complete yet"
        : certificate.Current is null ? "there is no certificate yet"
        : null;

    /// <summary>Until <see cref="Is"/>.</summary>
    public Task WaitAsync(CancellationToken cancellation) => WaitAsync(() => Is, cancellation);

    /// <summary>Until <see cref="Knows"/>.</summary>
    public Task WaitToKnowAsync(CancellationToken cancellation) => WaitAsync(() => Knows, cancellation);

    private static async Task WaitAsync(Func<bool> reached, CancellationToken cancellation)
    {
        while (!reached() && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
