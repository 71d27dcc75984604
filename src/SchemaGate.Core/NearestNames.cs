namespace SchemaGate.Core;

/// <summary>What somebody may have meant.</summary>
public static class NearestNames
{
    /// <summary>Longer ones are nobody's typing.</summary>
    private const int Longest = 100;

    /// <summary>At most three names, the nearest first; empty where none is near.</summary>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> names) => word.Length > Longest ? [] :
    [
        .. names.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(pair => pair.Distance <= Math.Max(2, pair.Name.Length / 3)
                || (word.Length >= 4 && pair.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.Distance).Select(pair => pair.Name).Take(3),
    ];

    /// <summary>The end of a sentence, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> names) =>
        Of(word, names) is { Count: > 0 } near ? $"; did you mean {string.Join(" or ", near)}" : "";

    /// <summary>Levenshtein's, without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= right.Length; j++)
            {
                int change = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + change, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
