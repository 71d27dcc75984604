using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Applying;

/// <summary>Creates a database that does not exist, as Prisma's deploy does.</summary>
internal static class DatabaseCreation
{
    public static async Task<NpgsqlConnection> OpenOrCreateAsync(NpgsqlDataSource source, DatabaseUrl url, CancellationToken cancellation)
    {
        try
        {
            return await DatabaseConnections.OpenAsync(source, url, cancellation);
        }
        catch (DatabaseException exception) when (exception.Kind == DatabaseFailure.DatabaseMissing)
        {
            await CreateAsync(url, cancellation);
            return await DatabaseConnections.OpenAsync(source, url, cancellation);
        }
    }

    private static async Task CreateAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(url, "postgres");
        await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        await using NpgsqlCommand create = new($"CREATE DATABASE {HistoryTable.Quote(url.Database)}", connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException error) when (error.SqlState is "42P04" or "23505")
        {
            // Another run created it at the same time.
        }
        catch (PostgresException error) when (error.SqlState == "42501")
        {
            throw new DatabaseException(
                DatabaseFailure.DatabaseMissing,
                $"{url.Servers} has no database \"{url.Database}\", and the URL's user may not create it. Create it, "
                    + "or grant the user CREATEDB.",
                error.SqlState);
        }
    }
}
