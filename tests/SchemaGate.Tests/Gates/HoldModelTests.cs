using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// Random schedules in a model of the Deployment controller, its pods, the API server with SchemaGate's admission, and its leader.
/// <c>SCHEMAGATE_TEST_SEED</c> repeats the schedules that begin with a seed. It keeps all cores busy for long, so nothing runs beside it
/// that measures time.
/// </summary>
[Collection(Alone.Name)]
public sealed class HoldModelTests(ITestOutputHelper output)
{
    private const int Schedules = 100_000;

    [Fact]
    public void Whatever_happens_a_hold_keeps_its_promises() => ModelFailure.Seek(output, Schedules, ModelSchedule.Of);
}
