using System.Diagnostics;

namespace SchemaGate.EndToEnd.Support;

/// <summary>Waits for what a cluster does in its own time, and for what it must not do.</summary>
public static class Eventually
{
    /// <summary>What takes a second on an idle machine may take minutes on a busy one; only what fails waits for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Watchfulness = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not within {Patience}: {what()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asserts that a condition holds, and goes on holding for some time.</summary>
    public static async Task StaysAsync(Func<Task<bool>> condition, Func<string> what)
    {
        Stopwatch watched = Stopwatch.StartNew();
        while (watched.Elapsed < Watchfulness)
        {
            Assert.True(await condition(), $"did not stay after {watched.Elapsed}: {what()}");
            await Task.Delay(Pause);
        }
    }
}
