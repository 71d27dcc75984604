namespace SchemaGate.Core.Proofs;

/// <summary>What has become of a shape between two looks at it.</summary>
public static class ShapeComparison
{
    /// <summary>
    /// Errors of a trial that the stand-ins for a shape's parameters are to blame for, and that an empty database has: a foreign key, a
    /// second row of the same key, also within one ON CONFLICT DO UPDATE.
    /// </summary>
    private static readonly string[] s_expected = ["23503", "23505", "21000"];

    /// <param name="before">What it meant.</param>
    /// <param name="after">What was seen then.</param>
    /// <param name="place">What lies between.</param>
    public static ProofOutcome Of(ShapeMeaning before, ShapeLook after, ProofPlace place)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (after.Meaning is not { } meaning)
        {
            return new ProofOutcome.Broken(after.Error!.SqlState, after.Error.Message, place);
        }

        if (Shift(before.Targets, meaning.Targets) is { } shift)
        {
            return new ProofOutcome.Shifted(shift, place);
        }

        return Trial(before, meaning, place) ?? Untried(before, meaning, place) ?? Differences(before, meaning) switch
        {
            [] => new ProofOutcome.Survives(),
            var differences => new ProofOutcome.Changed(differences, place) { AddsOnly = AddsOnly(before, meaning) },
        };
    }

    /// <summary>
    /// What running it tells. A value that is out of a range, or that a constraint refuses, is the stand-in's: the code's own may do. Where
    /// stand-ins were refused before, too, nobody knows what comes behind that refusal.
    /// </summary>
    private static ProofOutcome? Trial(ShapeMeaning before, ShapeMeaning after, ProofPlace place)
    {
        bool isKnown = before.WasTried && after.WasTried;
        return after.Trial switch
        {
            _ when !isKnown || IsExpected(after.Trial) => null,
            { } same when same.SqlState == before.Trial?.SqlState => new ProofOutcome.Unproven(
                $"stand-ins for its values were refused before {place.Migration}, too ({same.Message.TrimEnd('.')})"),
            { SqlState: ['2', '2', ..] or "23514" or "23P01" } refused => new ProofOutcome.Unproven(
                $"the values that it writes decide, and stand-ins were refused after {place.Migration} ({refused.Message.TrimEnd('.')})")
            {
                IsAfter = true,
            },
            { } error => new ProofOutcome.Broken(error.SqlState, error.Message, place),
            _ => null,
        };
    }

    /// <summary>What could not be tried may fail by a column that needs a value only now.</summary>
    private static ProofOutcome? Untried(ShapeMeaning before, ShapeMeaning after, ProofPlace place)
    {
        HashSet<(string, int)> known = [.. before.Needed.Select(needed => (needed.Table, needed.Column.Number))];
        foreach ((string table, TargetColumn column) in after.Needed)
        {
            if (!known.Contains((table, column.Number)))
            {
                return new ProofOutcome.Unproven(
                    $"it cannot be tried, and after {place.Migration} the column {column.Name} of {table} must have a value")
                {
                    IsAfter = true,
                };
            }
        }

        return after.Untried is { } why ? new ProofOutcome.Unproven(why) : null;
    }

    private static bool IsExpected(ShapeError? error) => error is null || s_expected.Contains(error.SqlState, StringComparer.Ordinal);

    /// <summary>Columns that come or go at the end change nothing for values that are fewer; of more the server says so.</summary>
    private static string? Shift(IReadOnlyList<TargetColumn> before, IReadOnlyList<TargetColumn> after)
    {
        for (int index = 0; index < Math.Min(before.Count, after.Count); index++)
        {
            if (after[index].Number != before[index].Number)
            {
                return $"value {index + 1} was {before[index].Name}'s and is {after[index].Name}'s";
            }
        }

        return null;
    }

    private static bool AddsOnly(ShapeMeaning before, ShapeMeaning after) =>
        before.Columns.SequenceEqual(after.Columns.Take(before.Columns.Count)) && !Parameters(before.Parameters, after.Parameters).Any();

    private static List<string> Differences(ShapeMeaning before, ShapeMeaning after) =>
        [.. Columns(before.Columns, after.Columns), .. Parameters(before.Parameters, after.Parameters)];

    private static IEnumerable<string> Columns(IReadOnlyList<ShapeColumn> before, IReadOnlyList<ShapeColumn> after)
    {
        if (before.SequenceEqual(after))
        {
            yield break;
        }

        List<ShapeColumn> added = [.. after.Where(column => !before.Any(other => other.Name == column.Name))];
        List<ShapeColumn> gone = [.. before.Where(column => !after.Any(other => other.Name == column.Name))];
        IEnumerable<string> retyped =
            from old in before
            from now in after
            where old.Name == now.Name && old.TypeId != now.TypeId
            select old.Type == now.Type
                ? $"the type {now.Type} of the column {now.Name} was made anew"
                : $"it returns {now.Name} as {now.Type}, which was {old.Type}";
        string[] said =
        [
            .. gone.Select(column => $"it no longer returns {column.Name}"),
            .. added.Select(column => $"it returns {column.Name}, too"),
            .. retyped.Distinct(StringComparer.Ordinal),
        ];
        foreach (string sentence in said.DefaultIfEmpty("it returns its columns in another order"))
        {
            yield return sentence;
        }
    }

    private static IEnumerable<string> Parameters(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        for (int index = 0; index < Math.Min(before.Count, after.Count); index++)
        {
            if (before[index] != after[index])
            {
                yield return $"its parameter ${index + 1} is {after[index]}, which was {before[index]}";
            }
        }
    }
}
