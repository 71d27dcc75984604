using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace SchemaGate.EndToEnd.Support;

/// <summary>What tests of runs ask of a shop.</summary>
internal static class ShopRuns
{
    /// <summary>The part of a gate's spec with which it runs its migrations itself.</summary>
    public const string AsJob = "migrate: { mode: Job }, policy: { approval: Never },";

    /// <summary>As <see cref="AsJob"/>, and a statement waits for longer than any test.</summary>
    public const string Patient = "migrate: { mode: Job, lockTimeout: 10m }, policy: { approval: Never },";

    /// <summary>The shop's first migration and, as its second, this SQL.</summary>
    public static Task<string> PushSqlAsync(
        this Shop shop,
        string tag,
        string sql) => shop.Images.PushFilesAsync(tag, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["docs/DATABASE_SCHEMA_CHANGELOG.md"] = SchemaImages.Document([Shop.First, Shop.Second]),
            [$"prisma/migrations/{Shop.First}/migration.sql"] = SchemaImages.Sql(Shop.First),
            [$"prisma/migrations/{Shop.Second}/migration.sql"] = sql,
        });

    public static async Task<IReadOnlyList<JsonElement>> JobsAsync(this Shop shop) =>
        [.. await ClusterReads.JobsAsync(shop.Namespace)];

    /// <summary>The gate's last run, as its status has it.</summary>
    public static async Task<JsonElement> RunAsync(this Shop shop) => (await shop.GateAsync()).GetProperty("status").GetProperty("run");

    /// <summary>Waits until the history says that the last run succeeded, and returns it.</summary>
    public static async Task<JsonElement> SucceedsAsync(this Shop shop)
    {
        JsonElement run = default;
        await Eventually.TrueAsync(
            async () => (run = await shop.RunAsync()).TryGetProperty("result", out JsonElement result)
                && result.GetString() == "Succeeded", () => $"the run succeeded: {run}");
        return run;
    }

    public static async Task<string> LogAsync(this Shop shop) =>
        (await TestEnvironment.TryAsync("kubectl", ["-n", shop.Namespace, "logs", "-l", "schemagate.dev/run", "--tail=-1"])).Output;

    /// <summary>Writes a migration into a checkout.</summary>
    public static void Write(string checkout, string migration, string? sql = null)
    {
        string directory = Directory.CreateDirectory(Path.Combine(checkout, "prisma/migrations", migration)).FullName;
        File.WriteAllText(Path.Combine(directory, "migration.sql"), sql ?? SchemaImages.Sql(migration));
    }

    /// <summary>
    /// Runs, in a shell, the first command of a message that has this option:
    /// as printed, with the URL where people have it, and without any file.
    /// </summary>
    public static async Task DoAsPrintedAsync(this Shop shop, string message, string option)
    {
        Match printed = Regex.Match(
            message,
            $"`(?<command>schemagate [^`]*{Regex.Escape(option)}[^`]*)`",
            RegexOptions.None,
            TimeSpan.FromSeconds(1));
        Assert.True(printed.Success, $"no command with {option}: {message}");
        (int Code, string Output, string Error) end = (0, "", "");
        await Eventually.TrueAsync(
            async () =>
            {
                end = await shop.CommandAsync($"cd / && {printed.Groups["command"].Value}");
                // It is refused for as long as the server works for a run that has died.
                return !end.Output.Contains("has died, but not all of it", StringComparison.Ordinal);
            },
            () => end.Output);
        Assert.True(end.Code == 0, $"{printed.Value}: {end}");
    }

    /// <summary>A line of shell, in which schemagate is the published command.</summary>
    public static Task<(int Code, string Output, string Error)> CommandAsync(this Shop shop, string line) => TestEnvironment.TryAsync(
        "env",
        [
            $"PATH={Path.GetDirectoryName(TestEnvironment.Binary)}:{Environment.GetEnvironmentVariable("PATH")}",
            $"DATABASE_URL={shop.DatabaseUrl}",
            "sh", "-c", line,
        ]);

    /// <summary>Each row as text, bars between its columns, a dash for null.</summary>
    public static async Task<IReadOnlyList<string>> QueryAsync(this Shop shop, string sql)
    {
        await using NpgsqlConnection connection = await shop.ConnectAsync();
        await using NpgsqlCommand command = new(
            $"SELECT concat_ws('|', VARIADIC ARRAY(SELECT coalesce(value, '-') FROM json_each_text(to_json(q)))) FROM ({sql}) q",
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public static Task UntilAsync(this Shop shop, string sql, string expected)
    {
        string seen = "";
        return Eventually.TrueAsync(
            async () => (seen = (await shop.QueryAsync(sql))[0]) == expected,
            () => $"{sql} gives {expected}; it gives {seen}");
    }

    /// <summary>The history: every column that Prisma writes, of ids and times what must be alike.</summary>
    public static Task<IReadOnlyList<string>> HistoryAsync(this Shop shop) => shop.QueryAsync("""
        SELECT migration_name, checksum, applied_steps_count, logs,
               finished_at >= started_at AS finished, rolled_back_at >= started_at AS rolled_back,
               id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AS uuid
        FROM _prisma_migrations ORDER BY started_at
        """);

    /// <summary>A row of <see cref="HistoryAsync"/> that Prisma leaves when a migration has worked.</summary>
    public static string Applied(string name, string? sql = null) => Row(name, sql, "1|-|true|-");

    /// <param name="name">The migration's.</param>
    /// <param name="sql">Its file's text; null for a shop's own.</param>
    /// <param name="end">Steps, logs, finished, rolled back.</param>
    public static string Row(string name, string? sql, string end) =>
        $"{name}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql ?? SchemaImages.Sql(name))))}|{end}|true";

    /// <summary>A session of the test's own, which holds this until it is disposed of.</summary>
    public static async Task<NpgsqlConnection> HoldAsync(this Shop shop, params string[] statements)
    {
        NpgsqlConnection holder = await shop.ConnectAsync();
        foreach (string statement in statements)
        {
            await using NpgsqlCommand command = new(statement, holder);
            await command.ExecuteNonQueryAsync();
        }

        return holder;
    }
}
