using System.Diagnostics;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Patiently
{
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience, Func<string> what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new InvalidOperationException($"not within {patience}: {what()}");
            }

            await Task.Delay(250);
        }
    }
}
