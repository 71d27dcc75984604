using System.Text;
using System.Text.Json;
using SchemaGate.Cli;
using SchemaGate.Cli.Lint;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>lint as a pipeline runs it.</summary>
public sealed class LintCommandTests : IDisposable
{
    private const string Drop = $"{Migrations.Second} drop-column";
    private const string Index = $"{Migrations.Third} create-index-blocking";

    private readonly Migrations _set = new();

    public void Dispose() => _set.Dispose();

    [Fact]
    public async Task A_dropped_column_fails_and_is_pointed_at()
    {
        Outcome outcome = await _set.LintAsync();
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        string file = Path.Combine(_set.Set, Migrations.Second, "migration.sql");
        Assert.Contains(
            $"risky drop-column  {file}:2:20\n  Drops column `total` of `orders` with its data", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("    2 | ALTER TABLE orders DROP COLUMN total;\n      |                    "
            + "^^^^^^^^^^^^^^^^^\n  Safe way: ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("line 2: takes ACCESS EXCLUSIVE on `orders` for a moment", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Failed: 3 migrations, 1 risky, ", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("prisma", 3)]
    [InlineData("prisma/migrations", 1)]
    [InlineData($"prisma/migrations/{Migrations.Second}", 1)]
    [InlineData($"prisma/migrations/{Migrations.Third}/migration.sql", 0)]
    public async Task A_checkout_a_set_a_directory_and_a_file_are_found(string path, int code)
    {
        Outcome outcome = await Schemagate.RunAsync("lint", _set.At(path), "--output", "json");
        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == 3, JsonDocument.Parse(outcome.Output).RootElement.GetProperty("problems").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Earlier_migrations_are_context()
    {
        Assert.Equal([Index], await RulesAsync("--since", Migrations.Second));
        Assert.Equal([Drop], (await RulesAsync("--only", Migrations.Second)).Where(rule => rule == Drop), StringComparer.Ordinal);
        _set.Migrate(Migrations.Third, "ALTER TABLE orders ALTER COLUMN note TYPE varchar;");
        Assert.Contains($"{Migrations.Third} change-column-type-in-place", await RulesAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_is_not_there_is_no_context()
    {
        Outcome outcome = await _set.LintAsync("--since", "20250101000000_order");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(
            $"There is no migration 20250101000000_order; did you mean {Migrations.First}", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("risky", "DROP TABLE orders;", 1)]
    [InlineData("risky", "CREATE INDEX a ON orders (note);", 0)]
    [InlineData("warning", "CREATE INDEX a ON orders (note);", 1)]
    [InlineData("risky", "ALTER FROBNICATE orders;", 1)]
    [InlineData("risky", "DO $$ BEGIN END $$;", 1)]
    [InlineData("never", "DROP TABLE orders;", 0)]
    [InlineData("note", "SELECT 1;", 0)]
    [InlineData("note", "-- nothing yet", 0)]
    [InlineData("never", "", 3)]
    public async Task What_fails_is_chosen(string threshold, string sql, int code) =>
        Assert.Equal(code, (await Migrations.LintTextAsync(sql, "--fail-on", threshold)).Code);

    [Fact]
    public async Task A_comment_with_a_reason_ignores_a_rule()
    {
        Outcome outcome = await Migrations.LintTextAsync(
            "-- schemagate: ignore drop-table nobody has it\nDROP TABLE orders;", "--output", "json");
        JsonElement migration = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("migrations")[0];
        Assert.Equal((0, "nobody has it"), (outcome.Code, migration.GetProperty("ignored")[0].GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_servers_version_counts()
    {
        const string sql = "ALTER TABLE orders ADD COLUMN n int DEFAULT 1;";
        Assert.Contains("add-column-default-pre-pg11", (await Migrations.LintTextAsync(
            sql, "--postgres-version", "10")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("add-column-default-pre-pg11", (await Migrations.LintTextAsync(sql)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conventions_are_judged_where_they_are_asked_for()
    {
        const string sql = "CREATE TABLE orders (id int PRIMARY KEY);";
        Assert.DoesNotContain("prefer-bigint", (await Migrations.LintTextAsync(sql)).Output, StringComparison.Ordinal);
        Assert.Contains("prefer-bigint", (await Migrations.LintTextAsync(sql, "--conventions")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_above_the_path_counts()
    {
        _set.Write("schemagate-lint.json", """{ "rules": { "drop-column": "off" }, "ignore": ["prisma/*_index/*"] }""");
        Outcome outcome = await Schemagate.RunAsync("lint", _set.Set, "--output", "json");
        Assert.Equal(0, outcome.Code);
        Assert.DoesNotContain(Migrations.Rules(JsonDocument.Parse(outcome.Output).RootElement), rule => rule == Drop || rule == Index);
    }

    [Fact]
    public async Task A_configuration_above_the_repository_is_not_this_ones()
    {
        _set.Write("schemagate-lint.json", "{ rubbish");
        _set.Write("prisma/.git", "gitdir: elsewhere");
        Assert.Equal(2, (await _set.LintAsync()).Code);
        Assert.Equal(1, (await Schemagate.RunAsync("lint", _set.Set)).Code);
    }

    [Fact]
    public async Task A_directory_of_sql_files_is_a_set_in_the_order_of_its_numbers()
    {
        _set.Write("sql/V10__drop.sql", "ALTER TABLE a DROP COLUMN n;");
        _set.Write("sql/V2__create.sql", "CREATE TABLE a (id bigint PRIMARY KEY, n int);");
        _set.Write("sql/V2__create.down.sql", "DROP TABLE a;");
        JsonElement report = JsonDocument.Parse(
            (await Schemagate.RunAsync("lint", _set.At("sql"), "--output", "json", "--conventions")).Output).RootElement;
        Assert.Equal(["V2__create", "V10__drop"], report.GetProperty("migrations").EnumerateArray()
            .Select(migration => migration.GetProperty("name").GetString()!), StringComparer.Ordinal);
        Assert.Contains("V10__drop rollback-missing", Migrations.Rules(report), StringComparer.Ordinal);
        Assert.DoesNotContain("V2__create rollback-missing", Migrations.Rules(report), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'S', 0 }, "has zero bytes: it is no SQL, or it is saved as UTF-16.")]
    [InlineData(new byte[] { (byte)'-', (byte)'-', 0xE9, (byte)'\n' }, "is not UTF-8: save it as UTF-8.")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)';' }, "is not judged: its file begins with a byte order mark")]
    public async Task What_is_no_text_is_a_sentence_and_the_rest_is_judged(byte[] content, string sentence)
    {
        string file = _set.Write("a.sql", "");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        Outcome outcome = await _set.LintAsync(file);
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"Not judged\n  {file} {sentence}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("risky drop-column", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)';' })]
    [InlineData(new byte[] { (byte)'-', (byte)'-', 0xE9, (byte)'\n' })]
    public async Task What_is_no_text_keeps_its_place_and_is_no_problem_as_context(byte[] content)
    {
        await File.WriteAllBytesAsync(
            Path.Combine(_set.Set, Migrations.First, "migration.sql"), content, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await _set.LintAsync()).Code);
        Outcome outcome = await _set.LintAsync("--since", Migrations.First);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Contains("risky drop-column", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_without_an_end_is_read_up_to_a_length()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "/dev/zero");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("/dev/zero is larger than 16 MiB", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_a_sentence()
    {
        Outcome outcome = await Schemagate.RunAsync("lint", "--image", "127.0.0.1:1/shop/schema:1", "--plain-http");
        Assert.Equal((3, ""), (outcome.Code, outcome.Error));
        Assert.Contains("Not judged\n  ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_hides_what_it_lists_though_lines_move()
    {
        string file = _set.At("baseline.json");
        Assert.Equal(0, (await _set.LintAsync("--write-baseline", file)).Code);
        _set.Migrate(Migrations.Second, "-- It is no longer read.\r\n\r\n\r\nALTER TABLE orders DROP COLUMN total;\r\n");
        JsonElement report = await _set.ReportAsync("--baseline", file);
        Assert.Equal("passed", report.GetProperty("result").GetString());
        Assert.Empty(Migrations.Rules(report));
        Assert.True(report.GetProperty("summary").GetProperty("baselined").GetInt32() >= 2);
    }

    [Fact]
    public async Task A_baseline_hides_nothing_else_and_what_is_stale_is_said()
    {
        string file = _set.At("baseline.json");
        await _set.LintAsync("--write-baseline", file);
        _set.Migrate(Migrations.Second, "ALTER TABLE orders DROP COLUMN note;");
        JsonElement report = await _set.ReportAsync("--baseline", file);
        Assert.Contains(Drop, Migrations.Rules(report), StringComparer.Ordinal);
        Assert.Contains(
            report.GetProperty("notes").EnumerateArray(),
            note => note.GetString()!.StartsWith($"The baseline's drop-column of {Migrations.Second} (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_baseline_is_sorted_and_written_alike_each_time()
    {
        await _set.LintAsync("--write-baseline", _set.At("one.json"));
        await _set.LintAsync("--write-baseline", _set.At("two.json"), "--baseline", _set.At("one.json"));
        string one = await File.ReadAllTextAsync(_set.At("one.json"), TestContext.Current.CancellationToken);
        Assert.Equal(one, await File.ReadAllTextAsync(_set.At("two.json"), TestContext.Current.CancellationToken));
        string[] migrations = [.. JsonDocument.Parse(one).RootElement.GetProperty("findings").EnumerateArray()
            .Select(entry => entry.GetProperty("migration").GetString()!)];
        Assert.Equal(migrations.Order(StringComparer.Ordinal), migrations, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_fails_is_a_problem_of_that_migration_alone()
    {
        RiskRule faulty = new("faulty-rule", "Fails", RiskCategories.None, RiskSeverity.Low)
        {
            Judge = static context => context.Action is DropColumn ? throw new InvalidOperationException() : [],
        };
        Shell shell = new(() => Stream.Null, _ => null, TimeProvider.System, IsColoured: false);
        LintInputs inputs = await LintInputs.ReadAsync(
            [_set.Root], [], "prisma/migrations", new ImageChoice("", false, null), shell, TestContext.Current.CancellationToken);
        LintJudgement judgement = new(new LintChoice(
            null, [], [], _set.Root), RiskOptions.Default with { Rules = [.. RiskOptions.Default.Rules, faulty] }, "risky", Baseline.Empty);
        LintReport report = judgement.Report(inputs);
        Assert.Equal(3, report.ExitCode);
        Assert.StartsWith($"{Migrations.Second} is not judged wholly: the rule faulty-rule failed on it", Assert.Single(
            report.Problems), StringComparison.Ordinal);
        Assert.Contains("drop-column", report.Migrations[1].Findings.Select(finding => finding.Rule), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_of_a_migration_does_not_reach_the_terminal()
    {
        Outcome outcome = await Migrations.LintTextAsync("ALTER TABLE \"a\u001b[2J\u202e\" DROP COLUMN \"b\rc\";");
        Assert.Equal(1, outcome.Code);
        Assert.DoesNotContain(outcome.Output, symbol => symbol is '\u001b' or '\r' or '\u202e');
    }

    [Fact]
    public async Task The_mark_stands_under_the_place_behind_tabs_and_wide_characters()
    {
        Outcome outcome = await Migrations.LintTextAsync("/* 🐘 */\tDROP TABLE orders;");
        Assert.Contains(
            "    1 | /* 🐘 */ DROP TABLE orders;\n      |         ^^^^^^^^^^^^^^^^^\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_is_judged_within_bounds()
    {
        string deep = $"SELECT {new string('(', 200_000)}1{new string(')', 200_000)};";
        Outcome outcome = await Migrations.LintTextAsync(deep);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("opaque-sql", outcome.Output, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(outcome.Output), 1, 5_000);
    }

    private async Task<string[]> RulesAsync(params string[] args) =>
        [.. Migrations.Rules(await _set.ReportAsync(args)).Where(rule => !rule.Contains("missing-", StringComparison.Ordinal))];
}
