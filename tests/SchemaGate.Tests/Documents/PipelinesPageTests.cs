using System.Reflection;
using SchemaGate.Core.Branches;

namespace SchemaGate.Tests.Documents;

/// <summary>docs/pipelines.md beside what it is about.</summary>
public sealed class PipelinesPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "pipelines.md"));

    public static TheoryData<string> Findings => [.. typeof(BranchFindingIds).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Findings))]
    public void Each_finding_of_a_branch_has_a_row(string id) => Assert.Contains($"\n| `{id}` | ", s_page, StringComparison.Ordinal);

    [Fact]
    public void Each_hook_is_in_the_example() => Assert.All(
        ((YamlDotNet.RepresentationModel.YamlSequenceNode)Yaml.Load(Path.Combine(Repository.Root, ".pre-commit-hooks.yaml"))),
        hook => Assert.Contains($"- id: {hook["id"]}", s_page, StringComparison.Ordinal));
}
