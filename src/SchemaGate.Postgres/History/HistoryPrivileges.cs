using Npgsql;

namespace SchemaGate.Postgres.History;

/// <summary>What a role must be granted to keep the history, said where the server refuses it (42501).</summary>
internal static class HistoryPrivileges
{
    public static string ToCreate(string schema) => $"GRANT USAGE, CREATE ON SCHEMA {HistoryTable.Quote(schema)}";

    public static string ToCreateSchema(string database) => $"GRANT CREATE ON DATABASE {HistoryTable.Quote(database)}";

    public static string ToWrite(string schema) =>
        $"GRANT USAGE ON SCHEMA {HistoryTable.Quote(schema)}` and `GRANT SELECT, INSERT, UPDATE ON {HistoryTable.In(schema)}";

    /// <exception cref="DatabaseException">PrivilegeMissing, in place of the server's refusal.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, string what, string grant)
    {
        try
        {
            return await ask();
        }
        catch (PostgresException error) when (error.SqlState == "42501")
        {
            throw new DatabaseException(
                DatabaseFailure.PrivilegeMissing, $"The URL's user may not {what} ({error.MessageText}): `{grant} TO <role>`.",
                error.SqlState);
        }
    }
}
