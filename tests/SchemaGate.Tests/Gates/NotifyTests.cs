using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Notifying;

namespace SchemaGate.Tests.Gates;

/// <summary>What a gate's receiver is owed, and when it is sent again.</summary>
public sealed class NotifyTests
{
    private const string Uid = "5f0c";

    private static readonly NotifySettings s_settings = new("https://hooks.test/a", null, new("hook", "keys"));

    [Fact]
    public void A_gate_that_opens_owes_the_set_with_everything_that_was_applied()
    {
        Notice owed = Owed(Input(3, 3));
        Assert.Equal((Given.Reference, Given.Digest, Given.Identity.ToString(), Given.M(3), Given.Now), (
            owed.Image, owed.Digest, owed.Identity, owed.Through, owed.At));
        Assert.Equal(Given.Ms(1, 3), owed.Migrations.Select(migration => migration.Name), StringComparer.Ordinal);
        Assert.Equal((3, Given.Now.AddDays(-1)), (owed.Count, owed.Migrations[0].At!.Value));
    }

    [Fact]
    public void The_same_gate_set_and_database_have_one_id_and_every_other_another()
    {
        GateInput input = Input(3, 3);
        string id = Owed(input).Id;
        Assert.Equal(id, Owed(input with { Now = input.Now.AddDays(1) }).Id);
        Assert.Distinct(
            [
                id,
                Owed(input with { Notify = input.Notify! with { Uid = "another" } }).Id,
                Owed(Told(Given.Image(Given.Ms(1, 3), digest: "sha256:2"), 3)).Id,
                Owed(input.With(spec => spec with { Through = Given.M(2) })).Id,
                Owed(input with
                {
                    Database = new Evidence<SchemaGate.Core.Databases.DatabaseState>.Found(
                        Given.Applied(Given.Ms(1, 3)) with { Identity = new("7302", "shop", "public") }),
                }).Id,
            ],
            StringComparer.Ordinal);
    }

    [Fact]
    public void Nothing_is_owed_while_the_gate_is_closed_suspended_or_open_only_from_before()
    {
        Assert.Null(Record(Input(3, 2)).Owed);
        Assert.Null(Record(Input(3, 3).With(spec => spec with { Suspend = true })).Owed);
        GateInput input = Input(3, 3);
        GateInput outage = input.After(GateDecision.Decide(input), TimeSpan.FromMinutes(1)).DatabaseOut();
        Decision decision = GateDecision.Decide(outage);
        Assert.Equal((Verdict.Open, null), (decision.Verdict, decision.Notify!.Owed));
    }

    [Fact]
    public void Who_tells_nobody_has_no_record_and_no_condition()
    {
        Decision decision = GateDecision.Decide(Input(3, 3).With(spec => spec with { Notify = null }));
        Assert.Null(decision.Notify);
        Assert.DoesNotContain(decision.Conditions, condition => condition.Type == GateConditions.Notified);
    }

    [Fact]
    public void What_was_taken_is_not_told_again_and_the_next_set_begins_where_it_ended()
    {
        NotifyRecord told = Record(Attempted(Input(2, 2), NotifyResult.Told));
        Assert.Null(told.Owed);
        Assert.Null(Record(Input(2, 2), told).Owed);

        GateInput next = Told(
            Given.Image(Given.Ms(1, 4), digest: "sha256:2"), 2, [Given.Row(Given.M(3)) with { FinishedAt = Given.Now }, New(4)]);
        Notice owed = Record(next, told).Owed!;
        Assert.Equal([Given.M(3), Given.M(4)], owed.Migrations.Select(migration => migration.Name), StringComparer.Ordinal);
        Assert.Null(Record(Input(2, 2), Record(Attempted(next, NotifyResult.Told, told))).Owed);
    }

    [Fact]
    public void Where_the_tool_keeps_no_time_the_order_of_the_set_says_what_is_new()
    {
        Core.Databases.HistoryRow[] rows = [.. Given.Ms(1, 3).Select(name =>
            Given.Row(name) with { StartedAt = DateTimeOffset.MinValue, FinishedAt = DateTimeOffset.MinValue })];
        NotifyRecord told = Record(Attempted(Told(Given.Image(Given.Ms(1, 2)), 0, rows[..2]), NotifyResult.Told));
        Notice owed = Record(Told(Given.Image(Given.Ms(1, 3), digest: "sha256:2"), 0, rows), told).Owed!;
        Assert.Equal([new(Given.M(3), null)], owed.Migrations);
    }

    [Fact]
    public void A_set_that_was_never_taken_is_said_by_the_next_one()
    {
        NotifyRecord failed = Record(Attempted(Input(2, 2), NotifyResult.Refused));
        NotifyRecord next = Record(Told(Given.Image(Given.Ms(1, 3), digest: "sha256:2"), 2, [New(3)]), failed);
        Assert.Equal(3, next.Owed!.Count);
        Assert.Equal((0, null), (next.Attempts, next.Failure));
    }

    [Fact]
    public void A_long_list_is_cut_and_counted()
    {
        Notice owed = Owed(Input(60, 60));
        Assert.Equal((Notice.MostMigrations, 60), (owed.Migrations.Count, owed.Count));
    }

    [Fact]
    public void What_fails_is_repeated_with_growing_pauses_of_at_most_an_hour_for_three_days()
    {
        GateInput input = Input(2, 2);
        NotifyRecord record = Record(input);
        DateTimeOffset now = Given.Now;
        List<TimeSpan> pauses = [];
        while (record.Failure is not { IsFinal: true })
        {
            Assert.True(record.IsDue(now));
            record = Record(input, record, new(record.Owed!.Id, NotifyResult.Failed, "It answers 500.", now));
            if (record.NextAttemptAt is { } next)
            {
                Assert.False(record.IsDue(now));
                pauses.Add(next - now);
                now = next;
            }
        }

        Assert.Equal([5, 10, 20, 40], pauses.Take(4).Select(pause => pause.TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(1), pauses[^1]);
        Assert.InRange(now - Given.Now, TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
        Assert.False(record.IsDue(now.AddYears(1)));
    }

    [Theory]
    [InlineData(60, 0, 60)]
    [InlineData(1, 0, 5)]
    [InlineData(1e9, 0, 3600)]
    [InlineData(-5, 1, 6)]
    public void A_receiver_may_ask_for_a_longer_pause_within_bounds(double asked, double chance, double pause)
    {
        GateInput input = Input(2, 2);
        NotifyRecord record = Record(input);
        NotifyAttempt attempt = new(record.Owed!.Id, NotifyResult.Failed, "It answers 429.", Given.Now, "r", TimeSpan.FromSeconds(asked));
        input = input with { Notify = new(Uid, record, attempt, chance) };
        Assert.Equal(pause, (GateDecision.Decide(input).Notify!.NextAttemptAt!.Value - Given.Now).TotalSeconds, 3);
    }

    [Theory]
    [InlineData(NotifyResult.Failed, Reasons.NotifyPending, 1)]
    [InlineData(NotifyResult.Refused, Reasons.NotifyFailed, 1)]
    [InlineData(NotifyResult.Unready, Reasons.NotifyFailed, 0)]
    public void What_cannot_be_told_is_a_condition_and_closes_nothing(NotifyResult result, string reason, int attempts)
    {
        Decision decision = GateDecision.Decide(Attempted(Input(2, 2), result));
        Assert.Equal((Verdict.Open, ConditionStatus.True), (decision.Verdict, decision.Condition(GateConditions.Ready).Status));
        GateCondition told = decision.Condition(GateConditions.Notified);
        Assert.Equal((ConditionStatus.False, reason, attempts), (told.Status, told.Reason, decision.Notify!.Attempts));
        Assert.Contains("It is no good.", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_told_is_a_condition_that_holds()
    {
        Assert.Equal(ConditionStatus.Unknown, GateDecision.Decide(Input(2, 2)).Condition(GateConditions.Notified).Status);
        GateCondition told = GateDecision.Decide(Attempted(Input(2, 2), NotifyResult.Told)).Condition(GateConditions.Notified);
        Assert.Equal((ConditionStatus.True, Reasons.Notified), (told.Status, told.Reason));
    }

    [Fact]
    public void The_gate_is_looked_at_again_when_the_next_attempt_is_due() =>
        Assert.Equal(TimeSpan.FromSeconds(5), GateDecision.Decide(Attempted(Input(2, 2), NotifyResult.Failed)).RecheckAfter);

    [Fact]
    public void A_set_that_comes_while_another_is_under_way_is_owed_after_that_s_end_and_begins_where_it_ended()
    {
        NotifyRecord first = Record(Input(2, 2));
        GateInput next = Told(Given.Image(Given.Ms(1, 3), digest: "sha256:2"), 2, [New(3)]);
        NotifyRecord sending = Record(next with { Notify = next.Notify! with { Record = first, IsUnderWay = true } });
        Assert.Same(first, sending);
        NotifyRecord told = Record(next, sending, new(first.Owed!.Id, NotifyResult.Told, "", Given.Now));
        Assert.Equal(first.Owed.Id, Assert.Single(told.Told).Id);
        Assert.Equal(Given.M(3), Assert.Single(told.Owed!.Migrations).Name);
    }

    [Fact]
    public void An_attempt_of_the_gate_that_had_this_name_before_counts_for_nothing()
    {
        GateInput input = Input(2, 2);
        NotifyRecord record = Record(input);
        Assert.Same(record, Record(input, record, new("another", NotifyResult.Told, "", Given.Now)));
    }

    [Fact]
    public void A_smaller_set_does_not_have_what_was_told_before_told_again()
    {
        NotifyRecord all = Record(Attempted(Told(Given.Image(Given.Ms(1, 3)), 2, [New(3)]), NotifyResult.Told));
        GateInput back = Told(Given.Image(Given.Ms(1, 2), digest: "sha256:2"), 2, [New(3)]);
        NotifyRecord smaller = Record(Attempted(back, NotifyResult.Told, all));
        Core.Databases.HistoryRow later = Given.Row(Given.M(4)) with { FinishedAt = Given.Now.AddHours(1) };
        NotifyRecord again = Record(Told(Given.Image(Given.Ms(1, 4), digest: "sha256:3"), 2, [New(3), later]), smaller);
        Assert.Equal(Given.M(4), Assert.Single(again.Owed!.Migrations).Name);
    }

    [Fact]
    public void What_is_tried_again_after_its_end_has_three_days_of_its_own()
    {
        GateInput input = Input(2, 2);
        NotifyRecord refused = Record(Attempted(input, NotifyResult.Refused)) with { Attempts = 80 };
        NotifyAttempt attempt = new(refused.Owed!.Id, NotifyResult.Failed, "It answers 500.", Given.Now.AddDays(10), "another");
        NotifyRecord record = Record(input, refused, attempt);
        Assert.Equal((false, 1, attempt.At.AddSeconds(5)), (record.Failure!.IsFinal, record.Attempts, record.NextAttemptAt!.Value));
    }

    [Theory]
    [InlineData(NotifyResult.Told)]
    [InlineData(NotifyResult.Failed)]
    [InlineData(NotifyResult.Refused)]
    public void What_status_keeps_is_read_as_it_was_written(NotifyResult result)
    {
        GateInput input = Told(Given.Image(Given.Ms(1, 2)), 1, [Given.Row(Given.M(2)) with { FinishedAt = Given.Now.AddTicks(1234560) }]);
        NotifyRecord record = Record(Attempted(input, result));
        NotifyRecord read = NotifyMapping.Record(NotifyMapping.Status(record));
        Assert.Equivalent(record, read, strict: true);
        Assert.Null(NotifyMapping.Status(NotifyRecord.Nothing));
    }

    private static Core.Databases.HistoryRow New(int number) => Given.Row(Given.M(number)) with { FinishedAt = Given.Now };

    private static GateInput Input(int last, int applied) => Told(Given.Image(Given.Ms(1, last)), applied);

    private static GateInput Told(ChangelogEvidence image, int applied, params IEnumerable<Core.Databases.HistoryRow> more) =>
        Given.Input(image, Given.State(Given.Ms(1, applied).Select(name => Given.Row(name)).Concat(more)))
            .With(spec => spec with { Notify = s_settings }) with
        {
            Notify = new(Uid, NotifyRecord.Nothing, null, 0),
        };

    private static NotifyRecord Record(GateInput input) => GateDecision.Decide(input).Notify!;

    private static NotifyRecord Record(GateInput input, NotifyRecord before, NotifyAttempt? attempt = null) =>
        Record(input with { Notify = input.Notify! with { Record = before, Attempt = attempt } });

    private static Notice Owed(GateInput input) => Record(input).Owed!;

    /// <summary>The same gate, after what it owes was sent.</summary>
    private static GateInput Attempted(GateInput input, NotifyResult result, NotifyRecord? before = null)
    {
        NotifyRecord record = Record(input, before ?? NotifyRecord.Nothing);
        string message = result == NotifyResult.Told ? "" : "It is no good.";
        return input with { Notify = new(Uid, record, new(record.Owed!.Id, result, message, Given.Now, "r"), 0) };
    }
}
