using Npgsql;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Postgres.Tests.Proving;

/// <summary>
/// A proof beside what happens: clients' statements run for real, <c>pg_stat_statements</c> keeps their shapes, each kind of change is
/// proved on an empty database, and the statements run again, with their own values, on a migrated database that has rows.
/// </summary>
public sealed class ProofOracleTests
{
    /// <summary>What depends on rows and values, of which a proof says nothing.</summary>
    private static readonly string[] s_values = ["23503", "23505", "23514", "23P01", "55000"];

    [Fact]
    public async Task No_statement_that_fails_after_a_migration_is_missed_and_hardly_one_is_named_for_nothing()
    {
        Assert.True(RunningCode.Changes.Count >= 98 && RunningCode.Statements.Count >= 60);
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase model = await TestDatabase.CreateAsync(server.Url);
        await model.ExecuteAsync([.. Split(RunningCode.Schema + RunningCode.Rows), "CREATE EXTENSION pg_stat_statements"]);
        bool hasMerge = await model.MajorAsync() >= 15;
        string[] statements = [.. RunningCode.Statements.Where(
            text => hasMerge || !text.StartsWith("MERGE", StringComparison.Ordinal))];
        IReadOnlyList<StatementShape> shapes = await ShapesAsync(model, statements);
        List<string> missed = [];
        List<string> invented = [];
        int judged = 0;
        foreach (string change in RunningCode.Changes)
        {
            IReadOnlyList<ProvedShape> proved = await ProveAsync(server, change, shapes);
            string?[] errors = await RunAsync(server, model, change, statements);
            for (int index = 0; index < shapes.Count; index++)
            {
                bool fails = errors[index] is { } state && !state.StartsWith("22", StringComparison.Ordinal) && !s_values.Contains(state);
                bool isNamed = proved[index].Outcome is ProofOutcome.Broken or ProofOutcome.Shifted;
                judged++;
                string line = $"{change}\n    {shapes[index].Line}\n    {errors[index]} {proved[index].Outcome}";
                bool isHidden = proved[index].Outcome is ProofOutcome.Unproven
                    && shapes[index].Text.Contains("val($1)", StringComparison.Ordinal);
                if (fails && !isNamed && !isHidden)
                {
                    missed.Add(line);
                }
                else if (errors[index] is null && proved[index].Outcome is ProofOutcome.Broken)
                {
                    invented.Add(line);
                }
            }
        }

        Assert.True(missed.Count == 0, $"Missed, of {judged}:\n{string.Join('\n', missed)}");
        Assert.True(invented.Count * 100 <= judged, $"Invented, of {judged}:\n{string.Join('\n', invented)}");
    }

    /// <summary>Each statement's own, by running it alone.</summary>
    private static async Task<IReadOnlyList<StatementShape>> ShapesAsync(TestDatabase model, string[] statements)
    {
        List<StatementShape> shapes = [];
        await using NpgsqlConnection connection = await model.ConnectAsync();
        foreach (string statement in statements)
        {
            await model.ExecuteAsync("SELECT pg_stat_statements_reset()");
            Assert.Equal((null, statement), (await ErrorAsync(connection, statement), statement));
            using DatabaseConnections connections = new(TimeProvider.System);
            ShapeReading reading = await RunningStatements.ReadAsync(
                connections, model.Url(), role: null, TestContext.Current.CancellationToken);
            StatementShape shape = Assert.Single(reading.Shapes);
            Assert.Equal("postgres", shape.Role);
            shapes.Add(shape);
        }

        return shapes;
    }

    private static async Task<IReadOnlyList<ProvedShape>> ProveAsync(
        ThrowawayServer server, string change, IReadOnlyList<StatementShape> shapes)
    {
        await using TestDatabase scratch = await TestDatabase.CreateAsync(server.Url);
        Proof proof = await ProofRun.RunAsync(
            scratch.Url(),
            TestDatabase.Set(("1_first", RunningCode.Schema)).Migrations,
            TestDatabase.Set(("2_change", change)).Migrations,
            shapes,
            TestContext.Current.CancellationToken);
        Assert.Empty(string.Join("\n", proof.Shapes.Where(shape =>
            shape.Outcome is ProofOutcome.Unproven { Why: var why } && why.Contains("before", StringComparison.Ordinal))
            .Select(shape => $"{shape.Shape.Line}: {shape.Outcome}")));
        return proof.Shapes;
    }

    /// <summary>The error of each statement after the change.</summary>
    private static async Task<string?[]> RunAsync(ThrowawayServer server, TestDatabase model, string change, string[] statements)
    {
        await using TestDatabase migrated = TestDatabase.Absent(server.Url);
        await TestDatabase.QueryAsync(server.Url, $"CREATE DATABASE {migrated.Name} TEMPLATE {model.Name}");
        await migrated.ExecuteAsync(Split(change));
        await using NpgsqlConnection connection = await migrated.ConnectAsync();
        string?[] errors = new string?[statements.Length];
        for (int index = 0; index < errors.Length; index++)
        {
            errors[index] = await ErrorAsync(connection, statements[index]);
        }

        return errors;
    }

    private static string[] Split(string script) => [.. SqlScript.Split(script).Select(statement => statement.Text)];

    /// <summary>Runs it and takes it back.</summary>
    private static async Task<string?> ErrorAsync(NpgsqlConnection connection, string statement)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException error)
        {
            return error.SqlState;
        }
    }
}
