namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>How a label is written in a line: what is around it, and where its value begins.</summary>
/// <param name="Emphasis">The marks before the label, which stand behind it, too: <c>**</c>; often empty.</param>
/// <param name="After">What stands between label and value: <c>:** </c>.</param>
/// <param name="ValueStart">Offset in the line.</param>
/// <param name="IsFirst">Whether nothing but its marks and blanks stands before it: no symbol, no markup.</param>
internal sealed record LabelMarkup(string Emphasis, string After, int ValueStart, bool IsFirst)
{
    private static readonly System.Buffers.SearchValues<char> s_others =
        System.Buffers.SearchValues.Create("[<`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Null where the label is not written plainly, such as in a link.</summary>
    public static LabelMarkup? Read(ReadOnlySpan<char> line, string label)
    {
        int start = label.Length == 0 ? -1 : line.IndexOf(label, StringComparison.Ordinal);
        if (start < 0 || line[..start].ContainsAny(s_others))
        {
            return null;
        }

        int marks = line[..start].Length - line[..start].TrimEnd("*_").Length;
        ReadOnlySpan<char> emphasis = line[(start - marks)..start];
        int after = start + label.Length;
        int index = Skip(line, after, " \t:：");
        if (marks > 0)
        {
            if (!line[index..].StartsWith(emphasis))
            {
                return null;
            }

            bool isColon = line[after..index].ContainsAny(":：");
            index = Skip(line, index + marks, " \t");
            // A dash behind a colon is the value.
            isColon |= index < line.Length && line[index] is ':' or '：';
            index = Skip(line, index, isColon ? ":：" : "-–—");
        }
        else if (!line[after..index].ContainsAny(":："))
        {
            return null;
        }

        index = Skip(line, index, " \t");
        return new(emphasis.ToString(), line[after..index].ToString(), index, line[..start].Trim("*_ \t").IsEmpty);
    }

    private static int Skip(ReadOnlySpan<char> line, int from, ReadOnlySpan<char> symbols) =>
        line.Length - line[from..].TrimStart(symbols).Length;
}
