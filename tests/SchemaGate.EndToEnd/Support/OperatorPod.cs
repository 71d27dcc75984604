using System.Diagnostics;
using System.Globalization;

namespace SchemaGate.EndToEnd.Support;

/// <summary>A replica of the operator as a process of this machine, which is the cluster's only node.</summary>
/// <param name="Name">The pod's.</param>
/// <param name="Process">Its container's first process, by its id on the node.</param>
internal sealed record OperatorPod(string Name, int Process)
{
    public static IReadOnlyList<OperatorPod> Running() => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
        .Select(id => Read(int.Parse(id!, CultureInfo.InvariantCulture))).OfType<OperatorPod>()];

    /// <summary>The one that a Lease's holder names.</summary>
    public static OperatorPod Of(string holder) => Running().Single(pod => holder.StartsWith(pod.Name, StringComparison.Ordinal));

    /// <summary>SIGKILL.</summary>
    public void Kill() => Signal("KILL");

    /// <summary>SIGSTOP: it keeps its connections and does nothing.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    private void Signal(string name)
    {
        using Process kill = System.Diagnostics.Process.Start("kill", [$"-{name}", Process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static OperatorPod? Read(int process)
    {
        try
        {
            string[] words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            string? name = File.ReadAllText($"/proc/{process}/environ").Split('\0').FirstOrDefault(entry => entry.StartsWith("HOSTNAME=", StringComparison.Ordinal));
            return words.Length > 1 && words[0].EndsWith("schemagate", StringComparison.Ordinal) && words[1] == "operator" && words.Contains("--service=schemagate", StringComparer.Ordinal) && name is not null
                ? new(name["HOSTNAME=".Length..], process)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
