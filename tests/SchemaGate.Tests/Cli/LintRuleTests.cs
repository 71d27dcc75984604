using System.Text.Json;
using SchemaGate.Cli.Lint;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Tests.Cli;

/// <summary>lint, as far as it needs no parser.</summary>
public sealed class LintRuleTests
{
    [Fact]
    public async Task A_rules_page_is_plain_text()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--explain", "drop-column");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("drop-column\n\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nSafe way\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\n    ALTER TABLE orders DROP COLUMN total;\n", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("```", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rules_page_says_what_an_example_is_judged_with()
    {
        string page = (await Schemagate.RunAsync("lint", "--explain", "set-not-null-scan")).Output;
        Assert.Contains("    -- in an earlier migration\n    CREATE TABLE orders", page, StringComparison.Ordinal);
        Assert.Contains("    -- PostgreSQL 11\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rules_page_as_json_is_its_markdown()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--explain", "drop-column", "--output", "json");
        JsonElement rule = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(("drop-column", "high"), (rule.GetProperty("id").GetString(), rule.GetProperty("severity").GetString()));
        Assert.Equal(RuleCatalog.Page("drop-column"), rule.GetProperty("page").GetString());
    }

    [Theory]
    [InlineData("drop-colum", "drop-column")]
    [InlineData("fk", "")]
    [InlineData("rename-coloumn", "rename-column")]
    public async Task An_unknown_rule_is_answered_with_the_nearest(string rule, string nearest)
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--explain", rule);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Equal(rule != "fk", outcome.Error.Contains($"did you mean {nearest}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_rules_are_listed()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--rules");
        Assert.Equal(RuleCatalog.All.Count, outcome.Output.Count(symbol => symbol == '\n'));
        Assert.Matches("(?m)^drop-column +high +A column and its data are gone", outcome.Output);
    }

    [Theory]
    [InlineData("lint", "--fail-on", "maybe")]
    [InlineData("lint", "--postgres-version", "new")]
    [InlineData("lint", "--postgres-version", "150")]
    [InlineData("lint", "--output", "xml")]
    [InlineData("lint", "--bogus")]
    [InlineData("lint", "/no/such/file.sql")]
    [InlineData("lint", "-", "-")]
    [InlineData("lint", "")]
    [InlineData("lint", "--config", "")]
    [InlineData("lint", "--config", "/no/such/file")]
    [InlineData("lint", "--config", "/etc/passwd")]
    [InlineData("lint", "--baseline", "/etc/passwd")]
    [InlineData("lint", "--rules", "--output", "sarif")]
    [InlineData("lint", "https://example.com/a.sql")]
    public async Task What_cannot_be_meant_is_refused_on_standard_error(params string[] args)
    {
        Outcome outcome = await Schemagate.RunAsync(args);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith("schemagate: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_has_examples_and_exit_codes()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("Examples:", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nbb cc\nd", 5, 2, "bb cc", 3, 2)]
    [InlineData("bb cc", 0, 2, "bb cc", 0, 2)]
    [InlineData("a\r\nbb\r\n", 3, 5, "bb", 0, 2)]
    [InlineData("", 0, 0, "", 0, 1)]
    [InlineData("abc", 3, 0, "abc", 3, 1)]
    public void A_place_is_shown_on_its_line(string sql, int offset, int length, string text, int from, int marked) =>
        Assert.Equal(new SourceLine(text, from, marked), SourceLine.Of(sql, new(offset, length, 1, 1)));

    [Fact]
    public void Of_a_long_line_the_part_around_the_place_is_shown()
    {
        SourceLine line = SourceLine.Of($"{new string('a', 500)}DROP{new string('b', 500)}", new(500, 4, 1, 501));
        Assert.Equal(("DROP", 160), (line.Text.Substring(line.From, line.Length), line.Text.Length));
    }
}
