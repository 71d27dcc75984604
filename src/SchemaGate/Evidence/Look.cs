using SchemaGate.Core;

namespace SchemaGate.Evidence;

/// <summary>One look at a gate, for which <see cref="Readings"/> read.</summary>
/// <param name="readings">The readings.</param>
/// <param name="tenant">Whose share it takes.</param>
/// <param name="name">The gate, among the tenant's.</param>
/// <param name="ended">Told of the end of what the look did not wait for.</param>
/// <param name="number">Higher than that of earlier looks.</param>
internal sealed class Look(Readings readings, string tenant, string name, Action ended, long number)
{
    public (string Tenant, string Name) Gate => (tenant, name);

    public long Number => number;

    /// <summary>Whether the gate has changed meanwhile; what this look has found out is not to be judged by.</summary>
    public CancellationToken Hurried => Hurrying.Token;

    /// <summary>Whether it could not find out all that the gate wants: what earlier looks wanted may be wanted still.</summary>
    public bool IsCut { get; set; }

    private CancellationTokenSource Hurrying { get; } = new();

    /// <summary>Other tenants' readings of the same thing are theirs: who waits for one waits for its tenant's share.</summary>
    /// <param name="key">What tells it from all other readings of the tenant's.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="read">Reads; what is found it keeps itself.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null while it goes on, unless it failed the last time.</returns>
    public Task<Evidence<T>?> ReadAsync<T>(
        object key, TimeSpan patience, Func<CancellationToken, Task<Evidence<T>>> read, CancellationToken cancellation) =>
        readings.ReadAsync(this, (tenant, key), patience, read, cancellation);

    /// <summary>All that the gate wants has been asked for: what only earlier looks at it wanted is ended, unless it was cut.</summary>
    public void End() => readings.End(this);

    internal void Ended() => ended();

    internal void Hurry() => Hurrying.Cancel();
}
