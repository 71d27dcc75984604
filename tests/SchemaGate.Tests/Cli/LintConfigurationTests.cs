using System.Text;
using System.Text.Json;
using SchemaGate.Cli;
using SchemaGate.Cli.Lint;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Tests.Cli;

public sealed class LintConfigurationTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "config", "lint", "schemagate-lint.schema.json"))).RootElement;

    private static LintConfiguration Read(string json) => LintConfigurationReader.Read("lint.json", Encoding.UTF8.GetBytes(json));

    private static string[] Words(JsonElement list) => [.. list.EnumerateArray().Select(word => word.GetString()!)];

    private static JsonElement Key(string key) => s_schema.GetProperty("properties").GetProperty(key);

    private static string[] Severities(string definition) =>
        Words(s_schema.GetProperty("$defs").GetProperty(definition).GetProperty("enum"));

    [Fact]
    public void Everything_that_it_may_say_is_read()
    {
        LintConfiguration configuration = Read("""
            // Comments and a comma too many are allowed.
            {
              "$schema": "x", "postgresVersion": 15, "failOn": "warning", "transactions": "oneText", "schema": "shop",
              "lockTimeoutIsSet": true, "conventions": true,
              "rules": { "drop-column": "off", "create-index-blocking": "high", },
              "ignore": ["legacy/*"]
            }
            """);
        RiskOptions options = configuration.Options(postgresVersion: null, conventions: false);
        Assert.Equal(
            (15, TransactionMode.OneText, "shop", true),
            (options.TargetMajor, options.Transactions, options.Schema, options.LockTimeoutIsSet));
        Assert.Equal(("warning", "legacy/*"), (configuration.FailOn, Assert.Single(configuration.Ignore)));
        Assert.Equal("drop-column", Assert.Single(options.DisabledRules));
        Assert.Equal(RiskSeverity.High, options.Severities["create-index-blocking"]);
        Assert.Contains("prefer-bigint", options.EnabledRules, StringComparer.Ordinal);
    }

    [Fact]
    public void A_convention_with_a_severity_is_judged() =>
        Assert.Contains("prefer-bigint", Read("""{ "rules": { "prefer-bigint": "low" } }""").Options(
            null, conventions: false).EnabledRules, StringComparer.Ordinal);

    [Theory]
    [InlineData("{\n \"failsOn\": \"risky\" }", "lint.json:2: There is no key 'failsOn'; did you mean failOn.")]
    [InlineData("{ \"rules\": {\n\n \"drop-colum\": \"off\" } }", "lint.json:3: There is no rule 'drop-colum'; did you mean drop-column")]
    [InlineData("{ \"rules\": { \"drop-column\": \"error\" } }", "lint.json:1: drop-column is one of off, information, low, medium, high, "
        + "and not 'error'.")]
    [InlineData("{ \"rules\": { \"opaque-sql\": \"off\" } }", "lint.json:1: opaque-sql cannot be off")]
    [InlineData("{ \"failOn\": true }", "lint.json:1: failOn is one of risky, warning, note, never.")]
    [InlineData("{ \"postgresVersion\": 150 }", "lint.json:1: postgresVersion is a major version")]
    [InlineData("{ \"conventions\": 1 }", "lint.json:1: conventions is true or false.")]
    [InlineData("{ \"ignore\": [1] }", "lint.json:1: A glob is a text.")]
    [InlineData("{ \"failOn\": \"note\",\n\"failOn\": \"note\" }", "lint.json:2: 'failOn' stands here a second time.")]
    [InlineData("[]", "lint.json:1: The configuration is an object")]
    [InlineData("", "lint.json:1: This is no JSON")]
    [InlineData("{\n\"failOn\" \"note\" }", "lint.json:2: This is no JSON")]
    [InlineData("{} {}", "lint.json:1: This is no JSON")]
    [InlineData("{ \"schema\": \"\\uD800\" }", "lint.json:1: The text has an escape that is no character.")]
    public void What_it_may_not_say_is_refused_with_its_line(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<UsageException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_published_schema_has_every_key_and_no_other() =>
        Assert.Equal(LintConfigurationReader.Keys.Order(StringComparer.Ordinal), s_schema.GetProperty("properties").EnumerateObject()
            .Select(key => key.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void The_published_schema_has_every_rule_and_no_other() => Assert.Equal(
        RuleCatalog.All.Select(rule => rule.Id).Order(StringComparer.Ordinal),
        Key("rules").GetProperty("properties").EnumerateObject().Select(rule => rule.Name)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void The_published_schema_has_the_words_that_are_read()
    {
        Assert.Equal(LintConfigurationReader.Severities, Severities("severity"), StringComparer.Ordinal);
        Assert.Equal(LintConfigurationReader.Severities.Skip(1), Severities("severityOfWhatCannotBeJudged"), StringComparer.Ordinal);
        Assert.Equal(LintConfigurationReader.Thresholds, Words(Key("failOn").GetProperty("enum")), StringComparer.Ordinal);
        Assert.Equal(LintConfigurationReader.TransactionModes, Words(Key("transactions").GetProperty("enum")), StringComparer.Ordinal);
        Assert.Equal(
            (LintConfigurationReader.OldestVersion, LintConfigurationReader.NewestVersion),
            (Key("postgresVersion").GetProperty("minimum").GetInt32(), Key("postgresVersion").GetProperty("maximum").GetInt32()));
    }

    [Theory]
    [InlineData("severity")]
    [InlineData("severityOfWhatCannotBeJudged")]
    public void Every_severity_of_the_published_schema_is_taken_for_every_rule_that_has_it(string definition)
    {
        string[] rules = [.. Key("rules").GetProperty("properties").EnumerateObject()
            .Where(rule => rule.Value.GetProperty("$ref").GetString() == $"#/$defs/{definition}").Select(rule => rule.Name)];
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.All(
            Severities(definition), severity => Assert.Single(Read($$"""{ "rules": { "{{rule}}": "{{severity}}" } }""").Rules)));
    }
}
