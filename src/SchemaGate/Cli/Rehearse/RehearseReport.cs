using System.Text.Json.Serialization;
using SchemaGate.Cli.Prove;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Locks;

namespace SchemaGate.Cli.Rehearse;

/// <summary>What a rehearsal saw: its JSON shape, and what its printers print.</summary>
/// <param name="Result">
/// passed; failed, where a migration or a rollback fails or a statement breaks; unchanged, where nothing is pending.
/// </param>
/// <param name="Message">That in a sentence.</param>
/// <param name="Location">The live database, <c>host:port/database?schema=…</c>; null where none was named.</param>
/// <param name="Applied">How many of the set the live database has.</param>
/// <param name="Migrations">Those that are pending, in order, up to one that fails.</param>
/// <param name="NotRun">The names of those behind it.</param>
/// <param name="Notes">What is worth knowing, one sentence each.</param>
internal sealed record RehearseReport(
    string Result, string Message, string? Location, int Applied, IReadOnlyList<RehearsedLine> Migrations, IReadOnlyList<string> NotRun,
    IReadOnlyList<string> Notes)
{
    /// <summary>What becomes of running code's statements; null where nobody asked, or could tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProveReport? Statements { get; init; }

    /// <summary>Why nobody could, which <see cref="Notes"/> say, too.</summary>
    [JsonIgnore]
    public string? StatementsUnread { get; init; }

    internal bool Fails => Result == "failed";

    /// <summary>Where nothing was proved the rehearsal is one all the same.</summary>
    public RehearseReport With(ProveReport proof) => this with
    {
        Statements = proof,
        Result = proof.Result == "failed" ? proof.Result : Result,
        Notes = proof.Result == ProveReport.NothingProved ? [.. Notes, .. proof.Notes.Take(1)] : Notes,
        Message = $"{Message} {proof.Numbers}",
    };

    public static RehearseReport Of(
        IReadOnlyList<RehearsedMigration> done, IReadOnlyList<string> pending, int applied, string? location, IReadOnlyList<string> notes)
    {
        string result = done switch { [] => "unchanged", _ when done.Any(migration => migration.Fails) => "failed", _ => "passed" };
        return new(
            result, Sentence(done, pending, applied), location, applied, [.. done.Select(RehearsedLine.Of)], [.. pending.Skip(done.Count)],
            notes);
    }

    private static string Sentence(IReadOnlyList<RehearsedMigration> done, IReadOnlyList<string> pending, int applied)
    {
        string all = pending.Count == 1 ? "The pending migration" : $"All {pending.Count} pending migrations";
        int failing = done.Count(migration => migration.Rollback is { Fails: true });
        string back = failing == 1 ? "a rollback is no way back" : $"{failing} rollbacks are no way back";
        return (done, failing) switch
        {
            ([], _) => $"Nothing to rehearse: all {applied} migrations are applied.",
            ([.., { Failure: not null } last], _) => $"{last.Name} fails on a scratch database.",
            (_, 0) => $"{all} ran on a scratch database.",
            _ => $"{all} ran on a scratch database, but {back}.",
        };
    }
}

/// <summary>One pending migration.</summary>
/// <param name="Result">ran or failed.</param>
/// <param name="Milliseconds">On a database without rows.</param>
/// <param name="Changes">What it changes in the catalog, one sentence each.</param>
/// <param name="Locks">Those that others may notice, in the order in which they are taken.</param>
/// <param name="SeenOtherwise">Where its text says otherwise.</param>
/// <param name="Rollback">What came of its way back; null where none was tried.</param>
internal sealed record RehearsedLine(
    string Name, string Result, long Milliseconds, RehearsalFailure? Failure, IReadOnlyList<string> Changes,
    IReadOnlyList<HeldLockLine> Locks, IReadOnlyList<SeenOtherwiseLine> SeenOtherwise, RollbackLine? Rollback,
    IReadOnlyList<StatementLine> Statements)
{
    public static RehearsedLine Of(RehearsedMigration migration) => new(
        migration.Name, migration.Failure is null ? "ran" : "failed", (long)migration.Duration.TotalMilliseconds, migration.Failure,
        migration.Changes, [.. migration.Locks.Select(HeldLockLine.Of)],
        [.. migration.SeenOtherwise.Select(other => new SeenOtherwiseLine($"{other.Table}", other.IsSettled, other.Sentence))],
        migration.Rollback is { } rollback ? RollbackLine.Of(rollback) : null,
        [.. migration.Observed.Statements.Select(statement => new StatementLine(
            statement.Line, statement.Text, statement.Transaction, (long)statement.Duration.TotalMilliseconds))]);
}

/// <summary>One lock, to its transaction's end.</summary>
/// <param name="Mode">As documentation, 13.3.1, has it, without spaces: AccessExclusive.</param>
/// <param name="Work">Of scan, buildIndex, rewrite: what is done to the table meanwhile.</param>
/// <param name="LeastSeconds">The estimate for the live database; null where a size is not known.</param>
/// <param name="Rows">As the live database's statistics say.</param>
internal sealed record HeldLockLine(
    string Table, string? Index, string Mode, IReadOnlyList<string> Work, int Line, bool BlocksReads, bool BlocksWrites,
    double? LeastSeconds, double? MostSeconds, long? Rows, long? Bytes, long? TotalBytes, string Message)
{
    private static readonly (LockWork Work, string Word)[] s_words =
        [(LockWork.Scan, "scan"), (LockWork.BuildIndex, "buildIndex"), (LockWork.Rewrite, "rewrite")];

    public static HeldLockLine Of(HeldLock held) => new(
        $"{held.Lock.Table}", held.Lock.Index, $"{held.Lock.Mode}", Words(held.Lock.Work), held.Line, held.Lock.BlocksReads,
        held.Lock.BlocksWrites, Seconds(held.Lasts?.Least), Seconds(held.Lasts?.Most), held.Size?.Rows, held.Size?.Bytes,
        held.Size?.TotalBytes, held.Sentence);

    private static string[] Words(LockWork work) =>
        [.. s_words.Where(one => work.HasFlag(one.Work)).Select(one => one.Word)];

    private static double? Seconds(TimeSpan? length) => length is { } known ? Math.Round(known.TotalSeconds, 1) : null;
}

/// <param name="Settled">The text left it open, and what was seen decides.</param>
internal sealed record SeenOtherwiseLine(string Table, bool Settled, string Message);

/// <param name="Transaction">Statements of one number share a transaction.</param>
internal sealed record StatementLine(int Line, string Text, int Transaction, long Milliseconds);

/// <summary>A way back.</summary>
/// <param name="Result">asItWas, differs, failed, wordsOnly, absent or notRun.</param>
/// <param name="Line">In the rollback's text.</param>
/// <param name="Differences">What is otherwise than before, one sentence each.</param>
/// <param name="ByHand">What the entry leaves to people.</param>
/// <param name="Loses">Data that it does not bring back, one sentence each.</param>
internal sealed record RollbackLine(
    string Result, string Message, int? Line, string? Statement, IReadOnlyList<string> Differences, IReadOnlyList<string> ByHand,
    IReadOnlyList<string> Loses)
{
    public static RollbackLine Of(RollbackOutcome outcome)
    {
        RollbackLine line = new("", RollbackWords.Of(outcome), null, null, [], [], outcome.Loses);
        return outcome switch
        {
            RollbackOutcome.AsItWas same => line with { Result = "asItWas", ByHand = same.ByHand },
            RollbackOutcome.Differs other => line with { Result = "differs", Differences = other.Differences, ByHand = other.ByHand },
            RollbackOutcome.Failed failed => line with { Result = "failed", Line = failed.Line, Statement = failed.Statement },
            RollbackOutcome.WordsOnly => line with { Result = "wordsOnly" },
            RollbackOutcome.Absent => line with { Result = "absent" },
            _ => line with { Result = "notRun" },
        };
    }
}
