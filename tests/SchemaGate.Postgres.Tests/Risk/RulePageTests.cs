using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>Every rule's page is executed: what it calls bad fires the rule, and nothing else does.</summary>
public sealed class RulePageTests
{
    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Bad_examples_fire_the_rule_and_the_others_do_not(string rule)
    {
        Assert.Empty(
            Blocks(rule).Where(block => Fires(block, rule) != (block.Section == "Bad")).Select(block => $"{block.Section}: {block.Sql}"));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_page_has_bad_examples_a_safe_way_and_exceptions(string rule)
    {
        IReadOnlyList<PageBlock> blocks = PageBlock.In(RuleCatalog.Page(rule)!);
        Assert.All(["Bad", "Safe way", "Exceptions"], section => Assert.Contains(blocks, block => block.Section == section));
        Assert.All(
            ["\n## Bad\n", "\n## Safe way\n", "\n## Exceptions\n"],
            heading => Assert.Contains(heading, RuleCatalog.Page(rule), StringComparison.Ordinal));
        Assert.StartsWith($"# {rule}\n", RuleCatalog.Page(rule), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_safe_way_risks_no_code_and_no_data(string rule) =>
        Assert.Empty(Blocks(rule).Where(block => block.Section == "Safe way" && !block.Info.Contains("risky"))
            .Where(block => block.Judge(rule).Level != Compatibility.Safe).Select(block => block.Sql));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Sql_on_a_page_can_be_read(string rule) => Assert.Empty(Blocks(rule)
        .Where(block => rule != "opaque-sql" && block.Judge(rule).Findings.Any(finding => finding.Rule == "opaque-sql"))
        .Select(block => block.Sql));

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_message_is_a_sentence(string rule) => Assert.All(
        Blocks(rule).SelectMany(block => block.Judge(rule).Findings),
        finding => Assert.Matches("^[A-Z`].*[.]$", finding.Message));

    [Fact]
    public void Every_page_is_a_rules() => Assert.Equal(
        RuleCatalog.All.Select(rule => $"rules/{rule.Id}.md").Order(StringComparer.Ordinal),
        typeof(RuleCatalog).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("rules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void A_rules_id_is_its_own() =>
        Assert.Equal(RuleCatalog.All.Count, RuleCatalog.All.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Count());

    private static bool Fires(PageBlock block, string rule) => block.Judge(rule).Findings.Any(finding => finding.Rule == rule);

    private static IEnumerable<PageBlock> Blocks(string rule) =>
        PageBlock.In(Assert.IsType<string>(RuleCatalog.Page(rule))).Where(block => !block.IsTooNew);
}
