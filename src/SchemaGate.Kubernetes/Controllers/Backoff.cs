namespace SchemaGate.Kubernetes.Controllers;

/// <summary>Waits that double up to a limit, each shortened by chance by up to a half, so that many waiters spread out.</summary>
public readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="failures">How many failures went before in a row; 0 for the first.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan Delay(int failures, double chance)
    {
        var full = Math.Min(First.TotalSeconds * Math.Pow(2, failures), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(full * (1 - (chance / 2)));
    }

    internal TimeSpan Delay(int failures) => Delay(failures, Random.Shared.NextDouble());
}
