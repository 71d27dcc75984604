using SchemaGate.Core.Changelogs.Checklists;

namespace SchemaGate.Cli.Changelogs;

/// <summary>A checklist with its answers.</summary>
/// <param name="Name">The entry's, or the migration's.</param>
/// <param name="Done">No point is open, and none is answered with no.</param>
internal sealed record ChecklistReport(string Name, bool Done, IReadOnlyList<ChecklistLine> Items)
{
    public static ChecklistReport Of(string name, IReadOnlyList<ChecklistAnswer> answers) => new(
        name, answers.All(answer => answer.State == ChecklistState.Yes), [.. answers.Select(answer => new ChecklistLine(
            answer.Item.Text, answer.State.ToString().ToLowerInvariant(), answer.Says, answer.Item.Line > 0 ? answer.Item.Line : null))]);
}

/// <summary>A point.</summary>
/// <param name="Item">As the document has it.</param>
/// <param name="State">yes, no or open.</param>
/// <param name="Says">What was seen, or what is left to do.</param>
/// <param name="Line">Where the document has it; null where it has no checklist.</param>
internal sealed record ChecklistLine(string Item, string State, string Says, int? Line);
