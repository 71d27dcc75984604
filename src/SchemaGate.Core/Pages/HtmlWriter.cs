using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SchemaGate.Core.Pages;

/// <summary>
/// HTML whose literals are ours and whose values are anybody's: <c>writer.Add($"&lt;p&gt;{text}&lt;/p&gt;")</c> encodes what stands in
/// braces, as text or within a quoted attribute. Nothing else writes into a page.
/// </summary>
/// <param name="longest">Characters; of a longer page nothing is kept.</param>
internal sealed class HtmlWriter(int longest = int.MaxValue)
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder html = new();
    private readonly StringBuilder part = new();

    public void Add([InterpolatedStringHandlerArgument("")] ref Fragment fragment)
    {
        if (Fits(fragment.Part.Length))
        {
            html.Append(fragment.Part);
        }
    }

    public bool IsTooLong { get; private set; }

    /// <summary>Lines of text, each end of a line left as it is: within <c>pre</c> it is one.</summary>
    public void AddLines(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            string line = Encoded(lines[index]);
            if (Fits(line.Length + 1))
            {
                html.Append(index == 0 ? "" : "\n").Append(line);
            }
        }
    }

    /// <summary>A sentence of ours: what stands in it in backquotes is code.</summary>
    public static SafeHtml Sentence(string text)
    {
        string[] parts = text.Split('`');
        return new(string.Concat(parts.Select((part, index) =>
            index % 2 == 1 && index < parts.Length - 1 ? $"<code>{Encoded(part)}</code>" : Encoded(Between(parts, index)))));
    }

    public override string ToString() => html.ToString();

    private bool Fits(int more)
    {
        if (!IsTooLong && more > longest - html.Length)
        {
            IsTooLong = true;
            html.Clear();
        }

        return !IsTooLong;
    }

    /// <summary>A backquote that nothing closes is one.</summary>
    private static string Between(string[] parts, int index) =>
        index % 2 == 1 && index == parts.Length - 1 ? $"`{parts[index]}" : parts[index];

    private static string Encoded(string? text) => s_encoder.Encode(PageText.Shown(text ?? ""));

    /// <summary>One interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Fragment
    {
        public Fragment(int literalLength, int formattedCount, HtmlWriter writer)
        {
            Part = writer.part.Clear();
            Part.EnsureCapacity(literalLength + (16 * formattedCount));
        }

        public StringBuilder Part { get; }

        public void AppendLiteral(string literal) => Part.Append(literal);

        public void AppendFormatted(string? text) => Part.Append(Encoded(text));

        public void AppendFormatted(int number) => Part.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>What is HTML already.</summary>
        public void AppendFormatted(SafeHtml safe) => Part.Append(safe.Html);
    }
}

/// <summary>HTML that is ours, or that was made safe by who made this.</summary>
/// <param name="Html">As it goes into the page.</param>
internal readonly record struct SafeHtml(string Html);
