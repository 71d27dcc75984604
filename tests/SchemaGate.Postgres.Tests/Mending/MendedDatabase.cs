using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Mending;

/// <summary>What the tests of mending do with a database.</summary>
internal static partial class MendedDatabase
{
    /// <summary>Grants by hand count here: everything has to come out as it was.</summary>
    private static readonly CatalogScope s_scope = CatalogScope.Default with { AllGrants = true };

    public static ImmutableArray<string> Schemas { get; } = ["public", "shop", "Odd \"x\".y", "extra"];

    public static ImmutableArray<CatalogChange> Changes(Catalog from, Catalog to) => CatalogComparison.Compare(from, to, s_scope);

    public static MendPlan Plan(Catalog from, Catalog to) => CatalogMending.Of(from, to, Changes(from, to));

    public static async Task<TestDatabase> CopyAsync(TestDatabase database)
    {
        TestDatabase copy = TestDatabase.Absent(database.Server);
        await TestDatabase.QueryAsync(database.Server, $"CREATE DATABASE {copy.Name} TEMPLATE {database.Name}");
        return copy;
    }

    /// <summary>Over a connection that is gone afterwards: a database that somebody uses cannot be copied.</summary>
    public static async Task<Catalog> CatalogAsync(this TestDatabase database)
    {
        using DatabaseConnections connections = new(TimeProvider.System);
        return await new CatalogReader(connections).ReadAsync(database.Url(), Schemas, TestContext.Current.CancellationToken);
    }

    /// <summary>As a migration runs: the whole text, in one transaction unless a statement has to stand outside.</summary>
    public static async Task RunAsync(this TestDatabase database, MendPlan plan)
    {
        IEnumerable<string> statements = Statements(plan, allowDestructive: true);
        await database.ExecuteAsync(plan.Statements.Any(statement => statement.OutsideTransaction)
            ? [.. statements]
            : ["BEGIN", .. statements, "COMMIT"]);
    }

    /// <summary>What is left where all that loses something is a comment runs, too. It is taken back.</summary>
    public static async Task TryWithoutLossAsync(this TestDatabase database, MendPlan plan)
    {
        if (!plan.Statements.Any(statement => statement.OutsideTransaction))
        {
            await database.ExecuteAsync(["BEGIN", .. Statements(plan, allowDestructive: false), "ROLLBACK"]);
        }
    }

    private static IEnumerable<string> Statements(MendPlan plan, bool allowDestructive) =>
        SqlScript.Split(MendScript.Text(plan, new(allowDestructive))).Select(statement => statement.Text);

    public static async Task<string> DumpAsync(this TestDatabase database)
    {
        string folder = Environment.GetEnvironmentVariable("PG_BIN") ?? "/usr/lib/postgresql/15/bin";
        using Process dump = Process.Start(new ProcessStartInfo(Path.Combine(folder, "pg_dump"), ["-s", database.UrlText()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return Plain(text);
    }

    /// <summary>
    /// Without its comments, each expression as the server words it once it has read its own words, with the lines of privileges and the
    /// storage parameters in a line sorted: who was granted something again, and what was set again, stands last in an object's list.
    /// </summary>
    private static string Plain(string dump)
    {
        List<string> lines = [], grants = [];
        foreach (string line in ServersMark().Replace(dump, "").Split('\n').Where(line => line.Length > 0
            && !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith('\\')
            && !line.EndsWith(" SET ();", StringComparison.Ordinal)))
        {
            if (line.StartsWith("GRANT ", StringComparison.Ordinal) || line.StartsWith("REVOKE ", StringComparison.Ordinal))
            {
                grants.Add(line);
                continue;
            }

            lines.AddRange(grants.Order(StringComparer.Ordinal));
            grants.Clear();
            lines.Add(line.StartsWith("WITH (", StringComparison.Ordinal)
                ? string.Join(", ", line["WITH (".Length..].TrimEnd(';', ')').Split(", ").Order(StringComparer.Ordinal))
                : DeparsedText.Settled(
                    line.StartsWith("CREATE STATISTICS ", StringComparison.Ordinal) ? CatalogKind.Statistics : CatalogKind.Index, line));
        }

        return string.Join('\n', lines.Concat(grants.Order(StringComparer.Ordinal)));
    }

    /// <summary>Of Debian's 17.12, another one in each database.</summary>
    [GeneratedRegex("pg_attver=[0-9]+(?:, )?|, pg_attver=[0-9]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ServersMark();
}
