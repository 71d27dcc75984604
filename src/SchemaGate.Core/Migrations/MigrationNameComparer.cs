using System.Text;

namespace SchemaGate.Core.Migrations;

/// <summary>
/// The order in which Prisma (6.6 and newer) applies migrations: JavaScript's <c>localeCompare</c>, which is ICU's root collation:
/// punctuation, then digits, then letters; case decides only where nothing else does, and then lower case comes first. Exact for ASCII;
/// other characters follow by code point. Total: names that collate alike are ordered ordinally.
/// </summary>
public sealed class MigrationNameComparer : IComparer<string>
{
    /// <summary>ICU root order of the ASCII characters that have a weight (CLDR's allkeys); controls have none and are skipped.</summary>
    private const string Order = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly int[] s_weights = Weights();

    private MigrationNameComparer()
    {
    }

    public static MigrationNameComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return string.CompareOrdinal(x, y);
        }

        int primary = CompareBy(x, y, Weight);
        int order = primary != 0 ? primary : CompareBy(x, y, Case);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static int Case(Rune rune) => rune.IsAscii && char.IsAsciiLetterUpper((char)rune.Value) ? 1 : 0;

    private static int CompareBy(string x, string y, Func<Rune, int> weight)
    {
        StringRuneEnumerator left = x.EnumerateRunes();
        StringRuneEnumerator right = y.EnumerateRunes();
        while (true)
        {
            bool hasLeft = MoveNext(ref left);
            bool hasRight = MoveNext(ref right);
            if (!hasLeft || !hasRight)
            {
                return hasLeft.CompareTo(hasRight);
            }

            int order = weight(left.Current).CompareTo(weight(right.Current));
            if (order != 0)
            {
                return order;
            }
        }
    }

    /// <summary>To the next character that has a weight.</summary>
    private static bool MoveNext(ref StringRuneEnumerator runes)
    {
        while (runes.MoveNext())
        {
            if (Weight(runes.Current) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static int Weight(Rune rune) => rune.IsAscii ? s_weights[rune.Value] : s_weights.Length + rune.Value;

    private static int[] Weights()
    {
        int[] weights = new int[128];
        for (int index = 0; index < Order.Length; index++)
        {
            weights[Order[index]] = index + 1;
            weights[char.ToUpperInvariant(Order[index])] = index + 1;
        }

        return weights;
    }
}
