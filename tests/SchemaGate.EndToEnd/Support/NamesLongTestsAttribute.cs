using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

namespace SchemaGate.EndToEnd.Support;

/// <summary>
/// Names a test that runs for minutes, while it does: who never ends is found. The runner's own -longRunning counts from the moment
/// that a test is queued, which is the same for all where they run side by side.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NamesLongTestsAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<string, Timer> running = new(StringComparer.Ordinal);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        running[test.UniqueID] = new(_ => Console.WriteLine($"[Long Running Test] '{test.TestDisplayName}'"), null, Long, Long);

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (running.TryRemove(test.UniqueID, out Timer? timer))
        {
            timer.Dispose();
        }
    }
}
