namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>Lists of edits in parts that can be made of one reading of the document.</summary>
internal static class EditBatches
{
    /// <summary>
    /// Each part is of one kind and has an entry once at most. Edits of one entry keep their order; those of different entries do not
    /// depend on each other, until one makes an entry or gives it another name.
    /// </summary>
    public static IEnumerable<IReadOnlyList<ChangelogEdit>> Of(IEnumerable<ChangelogEdit> edits)
    {
        // The first edits of all entries, then the second ones, and so on.
        List<List<ChangelogEdit>> rounds = [];
        Dictionary<string, int> made = new(StringComparer.Ordinal);
        foreach (ChangelogEdit edit in edits)
        {
            if (Entry(edit) is not { } name)
            {
                foreach (IReadOnlyList<ChangelogEdit> part in rounds.SelectMany(Kinds))
                {
                    yield return part;
                }

                rounds.Clear();
                made.Clear();
                yield return [edit];
                continue;
            }

            int round = made.GetValueOrDefault(name);
            made[name] = round + 1;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(edit);
        }

        foreach (IReadOnlyList<ChangelogEdit> part in rounds.SelectMany(Kinds))
        {
            yield return part;
        }
    }

    /// <summary>The entry that an edit changes without changing its name, or null.</summary>
    public static string? Entry(ChangelogEdit edit) => edit switch
    {
        ChangelogEdit.MoveEntry move => move.Name,
        ChangelogEdit.SetStatus set => set.Name,
        ChangelogEdit.SetField set => set.Name,
        _ => null,
    };

    private static IEnumerable<IReadOnlyList<ChangelogEdit>> Kinds(List<ChangelogEdit> round) =>
        round.GroupBy(edit => edit is ChangelogEdit.MoveEntry).Select(kind => kind.ToList());
}
