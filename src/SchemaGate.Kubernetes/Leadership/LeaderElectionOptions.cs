namespace SchemaGate.Kubernetes.Leadership;

/// <summary>Which lease, under what name, and how patiently. The defaults are client-go's.</summary>
public sealed record LeaderElectionOptions
{
    public required string Namespace { get; init; }

    /// <summary>The Lease's name; it is created where it is missing.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Unlike any other process's, and unlike that of an earlier run of the same one: whoever finds its own identity in the lease goes on leading.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait after the last renewal before they take the lease; whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long this process leads after its last renewal. What is left to <see cref="LeaseDuration"/> covers writes that are still
    /// on their way, and clocks that run at different speeds.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two renewals, and between two looks at another's lease; the latter are shortened by chance by up to a half.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told each new <see cref="LeaderElection.Leader"/>, this process included. It must not throw.</summary>
    public Action<string?>? LeaderChanged { get; init; }

    /// <summary>Told every failure to read or write the lease, and every exception of what leads; for the log. It must not throw.</summary>
    public Action<Exception>? Failed { get; init; }

    internal static LeaderElectionOptions Checked(LeaderElectionOptions options) => options switch
    {
        { Identity: "" } => throw new ArgumentException("a leader election needs an identity", nameof(options)),
        { LeaseDuration: var lease } when lease < TimeSpan.FromSeconds(1) || lease.Ticks % TimeSpan.TicksPerSecond != 0 =>
            throw new ArgumentException($"a lease's duration is whole seconds, not {lease}", nameof(options)),
        _ when options.RenewDeadline >= options.LeaseDuration =>
            throw new ArgumentException("the renew deadline must be shorter than the lease's duration", nameof(options)),
        _ when options.RetryPeriod <= TimeSpan.Zero || options.RetryPeriod >= options.RenewDeadline =>
            throw new ArgumentException("the retry period must be shorter than the renew deadline, and not zero", nameof(options)),
        _ => options,
    };
}
