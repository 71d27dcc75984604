using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

/// <summary>A StatefulSet's partition while it is held, and what becomes of a write to a set that is not released.</summary>
public sealed class PartitionTests
{
    private static readonly HoldOutcome s_pass = new HoldOutcome.Pass();
    private static readonly HoldOutcome s_held = new HoldOutcome.Held("shop", new HoldReason.AwaitingDecision(new("shop", "x:1")));
    private static readonly Workload s_set = New with { Brake = Brake.Partition };
    private static readonly Revision s_running = new("shop-0", "t0", New.Requires, Active: true, Record: null);
    private static readonly Revision s_idle = s_running with { Active = false };

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(3)]
    public void A_hold_raises_it_and_its_end_gives_back_what_was_written(int? written)
    {
        Workload owned = s_set with { Partition = written };
        Workload held = owned.Written(Pause.For(s_held, owned, null, needed: true, Given.Now));
        Assert.Equal(Pause.AboveAnyOrdinal, held.Partition);
        Assert.False(held.Paused);
        Assert.Equal(new Pause(false, null) { Partition = written }, Pause.For(s_pass, held, held, needed: true, Given.Now));
        // Whoever writes may leave the note out.
        Assert.Equal(written, Pause.For(s_pass, held with { Hold = null }, held, needed: true, Given.Now).Partition);
    }

    [Fact]
    public void Whatever_its_owner_writes_meanwhile_is_given_back_at_the_end() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Gen.Choose(-1, 4).Select(value => value < 0 ? (int?)null : value).ListOf().ToArbitrary(), wishes =>
        {
            Workload held = s_set.Written(Pause.For(s_held, s_set, null, needed: true, Given.Now));
            int? last = null;
            foreach (int? wish in wishes)
            {
                // Null stands for a write that leaves it as it stands.
                last = wish ?? last;
                Workload asked = held with { Partition = wish ?? held.Partition, Hold = wish % 2 == 0 ? null : held.Hold };
                held = asked.Written(Pause.For(s_held, asked, held, needed: true, Given.Now));
                if (held.Partition != Pause.AboveAnyOrdinal)
                {
                    return false;
                }
            }

            return Pause.For(s_pass, held, held, needed: false, Given.Now).Partition == last;
        }));

    [Fact]
    public void What_is_parted_stays_so_at_zero_replicas()
    {
        Workload held = s_set.Written(Pause.For(s_held, s_set, null, needed: true, Given.Now));
        Assert.True(PauseNeed.Of(held, [s_idle]));
        Assert.False(PauseNeed.Of(s_set, [s_idle]));
        Assert.True(PauseNeed.Of(s_set, [s_running]));
        Assert.False(PauseNeed.Of(s_set with { Brake = Brake.Refusal }, [s_running]));
        Assert.False(PauseNeed.IsStale(s_set with { Reported = new(1, 1, 1) }, []));
    }

    [Fact]
    public void A_first_revision_is_held_pod_by_pod()
    {
        Assert.Equal(HeldWrite.Pods, HeldWrites.Of(s_set, null, wasLetThrough: false, isRolling: false, []));
        // And one in place of a first one that waits itself.
        Workload first = s_set with { Template = "t0" };
        Assert.Equal(HeldWrite.Pods, HeldWrites.Of(s_set, first, wasLetThrough: false, isRolling: false, [s_idle]));
        Workload daemon = s_set with { Brake = Brake.Refusal };
        Assert.Equal(HeldWrite.Pods, HeldWrites.Of(daemon, daemon with { Template = "t0" }, false, false, [s_idle]));
    }

    [Theory]
    [InlineData(Brake.Partition, Brake.Partition, false, HeldWrite.Partition)]
    [InlineData(Brake.Partition, Brake.Partition, true, HeldWrite.Refused)]
    [InlineData(Brake.Refusal, Brake.Refusal, false, HeldWrite.Refused)]
    [InlineData(Brake.Partition, Brake.Refusal, false, HeldWrite.Refused)]
    [InlineData(Brake.Refusal, Brake.Partition, false, HeldWrite.Refused)]
    public void What_runs_is_kept_or_its_successor_is_refused(Brake was, Brake becomes, bool isRolling, HeldWrite expected)
    {
        Workload before = s_set with { Template = "t0", Brake = was };
        Assert.Equal(expected, HeldWrites.Of(s_set with { Brake = becomes }, before, false, isRolling, [s_running]));
        // At zero replicas, too: it was let through, and is to come back.
        Assert.Equal(expected, HeldWrites.Of(s_set with { Brake = becomes }, before, true, isRolling, [s_idle]));
    }

    [Fact]
    public void What_is_parted_goes_on_so_whatever_comes_and_is_not_switched_to_another_strategy()
    {
        Workload held = s_set.Written(Pause.For(s_held, s_set, null, needed: true, Given.Now));
        Assert.Equal(HeldWrite.Partition, HeldWrites.Of(held with { Template = "t2" }, held, false, isRolling: true, [s_idle]));
        Assert.Equal(HeldWrite.Partition, HeldWrites.Of(s_set, held, false, isRolling: true, [s_idle]));
        Assert.Equal(HeldWrite.Refused, HeldWrites.Of(held with { Brake = Brake.Refusal }, held, false, false, [s_idle]));
    }

    [Fact]
    public void What_stands_already_is_nobody_s_to_refuse_and_a_new_set_does_not_take_over_what_runs()
    {
        Workload daemon = s_set with { Brake = Brake.Refusal };
        Assert.Equal(HeldWrite.Pods, HeldWrites.Of(daemon, daemon, false, false, [s_running]));
        Assert.Equal(HeldWrite.Partition, HeldWrites.Of(s_set, s_set, false, isRolling: true, [s_running]));
        Assert.Equal(HeldWrite.Refused, HeldWrites.Of(s_set, null, false, false, [s_running]));
    }
}
