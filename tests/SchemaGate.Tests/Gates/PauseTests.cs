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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hold_pauses_and_its_end_gives_back_what_was_there(bool paused)
    {
        Workload owned = New with { Paused = paused };
        Workload held = owned.Written(Pause.For(s_held, owned, null, Given.Now));
        Assert.True(held.Paused);
        Assert.Equal(new Pause(paused, null), Pause.For(s_pass, held, held, Given.Now));
        Assert.Equal(new Pause(paused, null), Pause.For(s_pass, held, null, Given.Now));
    }

    [Fact]
    public void A_pause_asked_by_annotation_during_the_hold_is_the_owner_s()
    {
        Workload held = New.Written(Pause.For(s_held, New, null, Given.Now));
        Assert.True(Pause.For(s_pass, held with { PauseAsked = true }, held, Given.Now).Paused);
    }

    [Fact]
    public void A_resume_during_the_hold_stays_paused_and_is_remembered()
    {
        Workload owned = New with { Paused = true };
        Workload held = owned.Written(Pause.For(s_held, owned, null, Given.Now));
        Workload resumed = held.Written(Pause.For(s_held, held with { Paused = false }, held, Given.Now));
        Assert.True(resumed.Paused);
        Assert.False(Pause.For(s_pass, resumed, resumed, Given.Now).Paused);
    }

    [Fact]
    public void A_write_that_leaves_out_the_note_does_not_take_the_hold_for_the_owner_s_pause()
    {
        Workload held = New.Written(Pause.For(s_held, New, null, Given.Now));
        Assert.Equal(new Pause(false, null), Pause.For(s_pass, held with { Hold = null }, held, Given.Now));
        Assert.Equal(held.Hold, Pause.For(s_held, held with { Hold = null }, held, Given.Now.AddHours(1)).Hold);
    }

    [Fact]
    public void A_hold_that_goes_on_keeps_its_time_and_the_better_reason()
    {
        Workload held = New with { Paused = true, Hold = Noted() };
        Assert.Equal(Noted(), Pause.For(s_held, held, held, Given.Now).Hold);
        HoldOutcome other = Held(Reasons.MigrationFailed, "m2 failed.");
        Assert.Equal(
            Noted() with { Reason = Reasons.MigrationFailed, Message = "shop: m2 failed." },
            Pause.For(other, held, held, Given.Now).Hold);
    }

    [Fact]
    public void A_new_template_in_a_hold_begins_a_hold_of_its_own()
    {
        Workload held = New with { Paused = true, Hold = Noted(template: "t0") };
        Assert.Equal(
            new Hold(false, "t1", Given.Now, Reasons.AwaitingDecision, "shop: Not judged yet."),
            Pause.For(s_held, held, held, Given.Now).Hold);
    }

    [Fact]
    public void Without_a_hold_nothing_is_touched() => Check.One(s_config, Prop.ForAll(Workloads().ToArbitrary(), workload =>
        workload.Hold is not null || Pause.For(s_pass, workload, null, Given.Now) == new Pause(workload.Paused, null)));

    [Fact]
    public void A_pause_applied_to_its_own_result_changes_nothing() => Check.One(s_config, Prop.ForAll(
        Workloads().Zip(Outcomes()).ToArbitrary(),
        pair =>
        {
            (Workload workload, HoldOutcome outcome) = pair;
            Pause once = Pause.For(outcome, workload, null, Given.Now);
            Workload written = workload.Written(once);
            DateTimeOffset later = Given.Now.AddHours(1);
            return Pause.For(outcome, written, null, later) == once && Pause.For(outcome, written, written, later) == once;
        }));

    [Fact]
    public void However_often_it_is_held_in_between_the_owner_gets_back_what_they_asked_for() => Check.One(s_config, Prop.ForAll(
        Gen.Elements(true, false).Zip(Gen.Elements("apply", "resume", "template", "look", "drop").ListOf()).ToArbitrary(),
        pair =>
        {
            (bool wish, IList<string> writes) = (pair.Item1, [.. pair.Item2]);
            Workload owned = New with { Paused = wish };
            Workload held = owned.Written(Pause.For(s_held, owned, null, Given.Now));
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
                held = written.Written(Pause.For(s_held, written, write == "look" ? null : held, Given.Now));
            }

            return held.Paused && Pause.For(s_pass, held, null, Given.Now) == new Pause(wish, null);
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
