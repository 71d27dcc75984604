using System.Text.Json;
using SchemaGate.Tests;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Dialects;

/// <summary>
/// Each folder beside this file is one tool's history and one directory of its migrations: <c>database.sql</c> (a statement ends with a
/// line), <c>migrations/</c>, and in <c>expected.json</c> what <c>schemagate verify</c> makes of both.
/// </summary>
public sealed class DialectScenarioTests
{
    public const string Document = "# Changelog\n\n## Pending\n\n## Migrated\n\n## Deployed\n";

    private static readonly string s_root = Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Dialects");

    public static TheoryData<string> Scenarios => [.. Directory.EnumerateDirectories(s_root).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_tools_history_and_files_are_judged_together(string scenario)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Statements(scenario));
        using JsonDocument expected = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(s_root, scenario, "expected.json"), TestContext.Current.CancellationToken));
        JsonElement wanted = expected.RootElement;
        using JsonDocument report = await VerifyAsync(
            database, scenario, [.. wanted.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)]);
        JsonElement found = report.RootElement;
        Assert.Equal(wanted.GetProperty("reason").GetString(), found.GetProperty("reason").GetString());
        Assert.Contains(wanted.GetProperty("message").GetString()!, found.GetProperty("message").GetString(), StringComparison.Ordinal);
        foreach (string part in (string[])["required", "pending", "failed", "edited", "unknown"])
        {
            Assert.Equal($"{part}: {Text(wanted.GetProperty(part))}", $"{part}: {Text(found.GetProperty("migrations").GetProperty(part))}");
        }
    }

    internal static string[] Statements(string scenario) =>
        File.ReadAllText(Path.Combine(s_root, scenario, "database.sql"))
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static async Task<JsonDocument> VerifyAsync(TestDatabase database, string scenario, params string[] arguments)
    {
        Outcome outcome = await new Schemagate { Input = Document }.InvokeAsync(
            [
                "verify", Path.Combine(s_root, scenario), "--migrations", "migrations", "--document", "-", "--database", database.UrlText(),
                "--undocumented", "ignore", "--output", "json", .. arguments,
            ],
            TestContext.Current.CancellationToken);
        return JsonDocument.Parse(outcome.Output);
    }

    private static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
        ? string.Join(", ", element.EnumerateArray().Select(name => name.GetString()))
        : element.ToString();
}
