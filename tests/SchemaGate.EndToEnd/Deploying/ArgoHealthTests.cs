using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Deploying;

/// <summary>config/argocd/health.lua, run as Argo CD runs it: Lua 5.1, of whose libraries only a few are there. Needs no cluster.</summary>
public sealed class ArgoHealthTests
{
    private const string Runner = """
        getmetatable("").__index = nil
        string, math, io, os, debug, coroutine = nil
        for _, gate in ipairs(gates) do
          obj = gate
          local health = script()
          print(health.status .. " " .. health.message)
        end
        """;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Folder => Path.Combine(TestEnvironment.Checkout, "config/argocd");

    [Fact]
    public async Task Every_reason_that_a_gate_can_give_has_its_health()
    {
        ReasonRow[] rows = [.. ReasonTable.Rows.Values];
        IReadOnlyList<string> health = await HealthAsync([.. ReasonTable.Rows.Select(pair => Judged(pair.Key, pair.Value))]);

        Assert.Equal(
            ReasonTable.Rows.Select(pair => pair.Value switch
            {
                { Ready: true } => $"Healthy {pair.Key}: why",
                { Stalled: true } => $"Degraded {pair.Key}: why",
                _ => $"Progressing {pair.Key}: why",
            }),
            health,
            StringComparer.Ordinal);
        Assert.Contains(rows, row => row.Ready);
        Assert.Contains(rows, row => row.Stalled);
    }

    [Theory]
    [InlineData("""{ "metadata": { "generation": 1 }, "spec": {} }""")]
    [InlineData("""{ "metadata": { "generation": 1 }, "spec": {}, "status": {} }""")]
    [InlineData("""{ "metadata": { "generation": 1 }, "spec": {}, "status": { "observedGeneration": 1, "conditions": [] } }""")]
    public async Task A_gate_that_nobody_has_judged_is_progressing(string gate) =>
        Assert.Equal("Progressing not judged yet", Assert.Single(await HealthAsync(JsonNode.Parse(gate)!)));

    [Fact]
    public async Task What_was_found_of_an_older_spec_is_not_the_health_of_this_one()
    {
        JsonNode gate = Judged(Reasons.Open, ReasonTable.Rows[Reasons.Open]);
        gate["metadata"]!["generation"] = 8;

        Assert.Equal("Progressing not judged yet", Assert.Single(await HealthAsync(gate)));
    }

    [Fact]
    public async Task A_frozen_gate_is_suspended_and_not_degraded()
    {
        JsonNode gate = Judged(Reasons.Suspended, ReasonTable.Rows[Reasons.Suspended]);
        gate["spec"]!["suspend"] = true;

        Assert.StartsWith("Suspended spec.suspend", Assert.Single(await HealthAsync(gate)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ConfigMap_that_is_printed_has_the_same_script()
    {
        string[] text = File.ReadAllLines(Path.Combine(Folder, "README.md"));
        IEnumerable<string> printed = text
            .SkipWhile(line => !line.EndsWith("schemagate.dev_SchemaGate: |", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line != "```")
            .Select(line => line.Length == 0 ? line : line[4..]);

        Assert.Equal(File.ReadAllLines(Path.Combine(Folder, "health.lua")), printed, StringComparer.Ordinal);
    }

    /// <summary>A gate about which this reason is all that is known.</summary>
    private static JsonObject Judged(string reason, ReasonRow row) => new()
    {
        ["metadata"] = new JsonObject { ["generation"] = 7 },
        ["spec"] = new JsonObject { ["suspend"] = false },
        ["status"] = new JsonObject
        {
            ["observedGeneration"] = 7,
            ["conditions"] = new JsonArray(
                Condition("Ready", row.Ready, reason), Condition("Reconciling", row.Reconciling, reason),
                Condition("Stalled", row.Stalled, reason), Condition("DatabaseReachable", holds: true, Reasons.AsExpected)),
        },
    };

    private static JsonObject Condition(string type, bool holds, string reason) =>
        new() { ["type"] = type, ["status"] = holds ? "True" : "False", ["reason"] = reason, ["message"] = "why" };

    private static async Task<IReadOnlyList<string>> HealthAsync(params JsonNode[] gates)
    {
        string script = await File.ReadAllTextAsync(Path.Combine(Folder, "health.lua"));
        string program = $"local function script()\n{script}\nend\nlocal gates = {Literal(new JsonArray(gates))}\n{Runner}";
        return (await TestEnvironment.RunAsync(TestEnvironment.Lua, ["-"], program)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>JSON as Lua writes it.</summary>
    private static string Literal(JsonNode? node) => node switch
    {
        JsonObject fields => $"{{ {string.Join(", ", fields.Select(field => $"{field.Key} = {Literal(field.Value)}"))} }}",
        JsonArray items => $"{{ {string.Join(", ", items.Select(Literal))} }}",
        null => "nil",
        _ => node.ToJsonString(Plain),
    };
}
