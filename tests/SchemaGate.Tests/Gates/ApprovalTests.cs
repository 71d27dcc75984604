using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>Which runs wait for a person, and what a person's word is good for.</summary>
public sealed class ApprovalTests
{
    [Theory]
    [InlineData(ApprovalMode.Never, Compatibility.Risky, null, false)]
    [InlineData(ApprovalMode.Risky, Compatibility.Safe, null, false)]
    [InlineData(ApprovalMode.Risky, Compatibility.Safe, "Low", false)]
    [InlineData(ApprovalMode.Risky, Compatibility.Safe, "Medium", true)]
    [InlineData(ApprovalMode.Risky, Compatibility.Risky, "Low", true)]
    [InlineData(ApprovalMode.Risky, Compatibility.Unknown, null, true)]
    [InlineData(ApprovalMode.Always, Compatibility.Safe, "Low", true)]
    public void A_run_waits_for_a_person_by_policy(ApprovalMode mode, Compatibility level, string? stated, bool waits)
    {
        Decision decision = GateDecision.Decide(Pending(mode, level, stated));
        Assert.Equal(waits, decision.Reason == Reasons.ApprovalRequired);
        Assert.Equal(waits, decision.Action is null);
        Assert.True(decision.Condition(GateConditions.Stalled).Status == ConditionStatus.False);
    }

    [Fact]
    public void SQL_that_nobody_has_judged_waits_for_a_person() =>
        Assert.Equal(Reasons.ApprovalRequired, GateDecision.Decide(Input(2, 1).AsJob(ApprovalMode.Risky).Having(null)).Reason);

    [Fact]
    public void The_message_has_the_command_that_lets_it_run()
    {
        Decision decision = GateDecision.Decide(Pending());
        Assert.Contains(
            $"`schemagate approve -n prod shop --plan {decision.Plan!.Hash![..12]}`", decision.Message, StringComparison.Ordinal);
        Assert.Contains(M(2), decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_approved_plan_runs_and_status_says_who_approved_it()
    {
        Decision decision = Approved(Pending(), GateDecision.Decide(Pending()).Plan!.Hash!);
        Assert.IsType<RunAction.Start>(decision.Action);
        Assert.Equal("alice", decision.Plan!.Approval!.By);
    }

    [Fact]
    public void Who_approves_a_plan_approves_what_remains_of_it()
    {
        string whole = GateDecision.Decide(Waiting(4, 1)).Plan!.Hash!;
        Assert.IsType<RunAction.Start>(Approved(Waiting(4, 3), whole).Action);
        string rest = GateDecision.Decide(Waiting(4, 3)).Plan!.Hash!;
        Assert.Equal(Reasons.ApprovalRequired, Approved(Waiting(4, 1), rest).Reason);
    }

    [Fact]
    public void Another_image_database_runner_or_text_is_another_plan()
    {
        GateInput input = Waiting(4, 1);
        string hash = GateDecision.Decide(input).Plan!.Hash!;
        GateInput[] others =
        [
            Waiting(5, 1),
            Input(Image(Ms(1, 4), digest: Digest.Replace('1', '2')), Applied(M(1))).AsJob(ApprovalMode.Always),
            Input(Image(Ms(1, 4)), Applied(M(1)) with { Identity = Identity with { Database = "other" } }).AsJob(ApprovalMode.Always),
            input.With((GateSpec spec) => spec with { Migrate = spec.Migrate with { Runner = "{\"serviceAccountName\":\"root\"}" } }),
        ];
        Assert.All(others, other =>
        {
            Assert.Equal(Reasons.ApprovalRequired, Approved(other, hash).Reason);
            Assert.False(hash == Approved(other, hash).Plan!.Hash);
        });
    }

    [Fact]
    public void What_was_approved_and_is_done_is_no_word_for_what_a_restored_backup_lacks()
    {
        GateInput input = Waiting(4, 3);
        RunRecord done = Assert.IsType<RunAction.Start>(Approved(input, GateDecision.Decide(input).Plan!.Hash!).Action).Record with
        {
            Result = RunResult.Succeeded,
        };
        Assert.Equal(Reasons.ApprovalRequired, Approved(Waiting(4, 1), done.Plan, done).Reason);
        Assert.Null(Approved(Waiting(4, 1), done.Plan, done with { Result = null }).Action);
    }

    [Fact]
    public void Who_approves_a_plan_for_a_database_that_is_not_there_yet_approves_it_for_the_one_that_its_run_creates()
    {
        GateInput missing = Waiting(4, 0) with { Database = new Evidence<DatabaseState>.Missing(Reasons.DatabaseMissing, "no database") };
        RunRecord begun = Assert.IsType<RunAction.Start>(Approved(missing, GateDecision.Decide(missing).Plan!.Hash!).Action).Record;
        RunRecord failed =
            begun with { Result = RunResult.Failed, Error = new(FailureClass.Transient, "Unreachable", "away."), NextAttemptAt = Now };
        Assert.IsType<RunAction.Start>(Approved(Waiting(4, 2), begun.Plan, failed).Action);
        Assert.Equal(Reasons.ApprovalRequired, Approved(Waiting(4, 2), begun.Plan, begun with { Result = RunResult.Succeeded }).Reason);
        Assert.Equal(Reasons.ApprovalRequired, Approved(Waiting(4, 2), begun.Plan).Reason);
    }

    [Fact]
    public void A_claim_counts_for_the_gate_that_it_was_sealed_for_and_for_nothing_else()
    {
        ClaimSeal seal = new(new byte[32]);
        Approval approval = new("abc", "alice", Now);
        string text = seal.Write("uid-1", approval);
        Assert.Equal(approval, seal.Approval("uid-1", text));
        Assert.Null(seal.Approval("uid-2", text));
        Assert.Null(seal.Override("uid-1", text));
        Assert.Null(new ClaimSeal(Enumerable.Repeat((byte)1, 32).ToArray()).Approval("uid-1", text));
        Assert.All(
            ["", "{}", "null", text.Replace("alice", "mallory", StringComparison.Ordinal), text[..^2]],
            forged => Assert.Null(seal.Approval("uid-1", forged)));
    }

    [Fact]
    public void A_broken_glass_opens_one_requirement_until_it_ends_and_is_said_aloud()
    {
        Override opened = new(Reference, "INC-1", "alice", Now, Now.AddMinutes(10));
        GateInput input = Input(3, 1) with { Override = opened };
        Release release = Assert.IsType<RequirementOutcome.Satisfied>(
            RequirementDecision.Decide(new("shop", Reference), input, Digest)).Release;
        Assert.Equal(Reasons.Overridden, release.Reason);
        Assert.IsType<RequirementOutcome.Closed>(RequirementDecision.Decide(new("shop", M(3)), input, null));
        Assert.IsType<RequirementOutcome.Closed>(
            RequirementDecision.Decide(new("shop", Reference), input with { Now = opened.Until }, Digest));

        Decision decision = GateDecision.Decide(input);
        Assert.Equal((Verdict.Blocked, Reasons.MigrationsPending), (decision.Verdict, decision.Reason));
        Assert.Contains("alice", decision.Condition(GateConditions.Overridden).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            GateDecision.Decide(input with { Now = opened.Until }).Conditions, condition => condition.Type == GateConditions.Overridden);
    }

    private static Decision Approved(GateInput input, string plan, RunRecord? record = null) => GateDecision.Decide(input with
    {
        Run = GivenRuns.Evidence(record) with { Approval = new(plan, "alice", Now) },
    });

    private static GateInput Waiting(int last, int applied) => Input(last, applied).AsJob(ApprovalMode.Always).Having(null);

    private static GateInput Pending(
        ApprovalMode mode = ApprovalMode.Always, Compatibility level = Compatibility.Safe, string? stated = null)
    {
        MigrationRisk risk = new(M(2), level, [], [], [], InOneTransaction: true, "It does something.");
        string entry = Entry(M(2)) + (stated is null ? "" : $"- **Risk Level:** {stated}\n");
        return Input(Image(Ms(1, 2), Changelogs.Document.Of(migrated: Entry(M(1)) + entry)) with
        {
            Risks = new Evidence<IReadOnlyList<MigrationRisk>>.Found([risk with { Migration = M(1) }, risk]),
        }, Applied(M(1))).With(policy => policy with { RiskMismatch = PolicyMode.Ignore }).AsJob(mode).Having(null);
    }
}
