namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>One thing that a migration does.</summary>
/// <param name="Command">SQL's words for it, such as ADD COLUMN.</param>
/// <param name="Text">The same for people, as Markdown of one line.</param>
/// <param name="Undo">The way back.</param>
internal sealed record Change(string Command, string Text, Undo Undo)
{
    /// <summary>It adds, and takes nothing away from who uses what is there.</summary>
    public bool IsAdditive { get; init; }

    public static Change Additive(string command, string text, Undo undo) => new(command, text, undo) { IsAdditive = true };
}
