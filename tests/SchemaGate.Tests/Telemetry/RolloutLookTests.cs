using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Core.Gates;
using SchemaGate.Operator;
using SchemaGate.Telemetry;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Tests.Telemetry;

/// <summary>Which trace the looks at a gate are in while a rollout waits for a night.</summary>
[Collection(Alone.Name)]
public sealed class RolloutLookTests
{
    private const string Trace = "11111111111111111111111111111111";

    [Fact]
    public async Task After_a_hundred_looks_a_rollout_s_trace_grows_no_more_and_the_others_are_linked_to_it()
    {
        await using TracedCluster cluster = await TracedCluster.StartAsync(NullLoggerFactory.Instance);
        JsonObject held = cluster.Stored["deployments"] = Stored.Deployment(1, Stored.Hold(paused: null));
        held["metadata"]!["annotations"]![Names.Traceparent] = $"00-{Trace}-2222222222222222-01";
        List<Activity> looks = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Activities.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = looks.Add,
        };
        ActivitySource.AddActivityListener(listener);

        await cluster.LookAsync(RolloutLooks.Most + 5);

        Assert.Equal(
            (RolloutLooks.Most, 5),
            (looks.Count(look => look.TraceId.ToHexString() == Trace), looks.Count(look => look.TraceId.ToHexString() != Trace)));
        Assert.All(looks[^5..], look => Assert.Equal(Trace, Assert.Single(look.Links).Context.TraceId.ToHexString()));
    }
}
