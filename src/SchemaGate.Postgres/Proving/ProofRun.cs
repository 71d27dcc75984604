using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Proving;

/// <summary>Proves which statements of running code survive pending migrations, in a scratch database that is empty.</summary>
public sealed class ProofRun
{
    /// <summary>A migration that cannot run in one transaction and has more statements is looked at when it has run.</summary>
    private const int MostLooks = 30;

    private readonly ProvingConnection _connection;
    private readonly MigrationReplay _replay;
    private readonly ShapeProver _prover;
    private readonly IReadOnlyList<ShapeState> _shapes;

    private ProofRun(ProvingConnection connection, IReadOnlyList<StatementShape> shapes)
    {
        _connection = connection;
        _replay = new(connection);
        _prover = new(connection);
        _shapes = [.. shapes.Select(shape => new ShapeState(shape))];
    }

    /// <param name="scratch">An empty database, whose schema is the one that the code's clients see first.</param>
    /// <param name="applied">What makes it as the code knows it.</param>
    /// <param name="pending">What is to be proved, in order.</param>
    /// <param name="shapes">The code's statements.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">The scratch database cannot be reached, or a migration fails in it.</exception>
    public static async Task<Proof> RunAsync(
        DatabaseUrl scratch,
        IReadOnlyList<Migration> applied,
        IReadOnlyList<Migration> pending,
        IReadOnlyList<StatementShape> shapes,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(applied);
        ArgumentNullException.ThrowIfNull(pending);
        Refuse([.. applied, .. pending]);
        try
        {
            await using ProvingConnection connection = await ProvingConnection.OpenAsync(scratch, cancellation);
            ProofRun run = new(connection, shapes);
            return await run.RunAsync(applied, pending);
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, scratch);
        }
    }

    /// <summary>All of them at once: what one makes another may run.</summary>
    /// <exception cref="DatabaseException">ScriptRefused: one changes the server itself.</exception>
    public static void Refuse(IReadOnlyList<Migration> migrations)
    {
        if (ServerStatements.Find(new(migrations, [])) is { } shared)
        {
            throw new DatabaseException(
                DatabaseFailure.ScriptRefused,
                $"{shared.Name} changes the server itself, not only a database: it is run in no scratch database, and nothing is proved.");
        }
    }

    private async Task<Proof> RunAsync(IReadOnlyList<Migration> applied, IReadOnlyList<Migration> pending)
    {
        foreach (Migration migration in applied)
        {
            await _replay.RunAsync(migration);
        }

        await LookBeforeAsync();
        foreach (Migration migration in pending)
        {
            await PassAsync(migration);
        }

        await LookAgainAsync(pending);
        foreach (ShapeState state in _shapes.Where(state => state.Outcome is ProofOutcome.Survives && state.NamesByValue))
        {
            state.Outcome = new ProofOutcome.Unproven("it names a sequence, a table or a type by a value, which is hidden");
        }

        return new Proof(
            [.. _shapes.Select(state => new ProvedShape(state.Shape, state.Tables, state.Outcome))],
            [.. pending.Select(migration => migration.Name)]);
    }

    private async Task LookBeforeAsync()
    {
        await _connection.ResetAsync();
        await _connection.RememberChecksAsync();
        IReadOnlyList<ShapeLook> looks = await _prover.LookAsync([.. _shapes.Select(state => state.Attempt)]);
        foreach ((ShapeState state, ShapeLook look) in _shapes.Zip(looks))
        {
            state.Before = look.Meaning;
            state.Attempt.Settle(look.Meaning?.Parameters ?? []);
            state.Outcome = look.Error is { } error
                ? new ProofOutcome.Unproven($"the server does not take it before the migrations either ({error.Message}, {error.SqlState})")
                : new ProofOutcome.Survives();
        }
    }

    /// <summary>Runs one migration, and names the statement of it that each shape met.</summary>
    private async Task PassAsync(Migration migration)
    {
        IReadOnlyList<SqlStatement> statements = MigrationReplay.Split(migration);
        if (!await _replay.BeginAsync(migration, statements))
        {
            await OneByOneAsync(migration, statements, Known(), _ => true);
            return;
        }

        List<(ShapeState State, ProofOutcome Earlier)> met = await LookAsync(Known(), migration, statements is [var only] ? only : null);
        if (met.Count > 0 && statements.Count > 1)
        {
            Dictionary<ShapeState, int> ends = met.ToDictionary(shape => shape.State, shape => Severity(shape.State.Outcome));
            met.ForEach(shape => shape.State.Outcome = shape.Earlier);
            await _replay.BeginAgainAsync();
            await OneByOneAsync(migration, statements, [.. ends.Keys], state => Severity(state.Outcome) < ends[state]);
        }

        await _replay.EndAsync(migration);
    }

    /// <param name="goesOn">Whether a state is to be looked at after further statements, too.</param>
    private async Task OneByOneAsync(
        Migration migration, IReadOnlyList<SqlStatement> statements, List<ShapeState> states, Predicate<ShapeState> goesOn)
    {
        bool looks = statements.Count <= MostLooks || states.Count < _shapes.Count;
        foreach (SqlStatement statement in statements)
        {
            await _replay.RunAsync(migration, statement);
            if (looks && states.Count > 0)
            {
                await LookAsync(states, migration, statement);
                states = states.FindAll(goesOn);
            }
        }

        if (!looks)
        {
            await LookAsync(states, migration, statement: null);
        }
    }

    /// <summary>
    /// Those that fare worse than at the look before, and how they fared then. The others' place stays where it began: what only changes a
    /// shape does not hide what breaks it later.
    /// </summary>
    private async Task<List<(ShapeState State, ProofOutcome Earlier)>> LookAsync(
        List<ShapeState> states, Migration migration, SqlStatement? statement)
    {
        ProofPlace place = new(migration.Name, statement?.Text, statement?.Line ?? 1);
        IReadOnlyList<ShapeLook> looks = await _prover.LookAsync([.. states.Select(state => state.Attempt)]);
        List<(ShapeState, ProofOutcome)> met = [];
        foreach ((ShapeState state, ShapeLook look) in states.Zip(looks))
        {
            ProofOutcome earlier = state.Outcome;
            state.Outcome = ShapeComparison.Of(state.Before!, look, place);
            if (Severity(state.Outcome) > Severity(earlier))
            {
                met.Add((state, earlier));
            }
            else if (ProofSentences.PlaceOf(earlier) is { } begun)
            {
                state.Outcome = ProofSentences.At(state.Outcome, begun);
            }
        }

        return met;
    }

    /// <summary>
    /// What one statement takes away another may bring back, also a later migration's: what is there at the end counts, in a session as
    /// new.
    /// </summary>
    private async Task LookAgainAsync(IReadOnlyList<Migration> pending)
    {
        List<ShapeState> met = Known().FindAll(state => state.Outcome is not ProofOutcome.Survives);
        if (met.Count == 0)
        {
            return;
        }

        await _connection.ResetAsync();
        await LookAsync(met, pending[^1], statement: null);
    }

    /// <summary>Those that the server took before the migrations.</summary>
    private List<ShapeState> Known() => [.. _shapes.Where(state => state.Before is not null)];

    private static int Severity(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.Broken or ProofOutcome.Shifted => 3,
        ProofOutcome.Changed => 2,
        ProofOutcome.Unproven => 1,
        _ => 0,
    };

    /// <summary>A shape and what is known of it so far.</summary>
    private sealed class ShapeState(StatementShape shape)
    {
        public StatementShape Shape { get; } = shape;

        public ShapeAttempt Attempt { get; } = new(shape.Text);

        /// <summary>Null where the server did not take it.</summary>
        public ShapeMeaning? Before { get; set; }

        public ProofOutcome Outcome { get; set; } = new ProofOutcome.Survives();

        /// <summary>As nextval('orders_id_seq') does, whose parameter is a regclass.</summary>
        public bool NamesByValue => Before?.Parameters.Any(type => type.StartsWith("reg", StringComparison.Ordinal)) == true;

        public IReadOnlyList<string> Tables => Outcome is ProofOutcome.Survives ? [] : ShapeTables.Of(Attempt.Text);
    }
}
