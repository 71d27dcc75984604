using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator;
using SchemaGate.Telemetry;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What the operator counts and times of what it does. The counters are the process's, so nothing runs beside it.</summary>
[Collection(Alone.Name)]
public sealed class CountedTests : IDisposable
{
    private readonly ConcurrentQueue<string> counted = new();
    private readonly MeterListener listener = new();

    public CountedTests()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == Instruments.Name)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, $" {value}", tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(instrument, "", tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task A_look_at_a_gate_says_which_witnesses_it_read_and_what_the_gate_became()
    {
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync([(gate, "127.0.0.1:1/x:1", "postgresql://u:p@127.0.0.1:1/d")]);
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => counted.Any(line => line.StartsWith(Metrics.Transitions.Name, StringComparison.Ordinal)));
        Assert.Contains(
            "schemagate.evidence.duration changelog Unreachable RegistryUnreachable", counted, StringComparer.Ordinal);
        Assert.Contains("schemagate.evidence.duration database Unreachable DatabaseUnreachable", counted, StringComparer.Ordinal);
        Assert.Contains("schemagate.gate.transitions Unknown RegistryUnreachable 1", counted, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("{}", "Failed")]
    [InlineData(Changed, "Allowed")]
    public async Task An_answer_to_the_API_server_says_what_it_was_and_to_which_webhook(string review, string result)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        using StringContent body = new(review, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(
            new Uri($"/admission/{VerdictServer.Secret}/claims", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal([$"schemagate.admission.duration claims {result}"], counted, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_stranger_at_the_admission_port_is_not_counted()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        using StringContent body = new(Changed);
        using HttpResponseMessage answer = await client.PostAsync(
            new Uri($"/admission/{new string('6', 64)}/claims", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Empty(counted);
    }

    [Fact]
    public async Task What_people_decide_what_is_released_and_how_runs_end_is_counted_once()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        using KubernetesClient client = server.Client();
        Announcer announcer = new(
            new EventRecorder(client, "schemagate.dev/tests", "t", _ => { }, TimeProvider.System), NullLogger<Announcer>.Instance);
        SchemaGateStatus status = new()
        {
            Plan = new() { Hash = "0123456789abcdef", Approval = new() { By = "alice", At = DateTime.UnixEpoch } },
            Loosened = new() { By = "bob", What = "w" },
            Override = new() { By = "eve", Requires = "x:1", Reason = "r", Until = DateTime.UnixEpoch },
            Released = [new() { Requirement = "x:1", Reason = Reasons.Satisfied }, new() { Requirement = "x:2", Reason = Reasons.Adopted }],
        };
        foreach (SchemaGateStatus? before in (SchemaGateStatus?[])[null, status])
        {
            SchemaGateResource gate = new() { Metadata = new() { Name = "g", NamespaceProperty = "n" }, Status = before };
            announcer.Claims(gate, status);
            Announcer.Releases(gate, status);
        }

        RunRecord began = new("j", "0123456789abcdef", "s", 1, 0) { StartedAt = DateTimeOffset.UnixEpoch };
        RunRecord failed = began with
        {
            Result = RunResult.Failed,
            FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(7),
            Error = new(FailureClass.Permanent, "k", "m"),
        };
        foreach ((RunRecord? before, RunRecord now) in (IEnumerable<(RunRecord?, RunRecord)>)
            [(null, began), (began, began), (began, failed), (failed, failed)])
        {
            announcer.Run(new(), before, Decided(now));
        }

        RehearsalRecord rehearsed = new("r", "p", 1, 0) { StartedAt = DateTimeOffset.UnixEpoch };
        RehearsalRecord passed = rehearsed with { Result = RehearsalResult.Passed, FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(7) };
        foreach ((RehearsalRecord? before, RehearsalRecord now) in (IEnumerable<(RehearsalRecord?, RehearsalRecord)>)
            [
                (null, rehearsed), (rehearsed, passed), (passed, passed),
                // It had ended; and one whose Job was never there.
                (passed, passed with { Result = RehearsalResult.Canceled }),
                (new("n", "p", 2, 0), new("n", "p", 2, 0) { Result = RehearsalResult.Canceled, FinishedAt = DateTimeOffset.UnixEpoch }),
            ])
        {
            announcer.Rehearsal(new(), before, Decided(began) with { Rehearsal = now });
        }

        Assert.Equal(
            [
                "schemagate.approvals 1", "schemagate.loosenings 1", "schemagate.overrides 1", "schemagate.releases Satisfied 1",
                "schemagate.releases Adopted 1", "schemagate.runs.started 1", "schemagate.run.duration Failed Permanent",
                "schemagate.rehearsal.duration Passed",
            ],
            counted, StringComparer.Ordinal);
    }

    private const string Changed = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"r","operation":"UPDATE",
         "kind":{"group":"schemagate.dev","version":"v1alpha1","kind":"SchemaGate"},
         "resource":{"group":"schemagate.dev","version":"v1alpha1","resource":"schemagates"},
         "name":"shop","namespace":"shop","userInfo":{"username":"admin"},
         "object":{"metadata":{"name":"shop","namespace":"shop","uid":"g"},"spec":{} },
         "oldObject":{"metadata":{"name":"shop","namespace":"shop","uid":"g"},"spec":{} } } }
        """;

    private static Decision Decided(RunRecord run) => new(Verdict.Blocked, "r", "m", [], null, null, [], TimeSpan.Zero) { Run = run };

    private void Take(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder line = new(instrument.Name);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            line.Append(' ').Append(tag.Value);
        }

        counted.Enqueue(line.Append(value).ToString());
    }
}
