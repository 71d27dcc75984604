namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Files that hold the way up and the way down, and names that begin with a number.</summary>
internal static class ScriptParts
{
    /// <summary>
    /// The lines between an up mark and the next down mark; the others are empty, so that lines keep their numbers. A mark is a comment.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="up">The comment's text behind the dashes, such as <c>+goose Up</c>; case and spaces do not count.</param>
    /// <param name="down">Likewise.</param>
    /// <param name="isUpAtFirst">Whether what stands above any mark is the way up.</param>
    public static string Up(string text, string up, string down, bool isUpAtFirst = false)
    {
        bool isUp = isUpAtFirst;
        string[] lines = text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            isUp = IsMark(lines[index], up) || (isUp && !IsMark(lines[index], down));
            lines[index] = isUp ? lines[index] : "";
        }

        return string.Join('\n', lines);
    }

    public static bool HasMark(LayoutFile file, string mark) => file.Text.Split('\n').Any(line => IsMark(line, mark));

    public static bool IsMark(string line, string mark)
    {
        ReadOnlySpan<char> text = line.AsSpan().TrimStart('\uFEFF').Trim();
        return text.StartsWith("--", StringComparison.Ordinal)
            && text[2..].TrimStart().StartsWith(mark, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The digits that a name begins with, without leading zeros; null where there are none.</summary>
    public static string? Number(string name)
    {
        int digits = name.TakeWhile(char.IsAsciiDigit).Count();
        string number = name[..digits].TrimStart('0');
        return (digits, number) switch { (0, _) => null, (_, "") => "0", _ => number };
    }

    /// <summary>Numbers of any length, without leading zeros.</summary>
    public static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    /// <summary>Both as numbers; what is none comes last.</summary>
    public static IOrderedEnumerable<Migration> ByNumber(this IEnumerable<Migration> migrations) =>
        migrations.OrderBy(migration => migration.Key, Comparer<string>.Create(CompareNumbers))
            .ThenBy(migration => migration.Name, StringComparer.Ordinal);
}
