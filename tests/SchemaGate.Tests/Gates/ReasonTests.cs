using System.Reflection;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Tests.Gates;

public sealed class ReasonTests
{
    /// <summary>Reasons of workloads, releases and conditions that hold: no gate is ever closed by them.</summary>
    private static readonly HashSet<string> s_notOfGates = new(StringComparer.Ordinal)
    {
        Reasons.AsExpected, Reasons.NotRead, Reasons.GateNotFound, Reasons.RequirementInvalid, Reasons.RequirementUnpinned,
        Reasons.AwaitingDecision, Reasons.DatabaseChanged, Reasons.RequirementUnknown, Reasons.NotEnforced, Reasons.Satisfied,
        Reasons.Adopted, Reasons.Overridden, Reasons.GateUnreadable, Reasons.WriteRefused,
        Reasons.Notified, Reasons.NotifyPending, Reasons.NotifyFailed,
    };

    public static TheoryData<string> Constants => [.. typeof(Reasons)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetValue(null)!)];

    public static TheoryData<string> Rows => [.. ReasonTable.Rows.Keys];

    [Theory]
    [MemberData(nameof(Constants))]
    public void Every_reason_has_a_row_or_is_not_a_gate_s(string reason) =>
        Assert.NotEqual(s_notOfGates.Contains(reason), ReasonTable.Rows.ContainsKey(reason));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Whoever_a_closed_gate_waits_for_has_a_word(string reason) =>
        Assert.Equal(ReasonTable.Rows[reason].Ready, WaitWords.For(reason, runs: false) is null);

    [Fact]
    public void A_gate_that_applies_its_migrations_itself_waits_for_its_own_run() =>
        Assert.Equal("the gate's own run", WaitWords.For(Reasons.MigrationsPending, runs: true));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Exactly_one_of_Ready_Reconciling_and_Stalled_is_true(string reason)
    {
        ReasonRow row = ReasonTable.Rows[reason];
        Assert.Single(new[] { row.Ready, row.Reconciling, row.Stalled }, isTrue => isTrue);
    }

    [Theory]
    [MemberData(nameof(Constants))]
    public void Every_reason_is_explained_and_one_that_closes_says_what_opens_it(string reason)
    {
        ReasonAdvice advice = ReasonGuide.All[reason].For("a-namespace", "a-gate");
        Assert.EndsWith(".", advice.Meaning, StringComparison.Ordinal);
        Assert.Equal(ReasonTable.Rows.TryGetValue(reason, out ReasonRow row) && !row.Ready, ReasonTable.Rows.ContainsKey(reason)
            && advice.Next.Count > 0);
        Assert.All(advice.Next, step => Assert.False(
            step.Contains("NAMESPACE", StringComparison.Ordinal) || step.Contains("GATE", StringComparison.Ordinal), step));
    }

    [Fact]
    public void Only_Open_is_ready() => Assert.Equal(Reasons.Open, Assert.Single(ReasonTable.Rows, row => row.Value.Ready).Key);

    [Fact]
    public void The_readme_has_a_row_for_each_reason_and_says_what_the_code_says()
    {
        Dictionary<string, string[]> documented = ReadmeRows("Reason").ToDictionary(cells => cells[0].Trim('`'), StringComparer.Ordinal);
        Assert.Equal(Constants.Select(row => row.Data)
            .Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(ReasonTable.Rows, row => Assert.Equal(
            (row.Value.Verdict.ToString(), row.Value.Stalled ? "yes" : "no"), (documented[row.Key][1], documented[row.Key][2])));
    }

    [Fact]
    public void The_readme_lists_the_rules_in_their_order_with_scope_and_condition() => Assert.Equal(
        GateRules.All.Select(rule => $"{rule.Name} {Scope(rule.Scope)} {rule.Condition ?? "—"}"),
        ReadmeRows("Rule").Select(cells => $"{cells[0].Trim('`')} {cells[1]} {cells[2]}"),
        StringComparer.Ordinal);

    private static string Scope(RuleScope scope) => scope switch { RuleScope.Both => "both", RuleScope.Gate => "gate", _ => "requirement" };

    /// <summary>The cells of the rows of the table whose first heading this is.</summary>
    private static IEnumerable<string[]> ReadmeRows(string heading) =>
        File.ReadLines(Path.Combine(Repository.Root, "src", "SchemaGate.Core", "README.md"))
        .SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);
}
