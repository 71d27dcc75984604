namespace SchemaGate.Benchmarks.Cluster;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static void Print() =>
        Console.WriteLine($"{Environment.ProcessorCount} cores, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
}
