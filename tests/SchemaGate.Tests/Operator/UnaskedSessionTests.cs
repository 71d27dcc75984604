using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Tests.Gates;
using SchemaGate.Tests.Kubernetes;
using static SchemaGate.Tests.Gates.GivenRehearsals;
using static SchemaGate.Tests.Gates.GivenRuns;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>When nobody reads the sessions of older code.</summary>
public sealed class UnaskedSessionTests
{
    [Fact]
    public async Task While_a_migration_is_applied_nobody_asks_and_what_has_ended_meanwhile_is_not_taken_for_free_of_sessions()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        using KubernetesClient client = server.Client();
        using ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
        using DatabaseEvidence databases = new(allowLocalFiles: true, TimeProvider.System);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        SecretWatch secrets = new(client, (_, _) => { }, TimeProvider.System, cancellation);
        GateEvidence evidence = new(secrets, images, databases, new(new byte[32]), TimeProvider.System);
        SchemaGateResource gate = new() { Metadata = new() { Name = "shop", NamespaceProperty = "shop", Uid = "u-1" } };
        GateInput breaking = Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = [] };
        RunRecord run = Started(Decide(breaking));
        GateInput input = breaking with { Run = breaking.Run! with { Record = run, Job = GivenRuns.Ended(run, Wrong) } };
        // Without a name there is nothing to know.
        Assert.Null((await evidence.WithSessionsAsync(gate, input, [], cancellation)).Sessions);
        input = await evidence.WithSessionsAsync(gate, input, [new("shop-0", "registry.test/shop/schema:0")], cancellation)
            .WaitAsync(TimeSpan.FromSeconds(20), cancellation);
        Assert.IsType<Evidence<IReadOnlyList<OpenSessions>>.Unreachable>(input.Sessions!.Open);
        Assert.Contains(
            "A run has only just ended", Decide(input).Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }
}
