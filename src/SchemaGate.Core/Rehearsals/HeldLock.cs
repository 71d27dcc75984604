namespace SchemaGate.Core.Rehearsals;

/// <summary>A lock from when it is taken to when its transaction ends, and about how long that is in the live database.</summary>
/// <param name="Lock">The strongest, and all that is done to its table until then.</param>
/// <param name="Line">Of the statement that takes it first.</param>
/// <param name="Lasts">Null where a size is not known.</param>
/// <param name="Size">The table's; null where it is not known.</param>
/// <param name="Sentence">All of it, in words.</param>
public sealed record HeldLock(
    ObservedLock Lock, int Line, DurationRange? Lasts, TableSize? Size, string Sentence);
