using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

/// <summary>What a StatefulSet's status says of its rollout.</summary>
public sealed class SetProgressTests
{
    private static readonly SetProgress s_settled = new("v1", "v1", 3, 3, 3);

    [Theory]
    [InlineData("v2", 3, 0, false)]
    [InlineData("v2", 2, 1, true)]
    // A canary of an earlier revision is there still, and none of the newest yet.
    [InlineData("v2", 2, 0, true)]
    [InlineData("v1", 2, 2, false)]
    public void It_is_rolling_where_a_pod_would_come_back_as_another_revision(string update, int current, int updated, bool expected) =>
        Assert.Equal(expected, (s_settled with { Update = update, CurrentReplicas = current, UpdatedReplicas = updated }).IsRolling);

    [Fact]
    public void A_pod_that_waits_is_superseded_only_where_another_would_be_made()
    {
        SetProgress progress = s_settled with { Update = "v2" };
        // A partition, the owner's or SchemaGate's, keeps the current revision below it.
        Assert.False(progress.Supersedes("v1", isNewest: false, ordinal: 1, partition: 2));
        Assert.True(progress.Supersedes("v2", isNewest: true, ordinal: 1, partition: 2));
        Assert.True(progress.Supersedes("v1", isNewest: false, ordinal: 2, partition: 2));
        Assert.False(progress.Supersedes("v2", isNewest: true, ordinal: 2, partition: 2));
        // A DaemonSet has no partition, and its status names nothing; a new StatefulSet's not yet.
        SetProgress unknown = new(null, null, 0, 0, 0);
        Assert.True(unknown.Supersedes("v1", isNewest: false, ordinal: 0, partition: null));
        Assert.False(unknown.Supersedes("v1", isNewest: true, ordinal: 0, partition: 1));
    }

    [Fact]
    public void A_revision_that_is_named_twice_has_its_pods_once()
    {
        Assert.Equal(3, s_settled.PodsOf("v1"));
        Assert.Equal(0, s_settled.PodsOf("v2"));
        Assert.True(s_settled.Names("v1"));
        Assert.False(s_settled.Names("v2"));
    }

    [Fact]
    public void What_was_let_through_once_was_so_in_whatever_database()
    {
        Workload released = GivenWorkload.New with { Record = GivenWorkload.Record(identity: "another") };
        Assert.True(released.WasLetThrough);
        Assert.IsType<HoldOutcome.Held>(HoldDecision.Decide(released, [], GivenWorkload.Known(GivenWorkload.Shop)));
        Assert.False((released with { Requires = $"{released.Requires},billing=x:1" }).WasLetThrough);
        Assert.False(GivenWorkload.New.WasLetThrough);
    }
}
