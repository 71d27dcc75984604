using SchemaGate.Core.Risk.Judging;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>What is wrong with a comment that asks to ignore a rule; <see cref="Ignores.InlineIgnores"/> applies them.</summary>
internal static class IgnoreRules
{
    public static RiskRule WithoutReason { get; } = new(
        "ignore-without-reason", "A comment ignores a rule and does not say why", RiskCategories.Convention, RiskSeverity.Medium,
        "Write the reason after the rule: -- schemagate: ignore drop-column nothing reads it since release 41");

    public static RiskRule Unused { get; } = new(
        "ignore-unused", "A comment ignores what is not there", RiskCategories.Convention, RiskSeverity.Information, "Remove the comment.");
}
