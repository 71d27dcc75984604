using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Api;

/// <summary>The definition in config/crd and the C# records, walked against each other.</summary>
public sealed class CrdTests
{
    private static readonly YamlNode s_definition = Yaml.Load(Path.Combine(Repository.Root, "config", "crd", "schemagates.yaml"));
    private static readonly YamlNode s_version = s_definition["spec"]["versions"][0];
    private static readonly YamlNode s_schema = s_version["schema"]["openAPIV3Schema"];

    public static TheoryData<string> Paths => [.. Properties("", s_schema["properties"]).Select(property => property.Path)];

    [Fact]
    public void The_definition_names_the_type_that_the_code_asks_for()
    {
        var type = SchemaGateResource.Resource;
        YamlNode names = s_definition["spec"]["names"];
        Assert.Equal(
            (type.Group, type.Kind, type.Plural), (Text(s_definition["spec"], "group"), Text(names, "kind"), Text(names, "plural")));
        Assert.Equal((type.Version, $"{type.Plural}.{type.Group}"), (Text(s_version, "name"), Text(s_definition["metadata"], "name")));
    }

    [Fact]
    public void Each_property_of_the_records_is_in_the_definition_and_the_other_way_round()
    {
        Assert.Equal(
            Described(typeof(SchemaGateSpec), "spec").Concat(Described(typeof(SchemaGateStatus), "status")).Order(StringComparer.Ordinal),
            Properties("", s_schema["properties"]).Where(property => property.Path.Contains('.', StringComparison.Ordinal))
                .Select(property => $"{property.Path}: {Shape(property.Schema)}").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Each_property_says_what_it_is(string path)
    {
        YamlNode schema = At(path);
        string words = Find(schema, "description")?.ToString() ?? "";
        Assert.True(path is "metadata" or "apiVersion" or "kind" || (words.Length > 3 && words.EndsWith('.')), path);
    }

    [Theory]
    [InlineData("spec.enforcement", typeof(Enforcement))]
    [InlineData("spec.database.tool", typeof(MigrationTool))]
    [InlineData("spec.policy.undocumented", typeof(PolicyMode))]
    [InlineData("spec.policy.riskMismatch", typeof(PolicyMode))]
    [InlineData("spec.policy.edited", typeof(PolicyMode))]
    [InlineData("spec.policy.outOfOrder", typeof(PolicyMode))]
    [InlineData("spec.policy.databaseAhead", typeof(PolicyMode))]
    [InlineData("spec.policy.unpinned", typeof(PolicyMode))]
    [InlineData("spec.policy.drift", typeof(PolicyMode))]
    [InlineData("spec.policy.breaks", typeof(PolicyMode))]
    [InlineData("spec.policy.contract", typeof(ContractMode))]
    [InlineData("spec.policy.approval", typeof(ApprovalMode))]
    [InlineData("spec.rehearsal.like", typeof(RehearsalLikeness))]
    [InlineData("spec.rehearsal.mode", typeof(RehearsalMode))]
    [InlineData("spec.migrate.mode", typeof(MigrateMode))]
    [InlineData("status.conditions.status", typeof(ConditionStatus))]
    public void A_choice_is_the_code_s_choice(string path, Type type) =>
        Assert.Equal(Enum.GetNames(type), ((YamlSequenceNode)At(path)["enum"]).Select(node => node.ToString()), StringComparer.Ordinal);

    [Fact]
    public void Each_choice_of_the_definition_is_compared() => Assert.Equal(
        16, Properties("", s_schema["properties"]).Count(property => Find(property.Schema, "enum") is not null));

    [Fact]
    public void The_definition_s_defaults_are_those_of_the_reader()
    {
        (GateSpec written, IReadOnlyList<string> problems) = SpecReader.Read(JsonSerializer.Deserialize(
            Yaml.ToJson(Defaults(At("spec"))), ApiJson.Default.SchemaGateResource.Options.GetTypeInfo(
                typeof(SchemaGateSpec))) as SchemaGateSpec ?? new());
        GateSpec absent = SpecReader.Read(new()).Spec;
        Assert.Equal(3, problems.Count);
        Assert.Equal(absent, written);
    }

    [Fact]
    public void What_has_one_default_in_code_has_it_in_the_definition() => Assert.Equal(
        ["spec.changelog.migrations", "spec.changelog.plainHttp", "spec.changelog.recheck", "spec.changelog.recordsThisDatabase",
            "spec.database.driftRecheck", "spec.database.recheck", "spec.enforcement", "spec.migrate.deadline", "spec.migrate.lockTimeout",
            "spec.migrate.mode", "spec.migrate.retries", "spec.policy.approval", "spec.policy.breaks", "spec.policy.contract",
            "spec.policy.databaseAhead", "spec.policy.drift", "spec.policy.edited", "spec.policy.outOfOrder", "spec.policy.riskMismatch",
            "spec.policy.undocumented", "spec.policy.unpinned", "spec.rehearsal.like", "spec.rehearsal.mode", "spec.suspend"],
        Properties("", s_schema["properties"]).Where(property => Find(property.Schema, "default") is not null)
            .Select(property => property.Path).Order(StringComparer.Ordinal),
        StringComparer.Ordinal);

    [Theory]
    [InlineData("5m", true)]
    [InlineData("1h30m", true)]
    [InlineData("1500ms", true)]
    [InlineData("", false)]
    [InlineData("5", false)]
    [InlineData("1d", false)]
    [InlineData("1.5h", false)]
    [InlineData("-5m", false)]
    [InlineData(" 5m", false)]
    public void A_duration_s_pattern_takes_what_the_code_takes(string text, bool isDuration)
    {
        Assert.Equal(isDuration, GateDuration.Parse(text) is not null);
        Assert.Equal(isDuration, Regex.IsMatch(
            text, Text(At("spec.changelog.recheck"), "pattern"), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        Assert.All(
            (string[])["spec.database.recheck", "spec.database.driftRecheck"],
            path => Assert.Equal(Text(At("spec.changelog.recheck"), "pattern"), Text(At(path), "pattern")));
    }

    [Theory]
    [InlineData("url", "https://hooks.test/a?b=c", true)]
    [InlineData("url", "http://hooks.test", false)]
    [InlineData("url", " https://hooks.test", false)]
    [InlineData("environment", "p", true)]
    [InlineData("environment", "production EU-1_b.2", true)]
    [InlineData("environment", "prod\n\nSchemaGate-Event: x", false)]
    [InlineData("environment", "`prod`", false)]
    [InlineData("environment", " prod", false)]
    public void Who_is_told_is_an_https_address_and_the_environment_a_name(string field, string text, bool isTaken)
    {
        Assert.Equal(isTaken, Regex.IsMatch(
            text, Text(At($"spec.notify.{field}"), "pattern"), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        Assert.Equal(
            """[{"required":["url"]},{"required":["urlFrom"]}]""", Yaml.ToJson(At("spec.notify")["oneOf"])!.ToJsonString());
    }

    [Fact]
    public void Every_printed_column_shows_a_property_that_is_there() => Assert.All(
        ((YamlSequenceNode)s_version["additionalPrinterColumns"]).Select(column => Text(column, "jsonPath").TrimStart('.'))
            .Where(path => !path.StartsWith("metadata", StringComparison.Ordinal)),
        path => Assert.NotNull(At(path)));

    [Fact]
    public void What_the_reader_asks_for_the_definition_requires() => Assert.Equal(
        ["spec: changelog database", "spec.changelog: image", "spec.changelog.pullSecretRef: name",
            "spec.changelog.verify.keysFrom: name key", "spec.database: urlFrom",
            "spec.database.urlFrom: name key", "spec.migrate.urlFrom: name key",
            "spec.rehearsal.scratchUrlFrom: name key", "spec.notify: signingKeysFrom",
            "spec.notify.urlFrom: name key", "spec.notify.signingKeysFrom: name key", "spec.notify.authoritiesFrom: name key"],
        Properties("", s_schema["properties"])
            .Where(property => property.Path.StartsWith("spec", StringComparison.Ordinal) && Find(property.Schema, "required") is not null)
            .Select(property => $"{property.Path}: {string.Join(' ', (YamlSequenceNode)property.Schema["required"])}"),
        StringComparer.Ordinal);

    /// <summary>The properties of a record, as the serializer names them, and what each is.</summary>
    private static IEnumerable<string> Described(Type type, string path)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}";
            bool isList = property.PropertyType.IsGenericType
                && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
            Type value = isList
                ? property.PropertyType.GetGenericArguments()[0]
                : Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            yield return $"{name}: {(isList ? "array of " : "")}{Shape(value)}";
            foreach (string inner in Shape(value) == "object" && IsOurs(value) ? Described(value, name) : [])
            {
                yield return inner;
            }
        }
    }

    /// <summary>What the API server keeps untouched has no record of ours.</summary>
    private static bool IsOurs(Type type) =>
        type == typeof(V1Condition) || type.Namespace!.StartsWith(nameof(SchemaGate), StringComparison.Ordinal);

    private static string Shape(Type type) => type switch
    {
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) => "integer int32",
        _ when type == typeof(long) => "integer int64",
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => "string date-time",
        _ => "object",
    };

    private static string Shape(YamlNode schema) => Text(schema, "type") == "array"
        ? $"array of {Shape(schema["items"])}"
        : $"{Text(schema, "type")} {Find(schema, "format")}".TrimEnd();

    private static IEnumerable<(string Path, YamlNode Schema)> Properties(string prefix, YamlNode properties) =>
        ((YamlMappingNode)properties).SelectMany(pair =>
    {
        YamlNode inner = Find(pair.Value, "items") ?? pair.Value;
        string path = prefix + pair.Key;
        return (Find(inner, "properties") is { } below ? Properties($"{path}.", below) : []).Prepend((path, pair.Value));
    });

    private static YamlNode At(string path) => Properties("", s_schema["properties"]).Single(property => property.Path == path).Schema;

    /// <summary>An object with nothing but the defaults below a schema.</summary>
    private static YamlMappingNode Defaults(YamlNode schema) => new(((YamlMappingNode)schema["properties"])
        .Select(pair =>
            (pair.Key, Value: Find(pair.Value, "default") ?? (Find(pair.Value, "properties") is null ? null : Defaults(pair.Value))))
        .Where(pair => pair.Value is not (null or YamlMappingNode { Children.Count: 0 }))
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private static string Text(YamlNode node, string key) => node[key].ToString();

    private static YamlNode? Find(YamlNode node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? found) ? found : null;
}
