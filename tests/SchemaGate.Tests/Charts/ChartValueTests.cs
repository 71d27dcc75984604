using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Charts;

/// <summary>values.yaml against its schema, and the table in the chart's README.</summary>
public sealed class ChartValueTests
{
    private static readonly string s_chart = Path.Combine(Repository.Root, "charts/schemagate");
    private static readonly IReadOnlyList<ChartValue> s_values = ChartValue.Read(Path.Combine(s_chart, "values.yaml"));
    private static readonly JsonObject s_schema =
        JsonNode.Parse(File.ReadAllText(Path.Combine(s_chart, "values.schema.json")))!.AsObject();

    [Fact]
    public void Each_value_is_described()
    {
        Assert.True(s_values.Count > 50);
        Assert.Empty(s_values.Where(value => value.Description is null).Select(value => value.Path));
    }

    [Fact]
    public void Each_value_has_its_schema_and_each_schema_its_value() => Assert.Equal(
        s_values.Select(value => value.Path).Order(StringComparer.Ordinal),
        // What charts that contain this one may share.
        Leaves(s_schema, "").Where(path => path != "global").Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void No_value_of_another_name_is_taken() => Assert.All(
        Schemas(s_schema).Where(schema => schema["properties"] is not null && schema["required"] is not JsonArray),
        schema => Assert.False(schema["additionalProperties"]!.GetValue<bool>(), schema.ToJsonString()));

    [Fact]
    public void The_table_is_in_the_README()
    {
        const string begin = "because SCHEMAGATE_TEST_REWRITE=1 writes it. -->\n";
        string readme = Path.Combine(s_chart, "README.md");
        string text = File.ReadAllText(readme);
        string prose = text[..(text.IndexOf(begin, StringComparison.Ordinal) + begin.Length)];
        Golden.Same(
            readme,
            $"{prose}\n| value | what it is | default |\n|---|---|---|\n{string.Join('\n', s_values.Select(value => value.Row()))}\n");
    }

    /// <summary>The paths of what <see cref="ChartValue.Read"/> lists: as deep as values.yaml has descriptions.</summary>
    private static IEnumerable<string> Leaves(JsonObject schema, string path) =>
        schema["properties"] is not JsonObject members || s_values.Any(value => value.Path == path)
            ? [path]
            : members.SelectMany(member => Leaves(member.Value!.AsObject(), path.Length == 0 ? member.Key : $"{path}.{member.Key}"));

    private static IEnumerable<JsonObject> Schemas(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Schemas(member.Value)).Prepend(one),
        JsonArray many => many.SelectMany(Schemas),
        _ => [],
    };
}
