using System.Text;

namespace SchemaGate.Cli;

/// <summary>Colours of a terminal (ECMA-48, SGR).</summary>
internal enum Style
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
}

/// <summary>
/// Text for a terminal. What files and servers say reaches it without control characters, which could rewrite the screen.
/// </summary>
internal sealed class StyledText(TextWriter writer, bool isColoured)
{
    public CommandName Name { get; init; } = CommandName.Own;

    public StyledText Write(string text, Style style = Style.Plain)
    {
        string printable = Printable(Name.In(text));
        writer.Write(isColoured && style != Style.Plain ? $"\e[{(int)style}m{printable}\e[0m" : printable);
        return this;
    }

    public void Line(string text = "", Style style = Style.Plain)
    {
        Write(text, style);
        writer.Write('\n');
    }

    /// <summary>A title and its lines, below a blank one; nothing where there are none.</summary>
    public void Section(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        Line();
        Line(title, Style.Bold);
        foreach (string line in lines)
        {
            Line($"  {line}");
        }
    }

    /// <summary>Control characters, line breaks too, and the marks that turn the direction of writing become U+FFFD.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        StringBuilder printable = new(text.Length);
        foreach (char symbol in text)
        {
            printable.Append(IsUnsafe(symbol) ? '\uFFFD' : symbol);
        }

        return printable.ToString();
    }

    private static bool IsUnsafe(char symbol) =>
        char.IsControl(symbol) || symbol is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
