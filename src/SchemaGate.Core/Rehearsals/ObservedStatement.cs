namespace SchemaGate.Core.Rehearsals;

/// <summary>One statement as it ran on a scratch database.</summary>
/// <param name="Offset">Where it begins in the migration's text, in UTF-16 code units.</param>
/// <param name="Line">Of its first word, from 1.</param>
/// <param name="Text">Its beginning on one line, without credentials.</param>
/// <param name="Transaction">Statements of one number share a transaction, and what they lock is held to its end.</param>
/// <param name="Duration">On the scratch database, which has no rows but those that migrations wrote.</param>
/// <param name="Locks">New locks, and those held already on what it worked on; by table.</param>
public sealed record ObservedStatement(
    int Offset, int Line, string Text, int Transaction, TimeSpan Duration, IReadOnlyList<ObservedLock> Locks)
{
    /// <summary>
    /// It ran outside of a transaction, and its locks were seen by another session that looked ever again: one held for a moment only may
    /// be missing.
    /// </summary>
    public bool IsWatched { get; init; }
}

/// <summary>One migration as it ran on a scratch database; as far as it ran.</summary>
public sealed record ObservedMigration(string Name, IReadOnlyList<ObservedStatement> Statements);
