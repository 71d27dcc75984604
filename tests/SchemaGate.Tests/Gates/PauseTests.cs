using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class PauseTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000);
    private static readonly HoldOutcome s_pass = new HoldOutcome.Pass();
    private static readonly HoldOutcome s_held = Held(Reasons.AwaitingDecision, "Not judged yet.");

    [Fact]
    public void A_hold_never_begins_in_the_future_whatever_a_client_notes()
    {
        Workload written = New with { Hold = new(null, "t1", Given.Now.AddYears(9), Reasons.MigrationsPending, "words") };
        Assert.Equal("t1", written.Template);
        Assert.Equal(Given.Now, Pause.For(s_held, written, null, needed: false, Given.Now).Hold!.Since);
        Assert.Equal(Given.Now, Pause.For(s_held, written, written, needed: true, Given.Now).Hold!.Since);
        Workload earlier = written with { Hold = written.Hold with { Since = Given.Now.AddDays(-1) } };
        Assert.Equal(Given.Now.AddDays(-1), Pause.For(s_held, earlier, null, needed: false, Given.Now).Hold!.Since);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hold_pauses_and_its_end_gives_back_what_was_there(bool paused)
    {
        Workload owned = New with { Paused = paused };
        Workload held = owned.Written(Pause.For(s_held, owned, null, needed: true, Given.Now));
        Assert.True(held.Paused);
        Assert.Equal(new Pause(paused, null), Pause.For(s_pass, held, held, needed: true, Given.Now));
        Assert.Equal(new Pause(paused, null), Pause.For(s_pass, held, null, needed: true, Given.Now));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(null, null)]
    public void What_runs_keeps_its_ReplicaSet_at_zero_replicas_while_another_is_held(int? limit, int? held)
    {
        Workload owned = New with { HistoryLimit = limit };
        Pause pause = Pause.For(s_held, owned, null, needed: false, Given.Now);
        Assert.Equal((false, held, limit == 0 ? limit : null), (pause.Paused, pause.HistoryLimit, pause.Hold!.HistoryLimit));
        Workload written = owned.Written(pause);
        // Written again, and judged again, it is the same; and its owner may send his own again.
        Assert.Equal(pause, Pause.For(s_held, written, written, needed: false, Given.Now));
        Assert.Equal(pause, Pause.For(s_held, written with { HistoryLimit = limit }, written, needed: false, Given.Now));
        Assert.Equal(limit, Pause.For(s_pass, written, written, needed: false, Given.Now).HistoryLimit);
        Assert.Equal(7, Pause.For(s_pass, written with { HistoryLimit = 7 }, written, needed: false, Given.Now).HistoryLimit);
    }

    [Theory]
    [InlineData(Brake.Birth)]
    [InlineData(Brake.Partition)]
    public void Where_the_pods_are_held_nothing_is_paused_and_what_was_is_given_back(Brake brake)
    {
        Workload owned = New with { Brake = brake, HoldsPods = true };
        Workload held = owned.Written(Pause.For(s_held, owned, null, needed: true, Given.Now));
        Assert.True(held is { Paused: true } or { Partition: Pause.AboveAnyOrdinal });

        Pause pods = Pause.For(s_held switch
        {
            HoldOutcome.Held whole => whole with { By = Enforcement.Pods },
            _ => s_held,
        }, held, held, needed: true, Given.Now);
        Assert.Equal((false, null, null, null), (pods.Paused, pods.Partition, pods.Hold!.Paused, pods.Hold.Partition));
    }

    [Fact]
    public void A_pause_asked_by_annotation_during_the_hold_is_the_owner_s()
    {
        Workload held = New.Written(Pause.For(s_held, New, null, needed: true, Given.Now));
        Assert.True(Pause.For(s_pass, held with { PauseAsked = true }, held, needed: true, Given.Now).Paused);
    }

    [Fact]
    public void A_resume_during_the_hold_stays_paused_and_is_remembered()
    {
        Workload owned = New with { Paused = true };
        Workload held = owned.Written(Pause.For(s_held, owned, null, needed: true, Given.Now));
        Workload resumed = held.Written(Pause.For(s_held, held with { Paused = false }, held, needed: true, Given.Now));
        Assert.True(resumed.Paused);
        Assert.False(Pause.For(s_pass, resumed, resumed, needed: true, Given.Now).Paused);
    }

    [Fact]
    public void A_write_that_leaves_out_the_note_does_not_take_the_hold_for_the_owner_s_pause()
    {
        Workload held = New.Written(Pause.For(s_held, New, null, needed: true, Given.Now));
        Assert.Equal(new Pause(false, null), Pause.For(s_pass, held with { Hold = null }, held, needed: true, Given.Now));
        Assert.Equal(held.Hold, Pause.For(s_held, held with { Hold = null }, held, needed: true, Given.Now.AddHours(1)).Hold);
    }

    [Fact]
    public void A_hold_that_goes_on_keeps_its_time_and_the_better_reason()
    {
        Workload held = New with { Paused = true, Hold = Noted() };
        Assert.Equal(Noted(), Pause.For(s_held, held, held, needed: true, Given.Now).Hold);
        HoldOutcome other = Held(Reasons.MigrationFailed, "m2 failed.");
        Assert.Equal(
            Noted() with { Reason = Reasons.MigrationFailed, Message = "shop: m2 failed." },
            Pause.For(other, held, held, needed: true, Given.Now).Hold);
    }

    [Fact]
    public void A_new_template_in_a_hold_begins_a_hold_of_its_own()
    {
        Workload held = New with { Paused = true, Hold = Noted(template: "t0") };
        Assert.Equal(
            new Hold(false, "t1", Given.Now, Reasons.AwaitingDecision, "shop: Not judged yet."),
            Pause.For(s_held, held, held, needed: true, Given.Now).Hold);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hold_that_needs_no_pause_leaves_the_owner_s_alone(bool paused)
    {
        Workload owned = New with { Paused = paused };
        Pause held = Pause.For(s_held, owned, null, needed: false, Given.Now);
        Assert.Equal((paused, null), (held.Paused, held.Hold!.Paused));
        Workload resumed = owned.Written(held) with { Paused = !paused };
        Assert.Equal(!paused, Pause.For(s_held, resumed, owned.Written(held), needed: false, Given.Now).Paused);
        Assert.Equal(new Pause(!paused, null), Pause.For(s_pass, resumed, resumed, needed: false, Given.Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pause_that_is_needed_no_more_ends_within_the_hold(bool paused)
    {
        Workload held = New with { Paused = true, Hold = Noted(paused) };
        Pause resumed = Pause.For(s_held, held, null, needed: false, Given.Now);
        Assert.Equal(new Pause(paused, Noted(null)), resumed);
        // And admission, asked about that very write, says the same.
        Assert.Equal(resumed, Pause.For(s_held, held.Written(resumed), held, needed: false, Given.Now));
    }

    [Fact]
    public void A_pause_that_begins_within_a_hold_is_not_taken_for_the_owner_s()
    {
        Workload held = New with { Hold = Noted(null) };
        Pause pause = Pause.For(s_held, held, null, needed: true, Given.Now);
        Assert.Equal(new Pause(true, Noted(false)), pause);
        Assert.Equal(pause, Pause.For(s_held, held.Written(pause), held, needed: true, Given.Now));
    }

    [Fact]
    public void Without_a_hold_nothing_is_touched() => Check.One(s_config, Prop.ForAll(Workloads().ToArbitrary(), workload =>
        workload.Hold is not null || Pause.For(s_pass, workload, null, needed: true, Given.Now) == new Pause(workload.Paused, null)));

    [Fact]
    public void A_pause_applied_to_its_own_result_changes_nothing() => Check.One(s_config, Prop.ForAll(
        Workloads().Zip(Outcomes()).ToArbitrary(),
        pair =>
        {
            (Workload workload, HoldOutcome outcome) = pair;
            Pause once = Pause.For(outcome, workload, null, needed: true, Given.Now);
            Workload written = workload.Written(once);
            DateTimeOffset later = Given.Now.AddHours(1);
            return Pause.For(outcome, written, null, needed: true, later) == once
                && Pause.For(outcome, written, written, needed: true, later) == once;
        }));

    [Fact]
    public void However_often_it_is_held_in_between_the_owner_gets_back_what_they_asked_for() => Check.One(s_config, Prop.ForAll(
        Gen.Elements(true, false).Zip(Gen.Elements("apply", "resume", "template", "look", "drop", "needless").ListOf()).ToArbitrary(),
        pair =>
        {
            (bool wish, IList<string> writes) = (pair.Item1, [.. pair.Item2]);
            Workload owned = New with { Paused = wish };
            Workload held = owned.Written(Pause.For(s_held, owned, null, needed: true, Given.Now));
            foreach (string write in writes)
            {
                wish = wish && write != "resume";
                Workload written = write switch
                {
                    "resume" => held with { Paused = false },
                    "template" => held with { Template = held.Template + "x" },
                    "drop" => held with { Hold = null },
                    _ => held,
                };
                held = written.Written(Pause.For(s_held, written, write == "look" ? null : held, needed: true, Given.Now));
                if (write == "needless")
                {
                    Workload free = held.Written(Pause.For(s_held, held, null, needed: false, Given.Now));
                    held = free.Written(Pause.For(s_held, free, held, needed: true, Given.Now));
                }
            }

            return held.Paused && Pause.For(s_pass, held, null, needed: true, Given.Now) == new Pause(wish, null);
        }));

    private static Gen<Workload> Workloads() =>
        from paused in Gen.Elements(true, false)
        from asked in Gen.Elements(true, false)
        from hold in Gen.Elements(null, Noted(), Noted(paused: true), Noted(template: "t0"), Noted(paused: true, template: "t0"))
        select New with { Paused = paused, PauseAsked = asked, Hold = hold };

    private static HoldOutcome Held(string reason, string cause) =>
        new HoldOutcome.Held("shop", new HoldReason.Closed("shop", new GateReason.Unread(reason, cause)));

    private static Gen<HoldOutcome> Outcomes() => Gen.Elements(
        s_pass, s_held, Held(Reasons.MigrationsPending, "words"), Held(Reasons.DatabaseChanged, "words"),
        new HoldOutcome.Held(Gate: null, new HoldReason.RequirementInvalid("words")));
}
