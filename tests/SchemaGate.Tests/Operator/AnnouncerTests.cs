using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What the events of a gate say of the people who decided something.</summary>
public sealed class AnnouncerTests : IAsyncLifetime
{
    private static readonly PlanStatus s_plan = new()
    {
        Hash = "0123456789abcdef0123456789abcdef",
        Approval = new() { By = "alice", At = DateTime.UnixEpoch },
    };

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<JsonNode> told = new();
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private Announcer announcer = null!;
    private Task recording = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.List(TellAsync).List(TellAsync);
        client = server.Client();
        EventRecorder events = new(client, "schemagate.dev/tests", "tests-1", _ => { }, TimeProvider.System);
        announcer = new(events, NullLogger<Announcer>.Instance);
        recording = events.RunAsync(ending.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await recording;
        client.Dispose();
        await server.DisposeAsync();
        ending.Dispose();
    }

    [Fact]
    public async Task Who_approved_which_plan_is_told_once()
    {
        announcer.Claims(Gate(null), new() { Plan = s_plan });
        announcer.Claims(Gate(new() { Plan = s_plan }), new() { Plan = s_plan with { Risk = "High" } });
        await ToldAsync("Approved", "Normal", "alice approved the plan 0123456789ab.");
    }

    [Fact]
    public async Task Who_opened_the_gate_for_what_why_and_until_when_is_a_warning()
    {
        announcer.Claims(
            Gate(null),
            new() { Override = new() { Requires = "shop:2", By = "bob", Reason = "INC-1", Until = DateTime.UnixEpoch } });
        await ToldAsync("Overridden", "Warning", "bob opened the gate for shop:2 until 1970-01-01 00:00:00Z, whatever closes it: INC-1");
    }

    [Fact]
    public async Task A_change_that_was_refused_is_told_once_it_is_judged()
    {
        AskedStatus asked = new() { Requires = "shop:2", By = "daemonset/agent", At = DateTime.UnixEpoch };
        AskedStatus judged = asked with { Reason = "MigrationsPending", Message = "m2 is not applied." };
        announcer.Refusals(Gate(null), new() { Asked = [asked] });
        announcer.Refusals(Gate(new() { Asked = [judged] }), new() { Asked = [judged] });
        announcer.Refusals(Gate(new() { Asked = [asked] }), new() { Asked = [judged] });
        await ToldAsync("Refused", "Warning", "A change of daemonset/agent to shop:2 was refused: MigrationsPending: m2 is not applied.");
    }

    [Theory]
    [InlineData(null, "RehearsalStarted", "Normal", "The Job j rehearses the pending migrations in a scratch database.")]
    [InlineData(RehearsalResult.Passed, "RehearsalPassed", "Normal", "Both ran. Nothing breaks.")]
    [InlineData(RehearsalResult.Failed, "RehearsalFailed", "Warning", "Both ran. Nothing breaks.")]
    [InlineData(RehearsalResult.Unavailable, "RehearsalUnavailable", "Warning", "Both ran. Nothing breaks.")]
    [InlineData(RehearsalResult.Canceled, "RehearsalCanceled", "Normal", "The Job j is not needed any more: nothing is pending.")]
    public async Task How_a_rehearsal_ended_is_told_once(RehearsalResult? result, string reason, string type, string note)
    {
        RehearsalRecord began = new("j", "p", 1, 0);
        RehearsalRecord now = began with { Result = result };
        announcer.Rehearsal(Gate(null), result is null ? null : began, Rehearsed(now));
        announcer.Rehearsal(Gate(null), now, Rehearsed(now));
        announcer.Rehearsal(Gate(null), now, Rehearsed(null));
        await ToldAsync(reason, type, note);
    }

    [Theory]
    [InlineData("BeforeRun", "What the Job j found counts no more: nothing is pending.")]
    [InlineData("Never", "What the Job j found counts no more: spec.rehearsal asks for none.")]
    [InlineData(null, "What the Job j found counts no more: spec.rehearsal asks for none.")]
    public async Task What_had_ended_and_counts_no_more_says_why(string? mode, string note)
    {
        RehearsalRecord ended = new("j", "p", 1, 0) { Result = RehearsalResult.Passed };
        announcer.Rehearsal(Gate(null, mode), ended, Rehearsed(ended with { Result = RehearsalResult.Canceled }));
        await ToldAsync("RehearsalCanceled", "Normal", note);
    }

    private static Decision Rehearsed(RehearsalRecord? record) => new(
        Verdict.Blocked, "r", "m",
        [
            Said(GateConditions.Rehearsed, "Both ran."), Said(GateConditions.RunningCodeSurvives, "Nothing breaks."),
            Said(GateConditions.Ready, "Something else."),
        ], null, null, [], TimeSpan.Zero)
    {
        Rehearsal = record,
    };

    private static GateCondition Said(string type, string message) =>
        new(type, ConditionStatus.True, Reasons.AsExpected, message, DateTimeOffset.UnixEpoch);

    private static SchemaGateResource Gate(SchemaGateStatus? status, string? mode = "BeforeRun") => new()
    {
        Metadata = new() { Name = "shop", NamespaceProperty = "shop", Uid = "u-1" },
        Spec = new() { Rehearsal = new() { Mode = mode } },
        Status = status,
    };

    /// <summary>That, and nothing else: what was cut off by the end is sent again, under the name that it had.</summary>
    private async Task ToldAsync(string reason, string type, string note)
    {
        await ending.CancelAsync();
        await recording;
        JsonNode only = Assert.Single(told.DistinctBy(one => (string?)one["metadata"]!["name"], StringComparer.Ordinal));
        Assert.Equal((reason, type, note), ((string?)only["reason"], (string?)only["type"], (string?)only["note"]));
        Assert.Equal("u-1", (string?)only["regarding"]!["uid"]);
    }

    private async Task TellAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        told.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!);
        await FakeApiServer.Text(201, """{"metadata":{"name":"e"}}""")(context);
    }
}
