using System.Globalization;

namespace SchemaGate.Benchmarks.Startup;

/// <summary>A command and what GNU time says of its runs.</summary>
internal sealed record Started(string Name, string File, params string[] Arguments)
{
    /// <summary>Milliseconds.</summary>
    public Sample Wall { get; } = new();

    /// <summary>User and system, milliseconds; GNU time counts in tens.</summary>
    public Sample Cpu { get; } = new();

    /// <summary>Resident set, MiB.</summary>
    public Sample Peak { get; } = new();

    public async Task RunAsync(bool isWarmup)
    {
        (_, string error) = await ChildProcess.RunAsync("/usr/bin/time", ["-f", "%e %U %S %M", File, .. Arguments]);
        double[] values = [.. error.Trim().Split('\n')[^1].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        if (!isWarmup)
        {
            Wall.Add(values[0] * 1000);
            Cpu.Add((values[1] + values[2]) * 1000);
            Peak.Add(values[3] / 1024);
        }
    }
}
