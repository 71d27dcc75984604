using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Pages;

/// <summary>The words and the names of shapes on a page: each state has both, so that neither colour nor style tells alone.</summary>
internal static class PageWords
{
    public static string Of(EntryStanding standing) => standing switch
    {
        EntryStanding.Pending => "Pending",
        EntryStanding.Undocumented => "No entry",
        EntryStanding.Deployed => "Deployed",
        _ => "Migrated",
    };

    /// <summary>A group's title and what it means.</summary>
    public static (string Title, string Meaning) GroupOf(EntryStanding standing) => standing switch
    {
        EntryStanding.Pending => ("Pending", "The schema changed and there is no migration yet: this blocks."),
        EntryStanding.Undocumented => ("Without an entry", "Migrations that the document does not name."),
        EntryStanding.Deployed => ("Deployed", "Applied in production, says the document."),
        _ => ("Migrated", "The migration is there, and ready to be deployed."),
    };

    public static string Of(AppliedState state) => state switch
    {
        AppliedState.Applied or AppliedState.Edited => "applied",
        AppliedState.NotApplied => "not applied",
        AppliedState.Unfinished => "failed, or running",
        AppliedState.RolledBack => "rolled back",
        _ => "not known",
    };

    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Blocking => "Blocks",
        FindingSeverity.Warning => "Warning",
        _ => "Note",
    };

    public static string ClassOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Blocking => "bad",
        FindingSeverity.Warning => "warn",
        _ => "info",
    };

    public static string ClassOf(AppliedState state) => state switch
    {
        AppliedState.Applied => "good",
        AppliedState.Edited or AppliedState.RolledBack => "warn",
        AppliedState.Unfinished => "bad",
        AppliedState.NotApplied => "open",
        _ => "unknown",
    };

    /// <summary>Of a gate's verdict, or of a condition's status.</summary>
    public static string ClassOf(string verdict) => verdict switch
    {
        "Open" or "True" => "good",
        "Blocked" or "False" => "bad",
        "Migrating" => "warn",
        _ => "unknown",
    };

    /// <summary>In a class's name.</summary>
    public static string Word(EntryStanding standing) => standing switch
    {
        EntryStanding.Pending => "pending",
        EntryStanding.Undocumented => "undocumented",
        EntryStanding.Deployed => "deployed",
        _ => "migrated",
    };
}
