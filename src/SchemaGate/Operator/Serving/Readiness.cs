namespace SchemaGate.Operator.Serving;

/// <summary>
/// Whether this process can answer for what it is asked: its caches are complete, it has a certificate, it hears from the API server,
/// which asks about all that it is to ask about, and it is not stopping.
/// </summary>
/// <param name="view">The caches.</param>
/// <param name="certificate">What is served with.</param>
/// <param name="silence">
/// How long the API server has not answered. A replica that is cut off cannot ask it what admission needs; another can.
/// </param>
/// <param name="unregistered">What is wrong with the webhooks' registration, in words; null where nothing is.</param>
/// <param name="stopping">The process ends.</param>
internal sealed class Readiness(
    ClusterView view, ServedCertificate certificate, Func<TimeSpan> silence, Func<string?> unregistered, CancellationToken stopping)
{
    /// <summary>Two looks at the Lease, and the time limit of one.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public bool Is => Missing is null;

    /// <summary>Whether admission can be answered; a stopping process goes on answering what still reaches it.</summary>
    public bool Knows => view.Synced;

    /// <summary>What keeps it from being ready, in words; null where nothing does.</summary>
    public string? Missing => this switch
    {
        _ when stopping.IsCancellationRequested => "stopping",
        _ when !view.Synced => $"the caches are not complete yet{(view.Refused(null) is { } refusal ? $": {refusal}" : "")}",
        _ when certificate.Current is null => "there is no certificate yet",
        _ when silence() is var silent && silent > LongestSilence => $"the API server has not answered for {silent.TotalSeconds:0} s",
        _ => unregistered(),
    };

    /// <summary>The namespaces that nobody looks after, beside those that somebody does, each with the reason.</summary>
    public IReadOnlyList<string> Closed =>
        [.. view.Namespaces.Select(ns => view.Refused(ns) is { } refusal ? $"namespace {ns} is closed: {refusal}" : "")
            .Where(line => line.Length > 0)];

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
