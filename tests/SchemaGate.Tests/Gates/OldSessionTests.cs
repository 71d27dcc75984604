using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRehearsals;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>What a contracting migration waits for besides pods, and what it does not wait for.</summary>
public sealed class OldSessionTests
{
    private const string Older = "registry.test/shop/schema:0";

    private static readonly DateTimeOffset s_since = new(2024, 12, 24, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_session_that_only_older_code_has_is_waited_for_when_no_pod_is_left()
    {
        Decision decision = Decide(Breaks(Found(new OpenSessions("shop-0", 3, s_since)), new NamedCode("shop-0", Older)));
        Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
        Assert.Contains("no pod runs code from before it any more.", decision.Message, StringComparison.Ordinal);
        Assert.Contains("shop-0 (3 sessions, the oldest since 2024-12-24T09:30:00Z).", decision.Message, StringComparison.Ordinal);
        Assert.Contains("AND application_name = 'shop-0'`", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Since_when_it_is_open_is_left_out_where_the_role_is_not_told()
    {
        Decision decision = Decide(Breaks(Found(new OpenSessions("shop-0", 1, null)), new NamedCode("shop-0", Older)));
        Assert.Contains("shop-0 (1 session).", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void While_pods_are_left_nobody_is_told_to_end_their_sessions()
    {
        Decision decision = Decide(Breaks(Found(new OpenSessions("shop-0", 1, null)), new NamedCode("shop-0", Older)) with
        {
            RunningCode = [new("deployment/shop revision 4", Older, 2)],
        });
        Assert.Contains(
            "deployment/shop revision 4 (2 pods) still run code from before it. Open in the database,", decision.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("pg_terminate_backend", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_last_of_them_has_ended_it_runs()
    {
        Started(Decide(Breaks(Found(), new NamedCode("shop-0", Older))));
        Started(Decide(Breaks(Found(new OpenSessions("shop-3", 3, s_since)), new NamedCode("shop-3", M(3)))));
        Started(Decide(Breaks(Found(new OpenSessions("shop-3", 3, s_since)), new NamedCode("shop-3", Reference))));
    }

    [Fact]
    public void A_name_that_newer_code_gives_too_tells_nothing_and_that_is_said()
    {
        NamedCode[] named = [new("shop", Older), new("shop", M(3)), new("job-0", Older)];
        Started(Decide(Breaks(Found(new OpenSessions("shop", 3, s_since)), named)));
        Decision decision = Decide(Breaks(
            Found(new OpenSessions("shop", 3, s_since), new OpenSessions("job-0", 1, s_since)), named));
        Assert.Contains("Sessions of shop tell nothing: newer code gives that name, too.", decision.Message, StringComparison.Ordinal);
        Assert.Contains("job-0 (1 session, ", decision.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("shop (3", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_waits_and_says_why()
    {
        Evidence<IReadOnlyList<OpenSessions>>[] unread =
        [
            new Evidence<IReadOnlyList<OpenSessions>>.Missing(Reasons.DatabaseAccessDenied, "It was refused"),
            new Evidence<IReadOnlyList<OpenSessions>>.Unreachable(Reasons.DatabaseUnreachable, "It was refused"),
        ];
        Assert.All(unread, evidence =>
        {
            Decision decision = Decide(Breaks(evidence, new NamedCode("shop-0", Older)));
            Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
            Assert.Contains("sessions left is not known: It was refused.", decision.Message, StringComparison.Ordinal);
            // Names of newer code only are nobody's to wait for.
            Started(Decide(Breaks(evidence, new NamedCode("shop-3", M(3)))));
        });
    }

    [Fact]
    public void A_name_that_PostgreSQL_does_not_keep_is_not_taken_for_one_that_nobody_has()
    {
        Decision decision = Decide(Breaks(Found(), new NamedCode("läden", Older)));
        Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
        Assert.Contains($"{Names.ApplicationName} of what requires {Older}", decision.Message, StringComparison.Ordinal);
        Started(Decide(Breaks(Found(), new NamedCode("läden", M(3)))));
        decision = Decide(Breaks(Found(), new NamedCode("größe-0", Older), new NamedCode("größe-3", M(3))));
        Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
        Started(Decide(Breaks(Found(), new NamedCode("läden", Older), new NamedCode("läden", M(3)))));
    }

    [Fact]
    public void A_longer_name_is_what_PostgreSQL_keeps_of_it()
    {
        string kept = new('a', 63);
        Assert.Equal(
            Reasons.ContractWaits,
            Decide(Breaks(Found(new OpenSessions(kept, 1, null)), new NamedCode($"{kept}b", Older))).Reason);
    }

    [Fact]
    public void What_makes_older_pods_later_is_told_and_not_waited_for()
    {
        RunningCode later = new("cronjob/nightly", Older, 0) { IsLater = true };
        Decision decision = Decide(Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = [later] });
        Started(decision);
        const string said = "Makes pods later, and not waited for: cronjob/nightly. What it makes is code from before it";
        Assert.Contains(said, decision.Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
        decision = Decide(Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = [later, new("job/import", Older, 1)] });
        Assert.Equal(Reasons.ContractWaits, decision.Reason);
        Assert.Contains(said, decision.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "not waited for",
            Decide(Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = [later with { Requires = M(3) }] })
                .Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Older_code_that_begins_while_it_is_applied_is_told()
    {
        GateInput input = Breaks(Found());
        Decision begun = Decide(input);
        RunningCode old = new("deployment/shop revision 4", Older, 1);
        GateInput running = Rehearsing(3, 1).Having(Started(begun), Active(Started(begun)))
            .Rehearsals(new RehearsalEvidence(begun.Rehearsal, null)) with
        {
            RunningCode = [old],
        };
        string message = Decide(running).Condition(GateConditions.RunningCodeSurvives).Message;
        Assert.Contains(
            "While it is applied, deployment/shop revision 4 (1 pod) run code from before it.", message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "While it is applied", Decide(running with { RunningCode = [] }).Condition(GateConditions.RunningCodeSurvives).Message,
            StringComparison.Ordinal);
    }

    private static Evidence<IReadOnlyList<OpenSessions>> Found(params IReadOnlyList<OpenSessions> open) =>
        new Evidence<IReadOnlyList<OpenSessions>>.Found(open);

    /// <summary>A migration breaks a statement, and no pod is left.</summary>
    private static GateInput Breaks(Evidence<IReadOnlyList<OpenSessions>> open, params IReadOnlyList<NamedCode> named) =>
        Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = [], Sessions = new(named, open) };
}
