namespace SchemaGate.Core.Changelogs.Checklists;

/// <summary>What a point of a checklist asks for, as far as anything can see it.</summary>
public enum ChecklistKind
{
    /// <summary>Only a person can tell.</summary>
    Person,
    Documented,
    MigrationMade,
    FreshDatabase,
    Rollback,
    StatusUpdated,
    Committed,
}

/// <summary>One point of a document's change checklist.</summary>
/// <param name="Text">As the document has it, inline marks included.</param>
/// <param name="Line">Where, from 1; 0 where the document has no checklist and the usual one counts.</param>
public sealed record ChecklistItem(string Text, ChecklistKind Kind, int Line);

/// <summary>What is known of a point.</summary>
public enum ChecklistState
{
    /// <summary>Left for a person, or not run.</summary>
    Open,
    Yes,
    No,
}

/// <summary>A point with its answer.</summary>
/// <param name="Says">A sentence without a full stop: what was seen, or what is left to do.</param>
public sealed record ChecklistAnswer(ChecklistItem Item, ChecklistState State, string Says);
