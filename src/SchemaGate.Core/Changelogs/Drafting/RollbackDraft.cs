using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>
/// The way back in words, and below it step by step, what was done last first: SQL where that is plain. Nobody has tried it.
/// </summary>
internal static class RollbackDraft
{
    /// <summary>Longer is no reading for people: words do.</summary>
    private const int MostSteps = 40;

    public static FieldValue Of(IReadOnlyList<Change> changes)
    {
        Undo[] steps = [.. changes.Reverse().Select(change => change.Undo).Where(undo => undo is not Undo.None).Distinct()];
        string[] items = [.. steps.Take(MostSteps).Select(Step)];
        string more = $"And {steps.Length - MostSteps} more steps";
        return new("Rollback", Text(steps), steps.Length > MostSteps ? [.. items, more] : items);
    }

    private static string Text(Undo[] steps)
    {
        string words = string.Join(", ", steps.OfType<Undo.Reverse>().GroupBy(step => (step.Verb, step.Noun))
            .Select(group => $"{group.Key.Verb} {(group.Count() == 1 ? group.Key.Noun : Marked.Plural(group.Key.Noun))}"));
        string plain = words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words[1..]} (drafted from the SQL, untested)";
        return steps switch
        {
            [] => "Nothing to undo: it leaves nothing behind",
            _ when steps.Any(step => step is Undo.Lost) => $"Cannot be undone: data is lost. {plain}".TrimEnd(' ', '.'),
            _ => plain.Length == 0 ? "By hand" : plain,
        };
    }

    private static string Step(Undo step) => step switch
    {
        Undo.Reverse reverse => Marked.Code(reverse.Sql),
        Undo.ByHand manual => $"By hand: {manual.What}",
        Undo.Lost lost => $"Lost, and only a backup brings it back: {lost.What}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
