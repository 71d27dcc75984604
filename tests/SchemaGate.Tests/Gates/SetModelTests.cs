using SchemaGate.Tests.Gates.Model;
using SchemaGate.Tests.Gates.SetModel;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// Random schedules in a model of the controllers of StatefulSets and DaemonSets, the API server with SchemaGate's admission, and its
/// leader. <c>SCHEMAGATE_TEST_SEED</c> repeats the schedules that begin with a seed. It keeps all cores busy for long, so nothing runs
/// beside it that measures time.
/// </summary>
[Collection(Alone.Name)]
public sealed class SetModelTests(ITestOutputHelper output)
{
    private const int Schedules = 50_000;

    [Fact]
    public void Whatever_happens_a_set_keeps_its_promises() => ModelFailure.Seek(output, Schedules, SetSchedule.Of);
}
