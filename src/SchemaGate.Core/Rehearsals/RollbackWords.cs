namespace SchemaGate.Core.Rehearsals;

/// <summary>A rollback's outcome in words: the first of them, without a full stop, then what belongs to it.</summary>
public static class RollbackWords
{
    /// <summary>Of a difference's objects, how many are named where one sentence tells all.</summary>
    private const int Named = 3;

    public static string Of(RollbackOutcome outcome) => outcome switch
    {
        RollbackOutcome.AsItWas { ByHand: [] } => "it ran, and the schema is as it was",
        RollbackOutcome.AsItWas => "its SQL ran, and the schema is as it was; what is left to do by hand is untested",
        RollbackOutcome.Differs differs => $"it ran, and the schema is not as it was: {Of(differs.Differences)}",
        RollbackOutcome.Failed failed => $"it fails: {failed.Message.TrimEnd('.')}",
        RollbackOutcome.WordsOnly => "untested: the entry gives no SQL",
        RollbackOutcome.Absent => "untested: nobody wrote one",
        RollbackOutcome.NotRun not => $"not run: {not.Why}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Of(IReadOnlyList<string> differences)
    {
        string more = differences.Count > Named ? $"; and {differences.Count - Named} more" : "";
        return string.Join("; ", differences.Take(Named).Select(difference => difference.TrimEnd('.'))) + more;
    }
}
