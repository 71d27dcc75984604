using SchemaGate.Core.Risk;

namespace SchemaGate.Cli.GoBack;

/// <summary>Whether going back is safe, and what says so.</summary>
/// <param name="Result">safe, unsafe, held or unknown.</param>
/// <param name="Basis">proof, rules, or history where the names of what is applied tell all; null where it is held or unknown.</param>
/// <param name="Message">In a sentence or three.</param>
internal sealed record GoBackVerdict(string Result, string? Basis, string Message)
{
    /// <summary>Rules about what a statement names: the server refuses it then.</summary>
    private static readonly HashSet<string> s_spoken = new(
        [
            "drop-table", "drop-column", "drop-view", "drop-matview", "rename-table", "rename-column", "rename-view", "set-schema",
            "rename-schema", "add-column-not-null-no-default",
        ],
        StringComparer.Ordinal);

    /// <summary>Rules about constraints, of which lint says only how long their making locks.</summary>
    private static readonly HashSet<string> s_constraining = new(
        [
            "add-check-validated", "add-fk-validated", "add-fk-partitioned", "add-unique-builds-index", "add-primary-key-builds-index",
            "primary-key-using-nullable-index", "add-exclusion-constraint", "domain-constraint-added",
        ],
        StringComparer.Ordinal);

    /// <param name="to">What is gone back to, as it was written.</param>
    /// <param name="migrations">What lies between.</param>
    /// <param name="hold">Whether the gate would hold it.</param>
    /// <param name="proof">What the statements tell; null where nothing lies between.</param>
    /// <param name="gap">Why the statements need not be all of the older code's, as a sentence; null where they are.</param>
    /// <param name="risks">What the migrations beyond do by the rules; null where they cannot be judged.</param>
    public static GoBackVerdict Of(
        string to, GoBackMigrations migrations, GoBackHold hold, GoBackProof? proof, string? gap, IReadOnlyList<MigrationRisk>? risks)
    {
        int broken = (proof?.Report?.Summary.Broken ?? 0) + (proof?.Drifted.Count ?? 0);
        if (broken > 0)
        {
            string statements = Counted(broken, "statement that runs on its schema fails", "statements that run on its schema fail");
            return new("unsafe", "proof", $"Going back to {to} is not safe: {statements} on the database as it is.");
        }

        return hold.Holds is true
            ? new("held", null, $"Nothing goes back to {to} now. {hold.Sentence}")
            : ByHistory(to, migrations, hold) ?? ByStatements(to, migrations, proof, gap, risks);
    }

    private static GoBackVerdict ByStatements(
        string to, GoBackMigrations migrations, GoBackProof? proof, string? gap, IReadOnlyList<MigrationRisk>? risks)
    {
        string? undecided = proof?.Undecided ?? Constraining(risks);
        string? why = gap ?? proof?.Why ?? undecided ?? Unspoken(risks);
        return ByProof(to, proof, why) ?? ByRules(to, migrations, why, undecided, risks);
    }

    /// <summary>What nobody has read may do anything.</summary>
    private static GoBackVerdict? ByHistory(string to, GoBackMigrations migrations, GoBackHold hold) => migrations switch
    {
        { Missing.Count: > 0 } => new("unsafe", "history", $"Going back to {to} is not safe: the database lacks "
            + $"{GoBackHold.Names(migrations.Missing)}, which it requires. {hold.Sentence}"),
        { Edited.Count: > 0 } => Unknown(to, $"the database has run another text of {GoBackHold.Names(migrations.Edited)} than is in the "
            + "files: what they tell need not be what is there."),
        { IsSame: true } => new("safe", "history", $"Going back to {to} is safe: the database has no migration that it lacks."),
        { Unfiled.Count: > 0 } => Unknown(
            to, $"the database has {GoBackHold.Names(migrations.Unfiled)}, and no image on record has their files."),
        { Failed.Count: > 0 } => Unknown(
            to, $"the run of {GoBackHold.Names(migrations.Failed)} has failed, or is not over: what of it is there nobody knows."),
        _ => null,
    };

    private static GoBackVerdict? ByProof(string to, GoBackProof? proof, string? why)
    {
        if (proof?.Report?.Summary is not { } sum || why is not null)
        {
            return null;
        }

        string where = proof.DriftUnread is null ? "the database as it is" : "the schema that the later migrations make";
        string told = sum.Changed switch
        {
            0 => $"all mean the same on {where}.",
            1 => $"all run on {where}, and 1 of them returns more columns.",
            var changed => $"all run on {where}, and {changed} of them return more columns.",
        };
        return new("safe", "proof", $"Going back to {to} is safe, as far as "
            + $"{Counted(sum.Surviving + sum.Changed, "statement tells that runs", "statements tell that run")} on its schema: {told}");
    }

    private static GoBackVerdict ByRules(
        string to, GoBackMigrations migrations, string? why, string? undecided, IReadOnlyList<MigrationRisk>? risks)
    {
        string unproved = $"It is not proved. {why ?? "There are no statements."}";
        List<MigrationRisk> breaking = [.. (risks ?? []).Where(risk => risk.Findings.Any(finding => finding.MayBreakCode))];
        List<MigrationRisk> unread = [.. (risks ?? []).Where(risk => risk.Level == Compatibility.Unknown)];
        return (breaking, unread) switch
        {
            _ when risks is null => Unknown(to, $"the SQL of the later migrations could not be judged. {unproved}"),
            ({ Count: > 0 }, _) => new("unsafe", "rules", $"Going back to {to} may not be safe: by their SQL "
                + $"{GoBackHold.Names([.. breaking.Select(risk => risk.Migration)])} may break code that is written for it. {unproved}"),
            (_, { Count: > 0 }) => Unknown(
                to, $"not all SQL of {GoBackHold.Names([.. unread.Select(risk => risk.Migration)])} can be read. {unproved}"),
            _ when undecided is not null => Unknown(
                to, why == undecided ? $"the statements alone do not tell. {undecided}" : $"{unproved} {undecided}"),
            _ => new("safe", "rules", $"Going back to {to} is safe by the rules: nothing in the SQL of "
                + $"{Counted(migrations.Beyond.Count, "later migration", "later migrations")} breaks code that is written for it. "
                + unproved),
        };
    }

    /// <summary>What no statement tells, prepared or tried: who may run it, what values it may write, what else it does then.</summary>
    private static string? Unspoken(IReadOnlyList<MigrationRisk>? risks) => (risks ?? [])
        .SelectMany(risk => risk.Findings).FirstOrDefault(finding => finding.MayBreakCode && !s_spoken.Contains(finding.Rule)) is { } found
            ? $"Statements do not tell this: {found.Message}"
            : null;

    private static string? Constraining(IReadOnlyList<MigrationRisk>? risks) => (risks ?? [])
        .SelectMany(risk => risk.Findings).FirstOrDefault(finding => s_constraining.Contains(finding.Rule)) is { } found
            ? $"The values that its code writes decide: {found.Message}"
            : null;

    private static GoBackVerdict Unknown(string to, string why) =>
        new("unknown", null, $"Whether going back to {to} is safe is not known: {why}");

    private static string Counted(int count, string one, string several) => count == 1 ? $"1 {one}" : $"{count} {several}";
}
