namespace SchemaGate.Benchmarks;

/// <summary>Repeated measurements of one thing, in any unit.</summary>
internal sealed class Sample
{
    private readonly List<double> values = [];

    public double Median => Quantile(0.5);

    public void Add(double value) => values.Add(value);

    /// <summary>The smallest value that at least this share of all does not exceed.</summary>
    public double Quantile(double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}
