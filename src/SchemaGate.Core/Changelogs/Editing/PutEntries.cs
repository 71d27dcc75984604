namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>New entries that stand one behind the other.</summary>
/// <param name="At">Which of the section's entries, as they are before, the first becomes.</param>
/// <param name="Entries">In their order.</param>
/// <param name="Change">With what separates them from the entries around.</param>
internal sealed record PutEntries(int At, IReadOnlyList<ChangelogEntry> Entries, TextChange Change);
