namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What ends a line without being its text: comments, line breaks in HTML, a backslash that breaks the line.</summary>
internal static class LineTail
{
    private const string Open = "<!--";
    private const string Close = "-->";
    private static readonly string[] s_breaks = ["<br>", "<br/>", "<br />"];

    /// <summary>With the white space before it; empty where a line has none.</summary>
    public static string Of(string value)
    {
        int end = value.Length;
        for (int length = Length(value.AsSpan(0, end)); length > 0; length = Length(value.AsSpan(0, end)))
        {
            end -= length;
        }

        return value[end..];
    }

    private static int Length(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> text = value.TrimEnd(" \t");
        int start = -1;
        if (text.EndsWith(Close, StringComparison.Ordinal))
        {
            start = text.LastIndexOf(Open, StringComparison.Ordinal);
        }
        else if (text.EndsWith('\\') && !text.EndsWith("\\\\", StringComparison.Ordinal))
        {
            start = text.Length - 1;
        }

        foreach (string markup in s_breaks)
        {
            start = text.EndsWith(markup, StringComparison.OrdinalIgnoreCase) ? text.Length - markup.Length : start;
        }

        return start < 0 ? 0 : value.Length - value[..start].TrimEnd(" \t").Length;
    }
}
