using System.Text.RegularExpressions;
using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Scratch;

/// <summary>Runs a file of SQL as psql would, as far as <c>pg_dump --schema-only</c> needs it.</summary>
internal static partial class SchemaScript
{
    /// <exception cref="DatabaseException">A statement of it failed.</exception>
    public static async Task RunAsync(DatabaseUrl url, SchemaSource.OfScript script, CancellationToken cancellation)
    {
        string sql = WithoutPsql(script.Sql);
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
        await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        await NeededExtensions.RequireAsync(connection, url, [sql], cancellation);
        foreach (SqlStatement statement in SqlScript.Split(sql).Where(statement => !Owner().IsMatch(statement.Text)))
        {
            try
            {
                await using NpgsqlCommand command = new(statement.Text, connection);
                await command.ExecuteNonQueryAsync(cancellation);
            }
            catch (PostgresException error) when (error.SqlState == "42P06" && PublicSchema().IsMatch(statement.Text))
            {
                // Every new database has it.
            }
            catch (PostgresException error) when (!cancellation.IsCancellationRequested)
            {
                throw new DatabaseException(
                    DatabaseFailure.MigrationFailed,
                    $"{script.Name} does not run in a new database: line {statement.Line}: {error.MessageText} ({error.SqlState}).",
                    error.SqlState);
            }
        }
    }

    /// <summary>Newer pg_dumps write \restrict and \unrestrict. The lines keep their numbers.</summary>
    public static string WithoutPsql(string sql) => PsqlLine().Replace(sql, "");

    /// <summary>Owners are not compared, and on another server they may not be there.</summary>
    [GeneratedRegex(
        @"^ALTER\s.*\sOWNER\s+TO\s+\S+$", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Owner();

    [GeneratedRegex(@"^CREATE\s+SCHEMA\s+public$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PublicSchema();

    [GeneratedRegex(@"^\\(?:un)?restrict\b.*$", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex PsqlLine();
}
