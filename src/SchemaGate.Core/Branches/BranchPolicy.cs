namespace SchemaGate.Core.Branches;

/// <summary>How a branch is judged.</summary>
/// <param name="Undocumented">What a new migration without an entry does.</param>
/// <param name="Edited">What an old migration does that was edited, renamed or deleted. A branch can still mend it, so it blocks.</param>
/// <param name="OutOfOrder">What a new migration does that sorts before a released one, or beside another. Likewise.</param>
public sealed record BranchPolicy(
    PolicyMode Undocumented = PolicyMode.Block, PolicyMode Edited = PolicyMode.Block, PolicyMode OutOfOrder = PolicyMode.Block);
