using System.Diagnostics;
using System.Globalization;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>What a process has used up to now, as Linux counts it (proc(5)).</summary>
/// <param name="Resident">Its memory now, MiB.</param>
/// <param name="Peak">The most it ever was, MiB.</param>
/// <param name="Cpu">User and system.</param>
internal sealed record ProcessUse(double Resident, double Peak, TimeSpan Cpu)
{
    public static ProcessUse Of(Process process)
    {
        string[] status = File.ReadAllLines($"/proc/{process.Id}/status");
        double Mebibytes(string key) => double.Parse(
            status.First(line => line.StartsWith($"{key}:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture) / 1024;
        process.Refresh();
        return new(Mebibytes("VmRSS"), Mebibytes("VmHWM"), process.TotalProcessorTime);
    }
}
