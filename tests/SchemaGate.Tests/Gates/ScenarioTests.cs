using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Evidence;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// Whole cases. A folder is an image: CHANGELOG.md and migrations/. Each NAME.in.yaml beside them is a case: the gate (its spec, and the
/// status of before), the database, the Job of a run, and the requirements that are asked for. NAME.out.yaml is the whole status that the
/// operator would write, and the answers. A new case is a new NAME.in.yaml; <see cref="Golden"/> writes the rest.
/// </summary>
public sealed class ScenarioTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "SchemaGate.Tests", "Gates", "scenarios");

    public static TheoryData<string> Cases => [.. Names(".in.yaml")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_case_is_decided_as_it_was(string name)
    {
        string path = Path.Combine(s_folder, name);
        YamlNode world = Yaml.Load($"{path}.in.yaml");
        SchemaGateResource gate = Gate(world);
        GateInput input = await Read(Path.GetDirectoryName(path)!, gate, world);
        Dictionary<string, RequirementOutcome> answers = Items(world, "asks")
            .ToDictionary(asked => asked, asked => Answer(input, new("shop", asked)), StringComparer.Ordinal);
        Golden.Same($"{path}.out.yaml", YamlText.Of(Anywhere(new JsonObject
        {
            ["status"] = Status(gate, input, answers.Values),
            ["answers"] = new JsonObject(answers.Select(answer => KeyValuePair.Create(answer.Key, Told(answer.Value)))),
        })));
    }

    /// <summary>A message that names a directory is the same in every checkout.</summary>
    private static JsonObject Anywhere(JsonObject outcome) =>
        JsonNode.Parse(outcome.ToJsonString().Replace(Repository.Root.TrimEnd('/'), "/a/checkout", StringComparison.Ordinal))!.AsObject();

    [Fact]
    public void Every_outcome_is_one_of_a_case() => Assert.Empty(Names(".out.yaml").Except(Names(".in.yaml"), StringComparer.Ordinal));

    private static IEnumerable<string> Names(string ending) => Directory.EnumerateFiles(s_folder, $"*{ending}", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(s_folder, file)[..^ending.Length]).Order(StringComparer.Ordinal);

    private static JsonNode? Status(SchemaGateResource gate, GateInput input, IEnumerable<RequirementOutcome> answers)
    {
        IEnumerable<Release> released = answers.OfType<RequirementOutcome.Satisfied>().Select(answer => answer.Release);
        SchemaGateStatus status = StatusMapping.Status(
            gate, input, GateDecision.Decide(input), ReleasedList.Of(input.Released.Concat(released), []), new([], []), asked: null);
        return JsonSerializer.SerializeToNode(status, ApiJson.Default.SchemaGateStatus);
    }

    private static RequirementOutcome Answer(GateInput input, Requirement requirement) =>
        RequirementDecision.Decide(requirement, input, requirement.IsImage ? Given.Digest : null);

    private static JsonNode? Told(RequirementOutcome outcome) => outcome is RequirementOutcome.Closed closed
        ? new JsonObject { ["reason"] = closed.Reason, ["message"] = closed.Message }
        : Reasons.Satisfied;

    private static SchemaGateResource Gate(YamlNode world)
    {
        JsonObject gate = Yaml.ToJson(Find(world, "gate")!)!.AsObject();
        gate["metadata"] = new JsonObject { ["name"] = "shop", ["namespace"] = "shop", ["generation"] = 1, ["uid"] = "uid-1" };
        return gate.Deserialize(ApiJson.Default.SchemaGateResource)!;
    }

    private static async Task<GateInput> Read(string image, SchemaGateResource gate, YamlNode world)
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec);
        bool isSound = problems.Count == 0;
        GateInput input = new(
            spec, problems,
            isSound ? await Image(image, spec.Changelog) : null,
            isSound ? Database(Find(world, "database")!) : null,
            isSound ? Given.Identity.ToString() : null,
            StatusMapping.Released(gate), StatusMapping.Memory(gate), Given.Now)
        {
            Run = spec.Migrate.Mode == MigrateMode.External ? null : Run(gate, Find(world, "job")),
            RunningCode = [.. Pairs(world, "running").Select(pod => new RunningCode(pod.Key, pod.Value, Pods: 2) { Next = pod.Value })],
        };
        return input with { Drift = Drift(DriftSteps.Next(input, DriftMapping.Record(gate.Status?.Drift)), Find(world, "drift")) };
    }

    private static async Task<Evidence<ChangelogEvidence>> Image(string folder, ChangelogSource source)
    {
        Evidence<ChangelogEvidence> files = DirectoryEvidence.Read(folder, ChangelogFiles.Of(source));
        Evidence<ChangelogEvidence> image = files is Evidence<ChangelogEvidence>.Found { Value: var read }
            ? new Evidence<ChangelogEvidence>.Found(read with { Source = source.Image, Digest = Given.Digest })
            : files;
        return await RiskEvidence.JudgedAsync(image, major: 15, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static RunEvidence Run(SchemaGateResource gate, YamlNode? job)
    {
        RunRecord? record = RunMapping.Record(gate.Status?.Run);
        return new("shop", "shop", "uid-1", record, job is null ? null : new(
            record!.Job, Given.Now.AddMinutes(-1), Value(job, "finished") == "true", Value(job, "succeeded") == "true",
            Report: null, Value(job, "trouble")), Approval: null)
        {
            Rehearsal = new(RehearsalMapping.Record(gate.Status?.Rehearsal), Job: null),
        };
    }

    /// <summary>Cases that say nothing of a catalog are those of who reads none.</summary>
    private static DriftEvidence? Drift(DriftStep step, YamlNode? world) => (step, world) switch
    {
        (DriftStep.Settled { Known: var known }, _) => known,
        (DriftStep.Compare, null) => null,
        (DriftStep.Compare compare, _) => DriftEvidence.Of(
            Value(world, "unreachable") is { } message
                ? new Evidence<DriftRecord>.Unreachable(Reasons.DriftNotJudged, message)
                : new Evidence<DriftRecord>.Found(new(
                    compare.Basis, Given.Now, Items(world, "differences").Count(),
                    [.. Items(world, "differences").Take(DriftRecord.MostFirst)])
                {
                    Judged = 2,
                    Unjudged = Items(world, "unjudged").Count(),
                    UnjudgedFor = [.. Items(world, "unjudged")],
                }),
            compare),
        _ => throw new InvalidDataException(),
    };

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
