using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// Whole cases, one folder each: gate.yaml, CHANGELOG.md and migrations/ as an image would ship them, database.yaml (what the database
/// says, and whether the gate was open before) and expected.yaml. A new case is a new folder.
/// </summary>
public sealed class ScenarioTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Gates", "scenarios");

    public static TheoryData<string> Names
        => [.. Directory.EnumerateDirectories(s_folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_case_is_decided_as_expected(string name)
    {
        GateInput input = Read(Path.Combine(s_folder, name));
        YamlNode expected = Yaml.Load(Path.Combine(s_folder, name, "expected.yaml"));
        Decision decision = GateDecision.Decide(input);
        Assert.Equal($"{Value(expected, "verdict")} {Value(expected, "reason")}", $"{decision.Verdict} {decision.Reason}");
        Assert.All(
            Pairs(expected, "conditions"),
            pair => Assert.StartsWith(pair.Value, Line(decision.Condition(pair.Key)), StringComparison.Ordinal));
        Assert.All(Items(expected, "says"), part => Assert.Contains(part, decision.Message, StringComparison.Ordinal));
        Assert.All(Pairs(expected, "requirements"), pair => Assert.Equal(pair.Value, Outcome(input, new("shop", pair.Key))));
    }

    private static string Line(GateCondition condition) => $"{condition.Status} {condition.Reason} {condition.Message}";

    private static string Outcome(
        GateInput input,
        Requirement requirement) => RequirementDecision.Decide(requirement, input, requirement.IsImage ? Given.Digest : null) switch
        {
            RequirementOutcome.Closed closed => closed.Reason,
            _ => Reasons.Satisfied,
        };

    private static GateInput Read(string folder)
    {
        SchemaGateResource gate = JsonSerializer.Deserialize(
            Yaml.ToJson(Yaml.Load(Path.Combine(folder, "gate.yaml"))),
            ApiJson.Default.SchemaGateResource)!;
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec);
        Evidence<ChangelogEvidence> changelog = DirectoryEvidence.Read(folder, ChangelogFiles.Of(spec.Changelog)) switch
        {
            Evidence<ChangelogEvidence>.Found found => new Evidence<ChangelogEvidence>.Found(
                found.Value with { Source = spec.Changelog.Image, Digest = Given.Digest }),
            var other => other,
        };
        YamlNode world = Yaml.Load(Path.Combine(folder, "database.yaml"));
        GateMemory before = Value(world, "before") is "Open"
            ? new(SameSpec: true, Verdict.Open, Given.Digest, Given.Identity.ToString(), [])
            : GateMemory.None;
        return problems.Count > 0
            ? new(spec, problems, null, null, null, [], before, Given.Now)
            : new(spec, [], changelog, Database(world), Given.Identity.ToString(), [], before, Given.Now);
    }

    private static Evidence<DatabaseState> Database(YamlNode world) => Value(world, "unreachable") is { } message
        ? new Evidence<DatabaseState>.Unreachable(Reasons.DatabaseUnreachable, message)
        : new Evidence<DatabaseState>.Found(new(
            Given.Identity, Value(world, "standby") == "true", Value(world, "history") == "none"
                ? null
                : new([.. Pairs(world, "history").Select(Row)]),
            Value(world, "tables") == "true", Value(world, "running") == "true", 15));

    private static HistoryRow Row(KeyValuePair<string, string> row) => row.Value switch
    {
        "applied" => Given.Row(row.Key, HistoryRowState.Applied, "SELECT 1;\n"),
        "edited" => Given.Row(row.Key, HistoryRowState.Applied, "SELECT 2;\n"),
        "unfinished" => Given.Row(row.Key, HistoryRowState.Unfinished, "SELECT 1;\n"),
        "rolled back" => Given.Row(row.Key, HistoryRowState.RolledBack, "SELECT 1;\n"),
        _ => throw new InvalidDataException($"{row.Key}: {row.Value} is applied, edited, unfinished or rolled back"),
    };

    private static YamlNode? Find(YamlNode node, string key)
        => ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(key), out YamlNode? found) ? found : null;

    private static string? Value(YamlNode node, string key) => (Find(node, key) as YamlScalarNode)?.Value;

    private static IEnumerable<string> Items(YamlNode node, string key)
        => ((Find(node, key) as YamlSequenceNode)?.Children ?? []).Select(item => item.ToString());

    private static IEnumerable<KeyValuePair<string, string>> Pairs(YamlNode node, string key) =>
        ((Find(node, key) as YamlMappingNode)?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
            .Select(pair => KeyValuePair.Create(pair.Key.ToString(), pair.Value.ToString()));
}
