using System.Text.Json.Serialization;
using SchemaGate.Core.Proofs;

namespace SchemaGate.Cli.Prove;

/// <summary>What <c>prove</c> says: its JSON shape, and what every printer prints.</summary>
/// <param name="Result">passed; failed, where a statement is broken; or nothing proved, where migrations are pending and of no statement it
/// is known what they do to it.</param>
/// <param name="Location"><c>host:port/database?schema=…</c>; null without a database.</param>
/// <param name="Migrations">What was proved, in order.</param>
/// <param name="Statements">Those that do not survive, in the order of the migrations, and the unproven ones behind them.</param>
/// <param name="Notes">What was not read and what else the reader should know, one sentence each.</param>
internal sealed record ProveReport(
    string Result,
    string? Location,
    IReadOnlyList<ProvedMigration> Migrations,
    ProveSummary Summary,
    IReadOnlyList<ProvedStatement> Statements,
    IReadOnlyList<string> Notes)
{
    public const string NothingProved = "nothing proved";

    /// <summary>The numbers in words.</summary>
    [JsonIgnore]
    public string Numbers { get; private init; } = "";

    [JsonIgnore]
    public int ExitCode => Result == "passed" ? ExitCodes.Open : ExitCodes.Blocked;

    /// <summary>Why not all of the code is proved, in a sentence: what was not seen may be the very code that breaks. Null where it
    /// is.</summary>
    [JsonIgnore]
    public string? Gap => Summary switch
    {
        { Hidden: > 0 } or { Lost: > 0 } or { Beyond: > 0 } => string.Join(" ", Notes),
        { Surviving: 0, Broken: 0, Changed: 0 } => "No statement of running code could be proved: "
            + Summary.Unproven switch
            {
                0 => "there is none.",
                1 => "nothing is known of the only one.",
                var unproven => $"nothing is known of all {unproven}.",
            },
        _ => null,
    };

    /// <param name="proof">What was proved.</param>
    /// <param name="reading">How the shapes were read.</param>
    /// <param name="location">The live database.</param>
    /// <param name="script">A migration's file by its name.</param>
    public static ProveReport Of(Proof proof, ShapeReading reading, string? location, Func<string, string> script)
    {
        List<string> order = [.. proof.Migrations];
        int broken = proof.Broken.Count();
        string otherwise = proof.Migrations.Count > 0 && proof.Shapes.Count == proof.Unproven.Count() ? NothingProved : "passed";
        return new(
            broken > 0 ? "failed" : otherwise,
            location,
            [.. proof.Migrations.Select(name => new ProvedMigration(name, script(name)))],
            new(
                proof.Shapes.Count, proof.Surviving, broken, proof.Changed.Count(), proof.Unproven.Count(), reading.Utility,
                reading.Hidden, reading.Lost, reading.Beyond),
            [.. proof.Shapes.Where(shape => shape.Outcome is not ProofOutcome.Survives)
                .Select(shape => ProvedStatement.Of(shape, script))
                .OrderBy(statement => statement.Migration is null ? int.MaxValue : order.IndexOf(statement.Migration))
                .ThenBy(statement => statement.Line)],
            reading.Notes)
        {
            Numbers = ProofSentences.Summary(proof),
        };
    }

    /// <summary>The same, which says why where nothing was proved; what was not to be seen its notes say already.</summary>
    /// <param name="source">The statements that were asked for, in words: <c>the database has counted none yet</c>.</param>
    public ProveReport Explained(string source) => Result != NothingProved || Summary.Hidden + Summary.Lost > 0 ? this : this with
    {
        Notes =
        [
            $"Nothing is proved: {(Summary.Unproven == 0 ? source : $"all {Summary.Unproven} fail before the migrations, too")}.", .. Notes,
        ],
    };
}

/// <summary>A pending migration and its file, as one may open it.</summary>
internal sealed record ProvedMigration(string Name, string File);

/// <summary>Numbers of statements.</summary>
/// <param name="Statements">Those that were proved or could not be; the others are the sum of the four behind <c>Unproven</c>.</param>
/// <param name="Utility">Those that are none of the application's own or cannot be prepared.</param>
/// <param name="Hidden">Of others, whose texts the role may not see.</param>
/// <param name="Lost">Whose texts the server has dropped.</param>
/// <param name="Beyond">Beyond a bound.</param>
internal sealed record ProveSummary(
    int Statements, int Surviving, int Broken, int Changed, int Unproven, int Utility, int Hidden, int Lost, int Beyond);

/// <summary>One statement that does not survive, or of which nothing is known.</summary>
/// <param name="Outcome">broken, shifted, changed or unproven.</param>
/// <param name="Migration">Which met it; null where it is unproven.</param>
/// <param name="Line">Of the migration's statement in its file, from 1.</param>
/// <param name="Change">The migration's statement; null for the migration as a whole.</param>
internal sealed record ProvedStatement(
    string Outcome,
    string Statement,
    long Calls,
    string? Role,
    IReadOnlyList<string> Tables,
    string? Migration,
    string? File,
    int? Line,
    string? Change,
    string? SqlState,
    string Message)
{
    /// <summary>The statement for people: on one line, cut short.</summary>
    [JsonIgnore]
    public string Short => new StatementShape(Statement).Line;

    /// <summary>Likewise the migration's.</summary>
    [JsonIgnore]
    public string ShortChange => new StatementShape(Change ?? "the migration as a whole").Line;

    /// <summary>How often it ran, whose it is and what it names.</summary>
    [JsonIgnore]
    public string Details
    {
        get
        {
            string by = Role is null ? "" : $" by {Role}";
            string calls = Calls switch { 0 => "", 1 => $"1 call{by}", _ => FormattableString.Invariant($"{Calls:N0} calls{by}") };
            string word = Tables.Count == 1 ? "table" : "tables";
            string tables = Tables.Count == 0 ? "" : $"{word} {string.Join(", ", Tables)}";
            return string.Join("; ", new[] { calls, tables }.Where(part => part.Length > 0));
        }
    }

    public static ProvedStatement Of(ProvedShape shape, Func<string, string> script)
    {
        ProofPlace? place = ProofSentences.PlaceOf(shape.Outcome);
        return new(
            shape.Outcome.GetType().Name.ToLowerInvariant(),
            shape.Shape.Text,
            shape.Shape.Calls,
            shape.Shape.Role,
            shape.Tables,
            place?.Migration,
            place is null ? null : script(place.Migration),
            place?.Line,
            place?.Statement,
            (shape.Outcome as ProofOutcome.Broken)?.SqlState,
            ProofSentences.Of(shape.Outcome));
    }
}
