using Npgsql;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// Runs a statement, and may look at its session before and behind it: what it throws is the statement's failure. Only for databases that
/// nobody else uses: it may lock what the statement meets.
/// </summary>
/// <param name="runner">The session.</param>
/// <param name="inTransaction">The run's own transaction is open; else the statement is one by itself, or the script's.</param>
/// <param name="run">The statement itself, once or, where it was rolled back, again.</param>
internal delegate Task AroundStatement(NpgsqlConnection runner, SqlStatement statement, bool inTransaction, Func<Task> run);
