using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>What is asked of a gate changes while it runs its migrations, or after a run has failed.</summary>
public sealed class RunChangeTests
{
    [Fact]
    public void Another_history_another_image_or_a_person_s_word_starts_it_again()
    {
        RunRecord failed = Failed(Wrong).Run!;
        GateInput resolved = Input(Image(Ms(1, 3)), State(Row(M(1)), Row(M(2), HistoryRowState.RolledBack))).AsJob();
        GateInput mended = Input(Image(Ms(1, 3), digest: Digest.Replace('1', '2')), Applied(Ms(1, 1))).AsJob();
        foreach (GateInput input in (GateInput[])[
            resolved.Having(failed), mended.Having(failed), Running(3, 1) with { Run = GivenRuns.Evidence(failed) with { Retry = "now" } },
        ])
        {
            RunRecord record = Started(Decide(input));
            Assert.Equal((2, 0), (record.Attempt, record.Failures));
        }
    }

    [Fact]
    public void Another_image_ends_the_run_and_starts_its_own()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        GateInput newer = Input(Image(Ms(1, 4), digest: Digest.Replace('1', '2')), Applied(Ms(1, 1))).AsJob();
        Decision decision = Decide(newer.Having(record, Active(record)));
        Assert.Equal(record.Job, Assert.IsType<RunAction.Cancel>(decision.Action).Job);
        Assert.Equal(RunResult.Canceled, decision.Run!.Result);
        Assert.Equal(2, Started(Decide(newer.Having(decision.Run))).Attempt);
    }

    [Fact]
    public void Another_image_that_cannot_be_read_yet_ends_the_run_too_and_one_that_is_away_does_not()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        GateInput away = Running(3, 1).RegistryOut().Having(record, Active(record));
        Assert.Equal((null, true), (Decide(away).Action, Decide(away).Run!.IsActive));
        GateInput another = away.With(
            (GateSpec spec) => spec with { Changelog = spec.Changelog with { Image = "registry.test/shop:not-pushed" } });
        Assert.Equal(record.Job, Assert.IsType<RunAction.Cancel>(Decide(another).Action).Job);
    }

    [Fact]
    public void A_tag_that_means_the_same_image_ends_nothing_not_even_while_nobody_can_read_it()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        static GateSpec Tagged(GateSpec spec) => spec with { Changelog = spec.Changelog with { Image = "registry.test/shop:same" } };
        Decision tagged = Decide(Running(3, 1).With((GateSpec spec) => Tagged(spec)).Having(record, Active(record)));
        Assert.Null(tagged.Action);
        Assert.Null(Decide(Running(3, 1).With((GateSpec spec) => Tagged(spec)).RegistryOut().Having(tagged.Run, Active(record))).Action);
    }

    [Fact]
    public void A_run_that_ended_is_not_held_against_another_image()
    {
        RunRecord record = Started(Decide(Running(3, 1))) with { StartedAt = Now };
        GateInput newer = Input(Image(Ms(1, 4), digest: Digest.Replace('1', '2')), Applied(Ms(1, 3))).AsJob();
        Assert.Equal(RunResult.Canceled, Decide(newer.Having(record, Ended(record, null))).Run!.Result);
        GateInput older = Input(Image(Ms(1, 1), digest: Digest.Replace('1', '2')), Applied(Ms(1, 1))).AsJob();
        Assert.Equal(RunResult.Canceled, Decide(older.Having(record, Ended(record, Wrong))).Run!.Result);
    }

    [Fact]
    public void Other_settings_start_it_again()
    {
        static GateInput Settings(GateInput input, string hash) =>
            input.With((GateSpec spec) => spec with { Migrate = spec.Migrate with { Fingerprint = hash } });
        RunRecord record = Started(Decide(Settings(Running(3, 1), "a")));
        RunRecord failed = Decide(Settings(Running(3, 1), "a").Having(record, Ended(record, Wrong))).Run!;
        Assert.Null(Decide(Settings(Running(3, 1), "a").Having(failed)).Action);
        Assert.Equal((2, 0), (Started(Decide(Settings(Running(3, 1), "b").Having(failed))).Attempt, Started(
            Decide(Settings(Running(3, 1), "b").Having(failed))).Failures));
        // A status from before settings were noted.
        Assert.Null(Decide(Settings(Running(3, 1), "b").Having(failed with { Settings = null })).Action);
    }
}
