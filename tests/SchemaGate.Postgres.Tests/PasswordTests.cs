using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Tests;

/// <summary>A password of every character that the server takes: all of ASCII but the zero, percent-encoded in the URL.</summary>
public sealed class PasswordTests : IDisposable
{
    private const int Window = 8;
    private static readonly string s_ascii = string.Concat(Enumerable.Range(1, 127).Select(code => (char)code));

    private readonly string _root = Directory.CreateTempSubdirectory("schemagate-").FullName;

    private string Report => Path.Combine(_root, "report.json");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Each text ends with another one of those that a text form is likely to lose.</summary>
    [Theory]
    [InlineData(127)]
    [InlineData('\n')]
    [InlineData('\r')]
    [InlineData(' ')]
    [InlineData('\'')]
    [InlineData('"')]
    [InlineData(';')]
    public async Task It_connects(int last)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string password = s_ascii[last..] + s_ascii[..last];
        await using Role role = await Role.CreateAsync(database, password);
        DatabaseState state = await new HistoryReader(
            database.Connections).ReadAsync(TestDatabase.Parse(role.Url(password)), TestContext.Current.CancellationToken);
        Assert.Equal(database.Name, state.Identity.Database);
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(
            () => new HistoryReader(
                database.Connections).ReadAsync(TestDatabase.Parse(role.Url(password[..^1] + "x")), TestContext.Current.CancellationToken));
        Assert.Equal(DatabaseFailure.AccessDenied, refused.Kind);
    }

    [Fact]
    public async Task A_line_feed_at_its_end_is_named_where_the_server_refuses_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Role role = await Role.CreateAsync(database, "secret");
        Assert.Contains("ends with a line feed (%0A), as echo adds one", (await RunAsync(
            role.Url("secret\n"), "status")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("line feed", (await RunAsync(role.Url("wrong"), "status")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task It_is_in_no_output_report_process_list_or_environment(string output)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Role role = await Role.CreateAsync(database, s_ascii);
        Migrate("1_waits", "SELECT pg_advisory_xact_lock(7);");
        Migrate("2_fails", "ALTER TABLE nowhere ADD x int;");
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await new NpgsqlCommand("SELECT pg_advisory_lock(7)", holder).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using Process run = Start(role.Url(s_ascii), "migrate", _root, "--output", output, "--report-file", Report);
        await database.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'", "1");
        string seen = Seen(run.Id.ToString(CultureInfo.InvariantCulture));
        await holder.CloseAsync();
        (int code, string text) = await run.EndAsync();
        string report = await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken);
        Assert.True(code == 1 && text.Contains("nowhere", StringComparison.Ordinal)
            && report.Contains("nowhere", StringComparison.Ordinal), text + report);
        AssertAbsent(seen + text + report);
    }

    /// <summary>A wrong password, and a server that is not there.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("verify", ".")]
    [InlineData("migrate", ".")]
    [InlineData("resolve", "--rolled-back", "1_a")]
    public async Task It_is_in_no_failure(params string[] command)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Role role = await Role.CreateAsync(database, "other");
        Write("docs/DATABASE_SCHEMA_CHANGELOG.md", "## Migrated\n\n### 1_a\n\n- **Status:** MIGRATED\n");
        Migrate("1_a", "SELECT 1;");
        foreach (string url in (string[])[role.Url(s_ascii), $"postgresql://root:{Uri.EscapeDataString(s_ascii)}@127.0.0.1:1/shop"])
        {
            foreach (string output in (string[])["text", "json"])
            {
                (int code, string text) = await RunAsync(url, [.. command, "--output", output]);
                Assert.True(code == 3 && text.Contains("127.0.0.1", StringComparison.Ordinal), text);
                AssertAbsent(text);
            }
        }
    }

    private static void AssertAbsent(string text)
    {
        foreach (string form in (string[])[s_ascii, Uri.EscapeDataString(s_ascii)])
        {
            string? found = Enumerable.Range(0, form.Length - Window).Select(start => form.Substring(start, Window))
                .FirstOrDefault(piece => text.Contains(piece, StringComparison.Ordinal));
            Assert.True(found is null, $"{found} is in: {text}");
        }
    }

    /// <summary>What others see of a process and of those that it started.</summary>
    private static string Seen(string process)
    {
        string[] children = [.. Directory.GetDirectories("/proc")
            .Where(directory => Content($"{directory}/status").Contains($"\nPPid:\t{process}\n", StringComparison.Ordinal))];
        string own = Content($"/proc/{process}/cmdline");
        Assert.Contains("migrate", own, StringComparison.Ordinal);
        return string.Concat(own, Content($"/proc/{process}/environ"), string.Concat(
            children.Select(child => Content($"{child}/cmdline") + Content($"{child}/environ"))));
    }

    /// <summary>A process may end while it is looked at.</summary>
    private static string Content(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Migrate(string name, string sql) => Write($"prisma/migrations/{name}/migration.sql", sql);

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private Task<(int Code, string Text)> RunAsync(string url, params string[] command) => Start(url, command).EndAsync();

    /// <summary>By standard input, as the documents advise.</summary>
    private Process Start(string url, params string[] command)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "schemagate"), [.. command, "--database", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _root,
        };
        Process process = Process.Start(start)!;
        process.StandardInput.Write(url);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>A role with that password.</summary>
    private sealed record Role(TestDatabase Database, string Name) : IAsyncDisposable
    {
        public static async Task<Role> CreateAsync(TestDatabase database, string password)
        {
            Role role = new(database, $"odd_{Guid.NewGuid():N}");
            await database.ExecuteAsync(
                $"CREATE ROLE {role.Name} LOGIN SUPERUSER PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'");
            return role;
        }

        public string Url(string password) => Database.UrlText(user: Name, password: "PASSWORD")
            .Replace("PASSWORD", Uri.EscapeDataString(password), StringComparison.Ordinal);

        public async ValueTask DisposeAsync() =>
            await Database.ExecuteAsync($"REASSIGN OWNED BY {Name} TO CURRENT_USER", $"DROP ROLE {Name}");
    }
}
