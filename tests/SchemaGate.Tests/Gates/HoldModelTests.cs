using System.Globalization;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// Random schedules in a model of the Deployment controller, its pods, the API server with SchemaGate's admission, and its leader.
/// <c>SCHEMAGATE_TEST_SEED</c> repeats the schedules that begin with a seed. It keeps all cores busy for long, so nothing runs beside it
/// that measures time.
/// </summary>
[TestClass(DisableParallelization = true)]
public sealed class HoldModelTests(ITestOutputHelper output)
{
    private const int Schedules = 100_000;

    [Fact]
    public void Whatever_happens_a_hold_keeps_its_promises()
    {
        string? again = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SEED");
        int seed = again is null ? Random.Shared.Next() : int.Parse(again, CultureInfo.InvariantCulture);
        output.WriteLine($"SCHEMAGATE_TEST_SEED={seed} repeats it");
        ParallelLoopResult result = Parallel.For(0, Schedules, (number, loop) =>
        {
            if (ModelFailure.Of(ModelSchedule.Of(unchecked(seed + number))) is not null)
            {
                loop.Break();
            }
        });
        if (result.LowestBreakIteration is { } first)
        {
            seed = unchecked(seed + (int)first);
            Assert.Fail($"SCHEMAGATE_TEST_SEED={seed}: {ModelFailure.Tell(ModelSchedule.Of(seed))}");
        }
    }
}
