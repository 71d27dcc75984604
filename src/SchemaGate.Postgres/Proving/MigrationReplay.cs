using Npgsql;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Proving;

/// <summary>Runs migrations in a scratch database as a run would, but for the history.</summary>
internal sealed class MigrationReplay(ProvingConnection connection)
{
    private IReadOnlyList<string> _sequences = [];

    /// <summary>The server's ways to say that a statement needs a transaction of its own: see <see cref="ScriptRun"/>.</summary>
    private static readonly string[] s_alone = ["25001", "2D000", "55P04"];

    /// <exception cref="DatabaseException">A statement cannot be run here.</exception>
    public static IReadOnlyList<SqlStatement> Split(Migration migration)
    {
        IReadOnlyList<SqlStatement> statements = ApplyFailures.Split(migration, out ApplyFailure? refused);
        return refused is null ? statements : throw new DatabaseException(refused.Kind, refused.Message);
    }

    /// <summary>All of it.</summary>
    /// <exception cref="DatabaseException">It fails.</exception>
    public async Task RunAsync(Migration migration)
    {
        IReadOnlyList<SqlStatement> statements = Split(migration);
        if (await BeginAsync(migration, statements))
        {
            await EndAsync(migration);
            return;
        }

        foreach (SqlStatement statement in statements)
        {
            await RunAsync(migration, statement);
        }
    }

    /// <summary>
    /// Runs all statements in one transaction, in one round trip, and leaves it open. False where they have to run one by one, in a session
    /// as new: then nothing has been done.
    /// </summary>
    /// <exception cref="DatabaseException">One fails.</exception>
    public async Task<bool> BeginAsync(Migration migration, IReadOnlyList<SqlStatement> statements)
    {
        await connection.ResetAsync();
        if (!statements.All(statement => statement.Kind == StatementKind.Ordinary))
        {
            return false;
        }

        _sequences = await connection.SequencesAsync();
        string[] texts = ["BEGIN", .. statements.Select(statement => statement.Text)];
        if (await connection.ErrorOfAsync(texts) is not { } error)
        {
            return true;
        }

        await connection.RunAsync(["ROLLBACK", .. _sequences]);
        if (!s_alone.Contains(error.SqlState, StringComparer.Ordinal))
        {
            throw Failure(migration, error);
        }

        await connection.ResetAsync();
        return false;
    }

    /// <exception cref="DatabaseException">What was deferred fails.</exception>
    public async Task EndAsync(Migration migration)
    {
        if (await connection.ErrorOfAsync("COMMIT") is { } error)
        {
            throw Failure(migration, error);
        }
    }

    /// <summary>Takes back what <see cref="BeginAsync"/> did, and begins again.</summary>
    public async Task BeginAgainAsync()
    {
        await connection.RunAsync(["ROLLBACK", .. _sequences]);
        await connection.ResetAsync();
        await connection.RunAsync("BEGIN");
    }

    /// <exception cref="DatabaseException">It fails.</exception>
    public async Task RunAsync(Migration migration, SqlStatement statement)
    {
        if (await connection.ErrorOfAsync(statement.Text) is { } error)
        {
            throw Failure(migration, error);
        }
    }

    private static DatabaseException Failure(Migration migration, PostgresException error) => new(
        DatabaseFailure.MigrationFailed,
        $"{migration.Name} does not run in the scratch database: {error.MessageText.TrimEnd('.')} ({error.SqlState}). "
            + "Nothing is proved beyond it.",
        error.SqlState);
}
