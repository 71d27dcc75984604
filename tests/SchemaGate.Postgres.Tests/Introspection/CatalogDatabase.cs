using System.Collections.Frozen;
using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Introspection;

/// <summary>A database whose catalog is read.</summary>
internal static class CatalogDatabase
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Introspection");

    public static ImmutableArray<string> Schemas { get; } = ["public", "Odd \"schema\".x"];

    /// <summary>Something of every kind.</summary>
    public static string Everything { get; } = File.ReadAllText(Path.Combine(s_folder, "Everything.sql"));

    /// <summary>Scripts of migrations by what they are about: by hand nothing is changed behind them.</summary>
    public static FrozenDictionary<string, string[]> Folded { get; } = File.ReadAllText(Path.Combine(s_folder, "Folded.sql"))
        .Split("-- = ", StringSplitOptions.RemoveEmptyEntries).ToFrozenDictionary(
            text => text[..text.IndexOf('\n', StringComparison.Ordinal)],
            text => text[text.IndexOf('\n', StringComparison.Ordinal)..].Split("-- next migration\n"),
            StringComparer.Ordinal);

    public static string Golden { get; } = Path.Combine(s_folder, "Everything.15.txt");

    /// <summary>The main server, and those of other majors that SCHEMAGATE_TEST_OTHER_SERVERS names, separated by white space.</summary>
    public static TheoryData<string> Servers => [.. OtherServers.Prepend("")];

    public static string[] OtherServers { get; } = (Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_OTHER_SERVERS") ?? "")
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The same on an empty database of each of these servers.</summary>
    public static async Task OnEachAsync(Func<TestDatabase, Task> test)
    {
        foreach (string server in OtherServers.Prepend(""))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"On {(server.Length == 0 ? "the main server" : server)}:");
            await using TestDatabase database = await MakeAsync(server);
            await test(database);
        }
    }

    public static async Task<TestDatabase> MakeAsync(string server, params string[] scripts)
    {
        TestDatabase database = await TestDatabase.CreateAsync(server.Length == 0 ? null : server);
        await database.RunScriptsAsync(scripts);
        return database;
    }

    public static Task RunScriptsAsync(this TestDatabase database, params string[] scripts) =>
        database.ExecuteAsync([.. scripts.SelectMany(SqlScript.Split).Select(statement => statement.Text)]);

    public static Task<Catalog> CatalogAsync(this TestDatabase database) =>
        new CatalogReader(database.Connections).ReadAsync(database.Url(), Schemas, TestContext.Current.CancellationToken);

    /// <summary>The outermost changes, in words.</summary>
    public static IEnumerable<string> Words(Catalog from, Catalog to, CatalogScope? scope = null) => CatalogChanges
        .Outermost(CatalogComparison.Compare(from, to, scope ?? CatalogScope.Default)).Select(change => CatalogWords.Of(change));
}
