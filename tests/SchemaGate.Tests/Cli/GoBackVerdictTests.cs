using SchemaGate.Cli.GoBack;
using SchemaGate.Cli.Prove;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Tests.Cli;

/// <summary>Whether going back is safe, by what was found; and whether the gate would hold it.</summary>
public sealed class GoBackVerdictTests
{
    private static readonly GoBackMigrations s_between = new(MigrationSet.Empty, [new("m2", "", MigrationChecksum.None)], [], [], []);
    private static readonly GoBackHold s_free = new(false, "It starts.");
    private static readonly GoBackProof s_nothing = new(null, 0, null, "Nobody knows.");

    [Fact]
    public void A_statement_that_fails_is_told_before_a_hold() => Is(
        "unsafe", "proof", "2 statements that run on its schema fail",
        s_between, new(true, "Held."), Proof(broken: 1) with { Drifted = [new("SELECT a", 1, null, "42703", "m")] }, gap: "Reset.");

    [Fact]
    public void What_is_held_goes_nowhere() => Is("held", null, "Held.", s_between, new(true, "Held."), Proof(), gap: null);

    [Fact]
    public void What_is_missing_is_not_safe_where_nothing_holds_it_either() => Is(
        "unsafe", "history", "the database lacks m1, which it requires. It starts.", s_between with { Missing = ["m1"] }, s_free, Proof(),
        gap: null);

    [Fact]
    public void Where_nothing_lies_between_nothing_is_to_be_proved() =>
        Is("safe", "history", "no migration that it lacks", s_between with { Beyond = [] }, s_free, proof: null, gap: null);

    [Fact]
    public void What_nobody_has_read_may_do_anything()
    {
        Is("unknown", null, "no image on record has their files", s_between with { Unfiled = ["x"] }, s_free, Proof(), gap: null);
        Is("unknown", null, "the run of x has failed", s_between with { Failed = ["x"] }, s_free, Proof(), gap: null);
    }

    [Fact]
    public void Statements_that_all_survive_are_safe() =>
        Is("safe", "proof", "as far as 3 statements tell", s_between, s_free, Proof(), gap: null,
            Risk(RiskSeverity.High, rule: "drop-column"));

    [Theory]
    [InlineData("unsafe", "rules", "Statements do not tell this: M.", "privilege-change", RiskSeverity.Medium)]
    [InlineData("unsafe", "rules", "Statements do not tell this: M.", "change-column-type-rewrite", RiskSeverity.High)]
    [InlineData("unknown", null, "The values that its code writes decide: M.", "add-check-validated", RiskSeverity.Low)]
    public void What_no_statement_tells_is_left_to_the_rules(
        string result, string? basis, string says, string rule, RiskSeverity severity) =>
        Is(result, basis, says, s_between, s_free, Proof(), gap: null, Risk(severity, rule: rule));

    [Fact]
    public void What_values_decide_is_not_known()
    {
        GoBackProof undecided = Proof() with { Undecided = "CHECK (a > 0)." };
        Is("unknown", null, "CHECK (a > 0).", s_between, s_free, undecided, gap: null, Risk(RiskSeverity.Information, Compatibility.Safe));
        Is("unknown", null, "It is not proved. Reset. CHECK (a > 0).", s_between, s_free, undecided, "Reset.",
            Risk(RiskSeverity.Information, Compatibility.Safe));
    }

    [Fact]
    public void A_file_that_is_another_now_tells_nothing_of_what_was_run() => Is(
        "unknown", null, "another text of m1", s_between with { Beyond = [], Edited = ["m1"] }, s_free, proof: null, gap: null);

    [Fact]
    public void Without_the_database_it_is_the_migrations_schema_that_is_meant() => Is(
        "safe", "proof", "on the schema that the later migrations make.", s_between, s_free, Proof() with { DriftUnread = "None." },
        gap: null, []);

    [Fact]
    public void Statements_beyond_a_bound_are_a_gap()
    {
        ProveReport report = ProveReport.Of(new([], []), new([]) { Beyond = 1 }, "h", name => name);
        Assert.Contains("beyond the 5000 most called ones", report.Gap, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unsafe", "rules", RiskSeverity.High, Compatibility.Risky)]
    [InlineData("unsafe", "rules", RiskSeverity.Medium, Compatibility.Unknown)]
    [InlineData("unknown", null, RiskSeverity.Information, Compatibility.Unknown)]
    [InlineData("safe", "rules", RiskSeverity.Information, Compatibility.Safe)]
    public void Where_nothing_is_proved_the_rules_decide_and_it_is_said(
        string result, string? basis, RiskSeverity severity, Compatibility level)
    {
        Is(result, basis, "It is not proved. Nobody knows.", s_between, s_free, s_nothing, gap: null, Risk(severity, level));
        Is(result, basis, "It is not proved. Reset.", s_between, s_free, Proof(), "Reset.", Risk(severity, level));
    }

    [Fact]
    public void Rules_that_cannot_judge_decide_nothing() =>
        Is("unknown", null, "could not be judged", s_between, s_free, s_nothing, gap: null, risks: null);

    [Theory]
    [InlineData(false, "it was released on 2026-01-02", "Satisfied")]
    [InlineData(false, "it ran here already on 2026-01-02", "Adopted")]
    [InlineData(false, "lets it start when it has looked", null)]
    [InlineData(true, "the database lacks m1", "Satisfied", "m1")]
    public void A_gate_lets_start_what_its_record_says(bool holds, string says, string? reason, params string[] missing)
    {
        GoBackHold hold = Hold(Standing("7/d/public", reason), missing);
        Assert.Equal(holds, hold.Holds);
        Assert.Contains(says, hold.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_in_another_database_is_none_in_this_one()
    {
        Assert.Contains("No release is on record", Hold(Standing("8/d/public", "Satisfied")).Sentence, StringComparison.Ordinal);
        GoBackHold unread = Hold(Standing("unread", "Satisfied"));
        Assert.Equal((true, true), (unread.Holds, unread.Sentence.Contains("has not read its database", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Enforcement.Observe, false, true, "holds nothing")]
    [InlineData(Enforcement.Hold, true, true, "is suspended")]
    [InlineData(Enforcement.Hold, false, false, "is not gated")]
    public void Who_holds_nothing_says_so(Enforcement enforcement, bool suspend, bool isGated, string says)
    {
        GateStanding gate = Standing("7/d/public", null);
        gate = gate with { View = gate.View with { Enforcement = enforcement, Suspend = suspend } };
        GoBackHold hold = GoBackHold.Of(s_choice, GoBackChoiceTests.Past("shop=x:2") with { IsGated = isGated }, gate, ["m1"]);
        Assert.False(hold.Holds);
        Assert.Contains(says, hold.Sentence, StringComparison.Ordinal);
    }

    private static readonly GoBackChoice s_choice = new(new("shop", "x:1"), [new(1, "shop-a", "shop=x:1", [], null)]);

    private static GoBackHold Hold(GateStanding gate, params string[] missing) =>
        GoBackHold.Of(s_choice, GoBackChoiceTests.Past("shop=x:2"), gate, missing);

    private static GateStanding Standing(string identity, string? reason) => new(
        new("shop", identity, Enforcement.Hold, Suspend: false, PolicyMode.Block), "x:2", Current: true, Verdict.Open, "Open", "m",
        "sha256:2", "m2",
        reason is null ? [] : [new("shop", "x:1", null, null, "7/d/public", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), reason)]);

    private static GoBackProof Proof(int broken = 0) => new(
        ProveReport.Of(
            new([
                .. Enumerable.Range(0, 3).Select(index => new ProvedShape(new($"SELECT {index}"), [], new ProofOutcome.Survives())),
                .. Enumerable.Range(0, broken).Select(index => new ProvedShape(
                    new($"SELECT x{index}"), [], new ProofOutcome.Broken("42703", "m", new("m2", null, 1)))),
            ], ["m2"]),
            new([]), "h", name => name),
        0, null, null);

    private static List<MigrationRisk> Risk(
        RiskSeverity severity, Compatibility level = Compatibility.Risky, string rule = "r") =>
    [
        new("m2", level, [], [new(rule, RiskCategories.BreaksApplication, severity, "M.", "", new TextSpan(0, 0, 1, 1),
            new TextSpan(0, 0, 1, 1), IsAssumed: false)], [], InOneTransaction: true, "S."),
    ];

    private static void Is(
        string result, string? basis, string says, GoBackMigrations migrations, GoBackHold hold, GoBackProof? proof, string? gap,
        IReadOnlyList<MigrationRisk>? risks = null)
    {
        GoBackVerdict verdict = GoBackVerdict.Of("x:1", migrations, hold, proof, gap, risks);
        Assert.Equal((result, basis), (verdict.Result, verdict.Basis));
        Assert.Contains(says, verdict.Message, StringComparison.Ordinal);
    }
}
