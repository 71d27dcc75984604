using System.Text.Json;
using System.Xml.Linq;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>lint's formats for programs, with names that each of them could stumble on.</summary>
public sealed class LintFormatTests : IDisposable
{
    private const string Hostile = "ALTER TABLE \"a%|<b>::error::[x](1){0}&@me#1\" DROP COLUMN \"c\u0001`*\";";

    private readonly Migrations _set = new();

    public void Dispose() => _set.Dispose();

    [Fact]
    public async Task Sarif_has_rules_with_help_and_results_with_regions()
    {
        JsonElement run = Run((await _set.LintAsync("--output", "sarif")).Output);
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        JsonElement result = run.GetProperty("results").EnumerateArray()
            .First(result => result.GetProperty("ruleId").GetString() == "drop-column");
        Assert.Equal("drop-column", rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        Assert.Contains("Safe way", rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("help").GetProperty("text")
            .GetString(), StringComparison.Ordinal);
        JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("""{"startLine":2,"startColumn":20,"endLine":2,"endColumn":37}""", JsonSerializer.Serialize(
            place.GetProperty("region")).Replace(" ", "", StringComparison.Ordinal));
        Assert.StartsWith("file:///", place.GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("error", result.GetProperty("level").GetString());
    }

    [Fact]
    public async Task Sarif_takes_any_name()
    {
        JsonElement result = Run((await Migrations.LintTextAsync(Hostile, "--output", "sarif")).Output).GetProperty("results")[0];
        Assert.Contains("[x] (1){{0}}&@me#1", result.GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("%3Cstdin%3E", result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation")
            .GetProperty("uri").GetString());
    }

    [Fact]
    public async Task Sarif_says_what_could_not_be_read()
    {
        JsonElement invocation = Run(
            (await Schemagate.RunAsync("lint", _set.At("prisma"), "--output", "sarif")).Output).GetProperty("invocations")[0];
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        Assert.Contains("has no migration", invocation.GetProperty("toolExecutionNotifications")[0].GetProperty("message")
            .GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JUnit_has_a_test_case_for_each_migration()
    {
        XElement suite = XDocument.Parse((await _set.LintAsync("--output", "junit")).Output).Root!.Element("testsuite")!;
        Assert.Equal("3 1 0", $"{suite.Attribute("tests")?.Value} {suite.Attribute("failures")?.Value} {suite.Attribute("errors")?.Value}");
        Assert.Equal([Migrations.First, Migrations.Second, Migrations.Third], suite.Elements("testcase")
            .Select(test => test.Attribute("name")!.Value), StringComparer.Ordinal);
        Assert.Contains("risky drop-column", suite.Elements("testcase").Single(test => test.Element("failure") is not null)
            .Element("failure")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JUnit_takes_any_name()
    {
        XElement failure = XDocument.Parse((await Migrations.LintTextAsync(Hostile, "--output", "junit")).Output).Descendants("failure")
            .Single();
        Assert.Contains("\"a%|<b>::error::", failure.Value.Replace("`a%", "\"a%", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("c\uFFFD", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHub_gets_an_annotation_for_each_finding()
    {
        string file = Path.Combine(_set.Set, Migrations.Second, "migration.sql");
        Assert.Contains(
            $"::error file={file},line=2,endLine=2,col=20,endColumn=37,title=drop-column::Drops column `total`",
            (await _set.LintAsync("--output", "github")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Hostile)]
    [InlineData("ALTER TABLE a DROP COLUMN \"x\n::error::forged\";")]
    public async Task GitHub_takes_any_name(string sql)
    {
        string[] lines = (await Migrations.LintTextAsync(sql, "--output", "github")).Output.Split('\n');
        Assert.All(
            lines.Where(line => line.StartsWith("::", StringComparison.Ordinal)),
            line => Assert.Matches("^::(error|warning|notice) file=<stdin>,line=1,", line));
        Assert.DoesNotContain(lines, line => line.Contains("a%|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Markdown_has_a_table_for_each_migration_with_findings()
    {
        string page = (await _set.LintAsync("--output", "markdown")).Output;
        Assert.Contains("-->\n### ❌ schemagate lint failed\n\n3 migrations, 1 risky", page, StringComparison.Ordinal);
        Assert.Contains(
            $"<details open><summary><code>{Migrations.Second.Replace("_", "&#95;", StringComparison.Ordinal)}</code> Risky: ",
            page,
            StringComparison.Ordinal);
        Assert.Contains(
            "| 2 | risky <code>drop-column</code> | Drops column <code>total</code> of <code>orders</code> with its data",
            page,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markdown_takes_any_name()
    {
        string page = (await Migrations.LintTextAsync(Hostile, "--output", "markdown")).Output;
        string row = Assert.Single(page.Split('\n'), line => line.Contains("drop-column", StringComparison.Ordinal));
        Assert.Equal(5, row.Count(symbol => symbol == '|'));
        Assert.All(["<b>", "[x]", "@me", "`", "\u0001"], text => Assert.DoesNotContain(text, row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Markdown_is_never_longer_than_a_comment()
    {
        string sql = string.Concat(
            Enumerable.Range(0, 2_000).Select(number => $"ALTER TABLE orders DROP COLUMN \"<{number}>_{new string('|', 50)}\";\n"));
        _set.Migrate(Migrations.Third, sql);
        string page = (await _set.LintAsync("--output", "markdown")).Output;
        Assert.InRange(page.Length, 60_000, 65_536);
        Assert.EndsWith("files with findings are not shown, or not whole.\n", page, StringComparison.Ordinal);
        Assert.Equal(page.Split("<details").Length, page.Split("</details>").Length);
    }

    [Theory]
    [InlineData("ALTER TABLE orders DROP COLUMN a;", "Risky")]
    [InlineData("ALTER TABLE orders ADD COLUMN a uuid DEFAULT gen_random_uuid();", "Risky")]
    [InlineData("CLUSTER orders USING i;", "Risky")]
    [InlineData("BEGIN; CREATE INDEX CONCURRENTLY i ON orders (a); COMMIT;", "Risky")]
    [InlineData("DO $$ BEGIN NULL; END $$;", "Unknown")]
    [InlineData("CREATE INDEX i ON orders (a);", "Blocking")]
    [InlineData("ALTER TABLE orders ADD COLUMN a int;", "Safe")]
    [InlineData("DROP INDEX i;", "Safe")]
    public async Task Nothing_is_called_safe_beside_what_is_risky_or_stops_a_table(string sql, string level)
    {
        using JsonDocument report = JsonDocument.Parse((await Migrations.LintTextAsync(sql, "--output", "json")).Output);
        JsonElement migration = report.RootElement.GetProperty("migrations")[0];
        Assert.Equal(level, migration.GetProperty("level").GetString());
        Assert.Equal(level == "Safe", migration.GetProperty("leastRiskLevel").GetString() == "Low");
        Assert.Equal(level == "Safe", migration.GetProperty("sentence").GetString()!.Contains("Safe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_that_no_migration_made_is_no_table()
    {
        using JsonDocument report = JsonDocument.Parse((await Migrations.LintTextAsync("DROP INDEX i;", "--output", "json")).Output);
        JsonElement hazard = report.RootElement.GetProperty("migrations")[0].GetProperty("locks")[0];
        Assert.Equal(JsonValueKind.Null, hazard.GetProperty("table").ValueKind);
        Assert.Contains("the table of index `i`", hazard.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_documented_keys()
    {
        JsonElement report = JsonDocument.Parse(
            (await Migrations.LintTextAsync("DROP TABLE orders;", "--output", "json")).Output).RootElement;
        Assert.Equal("result failOn postgresVersion parserVersion summary migrations problems notes", Keys(report));
        JsonElement migration = report.GetProperty("migrations")[0];
        Assert.Equal("name source file level leastRiskLevel inOneTransaction sentence locks findings ignored baselined", Keys(migration));
        Assert.Equal("table mode blocksReads blocksWrites assumed line column sentence", Keys(migration.GetProperty("locks")[0]));
        Assert.Equal("rule severity counts message safeWay categories assumed line column endLine endColumn source fingerprint", Keys(
            migration.GetProperty("findings")[0]));
        Assert.Equal("text from length", Keys(migration.GetProperty("findings")[0].GetProperty("source")));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("sarif")]
    public async Task Json_is_all_of_the_output(string format)
    {
        Outcome outcome = await _set.LintAsync("--output", format);
        Assert.Equal(
            (1, "", JsonValueKind.Object), (outcome.Code, outcome.Error, JsonDocument.Parse(outcome.Output).RootElement.ValueKind));
    }

    private static string Keys(JsonElement item) => string.Join(' ', item.EnumerateObject().Select(key => key.Name));

    private static JsonElement Run(string output) =>
        Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("runs").EnumerateArray());
}
