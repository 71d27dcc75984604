using System.Diagnostics;
using System.Globalization;

namespace SchemaGate.EndToEnd.Support;

/// <summary>A container's process on this machine, which is the cluster's only node.</summary>
/// <param name="Id">On the node.</param>
/// <param name="Words">Its command line.</param>
/// <param name="Pod">The pod's name.</param>
internal sealed record NodeProcess(int Id, IReadOnlyList<string> Words, string Pod)
{
    /// <summary>Those that run this command of ours.</summary>
    public static IEnumerable<NodeProcess> Of(string command) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
        .Select(id => Read(int.Parse(id!, CultureInfo.InvariantCulture))).OfType<NodeProcess>()
        .Where(process => process.Words.Count > 1 && process.Words[0].EndsWith("schemagate", StringComparison.Ordinal)
            && process.Words[1] == command);

    /// <summary>The most that it has had in memory, in KiB (VmHWM in /proc/PID/status).</summary>
    public long PeakMemory => long.Parse(
        File.ReadLines($"/proc/{Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..]
            .Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static NodeProcess? Read(int id)
    {
        try
        {
            string? name = File.ReadAllText($"/proc/{id}/environ").Split('\0')
                .FirstOrDefault(entry => entry.StartsWith("HOSTNAME=", StringComparison.Ordinal));
            return name is null ? null : new(id, File.ReadAllText($"/proc/{id}/cmdline").Split('\0'), name["HOSTNAME=".Length..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
