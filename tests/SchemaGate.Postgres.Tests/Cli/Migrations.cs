using System.Text.Json;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>A checkout in a directory of its own, and lint on it.</summary>
internal sealed class Migrations : IDisposable
{
    public const string First = "20250101000000_orders";
    public const string Second = "20250201000000_drop_total";
    public const string Third = "20250301000000_index";

    public Migrations()
    {
        try
        {
            _ = StatementReader.ParserVersion;
        }
        catch (DatabaseException exception)
        {
            Prerequisite.Missing(exception.Message);
        }

        Migrate(First, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, note text);");
        Migrate(Second, "-- It is no longer read.\nALTER TABLE orders DROP COLUMN total;\n");
        Migrate(Third, "CREATE INDEX orders_note ON orders (note);");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public string Set => Path.Combine(Root, "prisma", "migrations");

    public string At(string path) => Path.Combine(Root, path);

    public void Migrate(string name, string sql) => Write($"prisma/migrations/{name}/migration.sql", sql);

    public string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        return At(path);
    }

    public Task<Outcome> LintAsync(params string[] args) => Schemagate.RunAsync(["lint", Root, .. args]);

    public async Task<JsonElement> ReportAsync(params string[] args) =>
        JsonDocument.Parse((await LintAsync([.. args, "--output", "json"])).Output).RootElement;

    public static async Task<Outcome> LintTextAsync(string sql, params string[] args) =>
        await new Schemagate { Input = sql }.InvokeAsync(["lint", "-", .. args], TestContext.Current.CancellationToken);

    /// <summary>Each finding as <c>migration rule</c>.</summary>
    public static string[] Rules(JsonElement report) =>
    [
        .. report.GetProperty("migrations").EnumerateArray().SelectMany(migration => migration.GetProperty("findings").EnumerateArray()
            .Select(finding => $"{migration.GetProperty("name")} {finding.GetProperty("rule")}")),
    ];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
