using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said of rehearsals and of what they found.</summary>
internal static class RehearsalWords
{
    private const int LongestPart = 400;

    /// <summary>How many statements, pods and requirements are named; each is long.</summary>
    private const int Shown = 3;

    public static string Of(GateReason.Rehearsing reason)
    {
        string names = Phrases.Names(reason.Pending);
        return reason.Record switch
        {
            null => $"{names} will be rehearsed in a scratch database (spec.rehearsal) as soon as nothing else closes the gate.",
            { IsActive: true } record => $"The Job {record.Job} rehearses {names} in a scratch database. "
                + (reason.Run.Rehearsal.Job?.Trouble ?? $"Its log: `kubectl -n {reason.Run.Namespace} logs job/{record.Job}`."),
            var record => $"The Job {record.Job} could not rehearse {names}: {Cause(record)} "
                + $"It is tried again at {Phrases.Time(record.NextAttemptAt!.Value)}.",
        };
    }

    public static string Of(GateReason.RehearsalFailed reason)
    {
        RunFailure failure = reason.Record.Report!.Failure!;
        string line = failure.Line is { } number ? $":{number}" : "";
        string place = failure is { File: { } file, Statement: { } statement }
            ? $" {file}{line}: {Phrases.Sentence(Phrases.Bounded(statement, LongestPart))}" : "";
        string hint = failure.Hint is { } text ? $" Hint: {Phrases.Sentence(Phrases.Bounded(text, LongestPart))}" : "";
        return $"In a scratch database, {Lower(Phrases.Sentence(Phrases.Bounded(failure.Message, LongestPart)))}{place}{hint} "
            + "The gate's database was only read, and nothing runs in it. Mend the migration and publish another image. "
            + $"It is rehearsed again when the image or spec.migrate changes, or by `{RunWords.Retry(reason.Run)}`.";
    }

    public static string Of(GateReason.RehearsalUnavailable reason) => reason switch
    {
        { Obstacle: RunObstacle.OfOperator { Cause: var cause } } => $"Nothing is rehearsed: {cause}",
        { Obstacle: RunObstacle.OtherTool { Tool: var tool } } =>
            $"Nothing is rehearsed: these are {ToolGuide.Of(tool).Name}'s migrations, and SchemaGate rehearses Prisma's only.",
        { Record: { } record, Run: { } run } => $"Nothing could be rehearsed: {Cause(record)} That closes nothing by itself. "
            + $"It is rehearsed again by `{RunWords.Retry(run)}`.",
        _ => "Nothing is rehearsed.",
    };

    public static string Of(GateReason.StatementsBroken reason) => $"{Broken(reason.Contract)}{Ends(reason.Contract)}"
        + Begins(reason.Contract, reason.IsAtWork)
        + "Expand first, and contract in a later release: ship code that does without what goes, and the migration when only that runs."
        + (reason.Closes ? " spec.policy.breaks: Warn lets it run; an approval does not." : "");

    public static string Of(GateReason.StatementsNotProven reason)
    {
        string code = reason.Contract is { } contract ? May(contract, reason.IsAtWork) : "";
        return $"Whether running code survives is not proved: {Phrases.Sentence(reason.Cause ?? "no statement was prepared")} {code}"
            .TrimEnd() + (reason.Closes ? " spec.policy.breaks: Warn lets the migrations run without." : "");
    }

    public static string Of(GateReason.ContractWaits reason)
    {
        string names = Phrases.Names(reason.Contract.Migrations);
        string left = ContractWords.Left(reason.Contract);
        string breaks = $"{names} {Breaks(reason.Contract)}";
        string begin = reason switch
        {
            { Closes: true } => $"{breaks} and waits (spec.policy.contract): {left} "
                + "It runs by itself when the last of them has ended.",
            { Runs: true } => $"{breaks}, and does not wait (spec.policy.contract): {left}",
            _ => $"{breaks}: {left} Do not apply it before the last of them has ended.",
        };
        return $"{begin} {ContractWords.Later(reason.Contract)}{Broken(reason.Contract)}{Ends(reason.Contract)}".TrimEnd();
    }

    /// <summary>No waiting ends it: what does is said first.</summary>
    public static string Of(GateReason.ContractStuck reason)
    {
        Contract contract = reason.Contract;
        string names = Phrases.Names(contract.Migrations);
        string held = string.Join(" ", contract.Stuck.Take(Shown).Select(code => ContractWords.Pod(code) + code switch
        {
            { HeldBy: { } gate } => $": its next revision is held by the gate {gate}, which waits for running code likewise.",
            { Next: { } next } => $": its next revision requires {next}, and so this very migration.",
            _ => ": its next revision is held by this very gate.",
        }));
        string known = contract.IsProved
            ? "Or, where no running code uses it any more and the statistics remember what did: "
                + $"`{ContractWords.Forget}`, and when the code has run for a while, `{RunWords.Retry(reason.Run)}`."
            : $"Or have it proved, as the conditions Rehearsed and RunningCodeSurvives say, then `{RunWords.Retry(reason.Run)}`.";
        return $"{names} {Breaks(contract)} and would wait for ever (spec.policy.contract), because older code ends only "
            + $"when its successor starts. {held} Either make two releases of it: first the code that does without what goes, with an "
            + "image that lacks this migration, then the migration. Or set spec.policy.contract to Warn: statements of the pods that run "
            + $"then fail until they are replaced. {known} {Broken(contract)}{Ends(contract)}".TrimEnd();
    }

    /// <summary>What its SQL says where nothing is proved, and whom that concerns although nobody waits: sentences, or nothing.</summary>
    private static string May(Contract contract, bool isAtWork) => Begins(contract, isAtWork) is { Length: > 0 } code
        ? $"By its SQL {Phrases.Names(contract.Migrations)} may break it. {code}"
        : "";

    /// <summary>The older code that runs while it is applied, and what makes some later.</summary>
    private static string Begins(Contract contract, bool isAtWork) =>
        (isAtWork ? ContractWords.Meanwhile(contract) : "") + ContractWords.Later(contract);

    private static string Breaks(Contract contract) =>
        contract.IsProved ? "breaks statements of running code" : "may break running code by its SQL, which is not proved,";

    /// <summary>What holds where no rule has found anything.</summary>
    public static string Passed(Judgement judgement) => judgement.Rehearsal?.Report is not { } report
        ? "Nothing is pending, so nothing is to be rehearsed."
        : $"{report.Count} pending ran in a scratch database.{Locks(report)}{Rollbacks(report)}";

    /// <inheritdoc cref="Passed"/>
    public static string Survives(Judgement judgement) => judgement.Rehearsal?.Report?.Statements is not { } statements
        ? "Nothing is pending that could break a statement of running code."
        : $"Of the statements that the database has counted, {statements.Proven} prepare after the pending migrations as before"
            + (statements.ResultChanged == 0 ? "" : $", {statements.ResultChanged} with another result")
            + (statements.Unproven == 0 ? "." : $"; {statements.Unproven} were not or could not be prepared before, and prove nothing.");

    private static string Locks(RehearsalReport report) => string.Concat(report.Migrations.Where(migration => migration.Lock is not null)
        .Take(Shown).Select(migration => $" {migration.Name} takes {migration.Lock} on {migration.Relation}."));

    private static string Rollbacks(RehearsalReport report) => string.Concat(report.Rollbacks
        .Where(rollback => rollback.Result is RollbackResult.Failed or RollbackResult.Differs)
        .Take(Shown)
        .Select(rollback => $" The rollback of {rollback.Migration} is no way back: "
            + Phrases.Sentence(Phrases.Bounded(rollback.Note ?? rollback.Result.ToString(), LongestPart))));

    /// <summary>Sentences with a blank behind them, or nothing.</summary>
    private static string Broken(Contract contract)
    {
        if (contract is not { Proved.Count: > 0, Statements: { } statements })
        {
            return "";
        }

        string are = statements.Broken == 1 ? "1 statement breaks" : $"{statements.Broken} statements break";
        string first = string.Join("; ", statements.First.Take(Shown).Select(statement =>
            $"`{Phrases.Bounded(statement.Text, LongestPart)}` ({statement.Calls} calls) by {statement.Migration}"
            + (statement.Line is { } line ? $":{line}" : "")
            + (statement.Message is { } message ? $": {Phrases.Bounded(message, LongestPart).TrimEnd('.')}" : "")));
        return first.Length == 0 ? $"{are}. " : $"{are}: {first}. ";
    }

    /// <summary>A sentence with a blank behind it, or nothing.</summary>
    private static string Ends(Contract contract) => contract.Ends.Count == 0 ? ""
        : $"Afterwards there is no way back to {string.Join(", ", contract.Ends.Take(Shown))}"
            + (contract.Ends.Count > Shown ? $" and {contract.Ends.Count - Shown} more. " : ". ");

    private static string Cause(RehearsalRecord record) => Phrases.Sentence(
        Phrases.Bounded(record.Report?.Unavailable?.Message ?? RunWords.NoReport, LongestPart));

    /// <summary>A sentence that is gone on with; a migration's name and an abbreviation stay as they are.</summary>
    private static string Lower(string sentence) =>
        sentence is [var first, var second, ..] && char.IsAsciiLetterUpper(first) && char.IsAsciiLetterLower(second)
            ? char.ToLowerInvariant(first) + sentence[1..]
            : sentence;
}
