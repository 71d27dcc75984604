using SchemaGate.Core;

namespace SchemaGate.Evidence;

/// <summary>Reads SQL files that are no set in Prisma's layout. Bounded in size and number.</summary>
internal static class SqlFiles
{
    public const int MostFiles = 10_000;

    private static readonly HashSet<string> s_programs = new(
        [".go", ".java", ".kt", ".py", ".rb", ".cs", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".php", ".xml", ".yaml", ".yml"],
        StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc cref="TextFile.Read"/>
    public static Evidence<string> Read(string path) => TextFile.Read(path, "migration", "SQL");

    /// <inheritdoc cref="TextFile.Decode"/>
    public static Evidence<string> Decode(string name, ReadOnlySpan<byte> bytes) => TextFile.Decode(name, bytes, "SQL");

    /// <summary>The SQL files of a directory itself, in the order in which people number them; not of those below it.</summary>
    /// <returns>Paths as one may open them; null where there are more than <see cref="MostFiles"/>.</returns>
    public static IReadOnlyList<string>? In(string directory)
    {
        EnumerationOptions visible =
            new() { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false, MatchCasing = MatchCasing.CaseInsensitive };
        List<string> files = [.. Directory.EnumerateFiles(directory, "*.sql", visible).Take(MostFiles + 1)];
        files.Sort(Compare);
        return files.Count > MostFiles ? null : files;
    }

    /// <summary>A program stands beside them: a tool that runs both keeps their order, and nobody reads what the program does.</summary>
    public static bool HasOthers(string directory) =>
        Directory.EnumerateFiles(directory).Any(file => s_programs.Contains(Path.GetExtension(file)));

    /// <summary>By number where both have digits, so that V2 comes before V10; else by character.</summary>
    private static int Compare(string left, string right)
    {
        (int i, int j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            ReadOnlySpan<char> a = Digits(left, i);
            ReadOnlySpan<char> b = Digits(right, j);
            int order = a.Length > 0 && b.Length > 0 ? CompareNumbers(a.TrimStart('0'), b.TrimStart('0')) : left[i].CompareTo(right[j]);
            if (order != 0)
            {
                return order;
            }

            i += Math.Max(1, a.Length);
            j += Math.Max(1, b.Length);
        }

        int rest = (left.Length - i).CompareTo(right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);

    private static ReadOnlySpan<char> Digits(string text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }
}
