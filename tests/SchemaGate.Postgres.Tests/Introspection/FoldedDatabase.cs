using Npgsql;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Folding;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Introspection;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Introspection;

/// <summary>Scripts that run on a database of their own, each statement alone; what fails counts for neither side.</summary>
internal static class FoldedDatabase
{
    /// <summary>What is drift after the scripts and then, by hand, some more; null where a failure took earlier statements along.</summary>
    public static async Task<FoldedDrift?> DriftAsync(TestDatabase database, IReadOnlyList<string> scripts, string byHand = "")
    {
        List<ParsedMigration> applied = [];
        foreach ((int index, string script) in scripts.Index())
        {
            if (await RunAsync(database, script) is not { } text)
            {
                return null;
            }

            applied.Add(new ParsedMigration($"{index}", text, StatementReader.Read(text)));
        }

        await database.RunScriptsAsync(byHand);
        Catalog live = await CatalogReader.OfFolded(database.Connections)
            .ReadAsync(database.Url(), CatalogDatabase.Schemas, TestContext.Current.CancellationToken);
        return FoldedDrift.Of(FoldedSchema.Of(applied), live, CatalogScope.Default);
    }

    public static string Words(FoldedDrift drift) =>
        string.Join('\n', CatalogChanges.Outermost(drift.Changes).Select(change => CatalogWords.Of(change)));

    private static async Task<string?> RunAsync(TestDatabase database, string script)
    {
        await using NpgsqlConnection connection = await database.ConnectAsync();
        await new NpgsqlCommand("SET statement_timeout = '10s'", connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        List<string> ran = [];
        foreach (SqlStatement statement in SqlScript.Split(script))
        {
            try
            {
                await new NpgsqlCommand(statement.Text, connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
                ran.Add(statement.Text);
            }
            catch (NpgsqlException) when (!script.Contains("BEGIN;", StringComparison.OrdinalIgnoreCase))
            {
                // It needs something that is not there.
            }
            catch (NpgsqlException)
            {
                return null;
            }
        }

        return string.Join(";\n", ran);
    }
}
