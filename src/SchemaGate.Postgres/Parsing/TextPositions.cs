using System.Text;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing;

/// <summary>Turns libpg_query's byte offsets into places in a text.</summary>
internal sealed class TextPositions
{
    private const int Stride = 128;
    private readonly string _text;
    private readonly int _start;
    private readonly byte[] _utf8;
    private readonly int[]? _characters;
    private readonly List<int> _lineStarts;

    /// <param name="sql">The whole text.</param>
    public TextPositions(string sql)
        : this(sql, 0, LineStarts(sql))
    {
    }

    private TextPositions(string text, int start, List<int> lineStarts)
    {
        (_text, _start, _lineStarts) = (text, start, lineStarts);
        _utf8 = Encoding.UTF8.GetBytes(text + '\0');
        _characters = Ascii.IsValid(text) ? null : Characters();
    }

    /// <summary>The text in UTF-8 with a zero byte behind it, as libpg_query takes it.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The characters of this part, and where they begin in the whole.</summary>
    public (string Text, int Start) Part => (_text, _start);

    /// <summary>A part of the text that is parsed alone, whose byte offsets count from its own beginning.</summary>
    public TextPositions PartOf(string text, int start) => new(text, start, _lineStarts);

    /// <summary>The character, in the whole text, that a byte of this part belongs to.</summary>
    public int Character(int offset)
    {
        int within = Math.Clamp(offset, 0, _utf8.Length - 1);
        int known = within / Stride;
        return _start + (_characters is null ? within : _characters[known] + Units(known * Stride, within));
    }

    /// <summary>The place of a range of bytes.</summary>
    public TextSpan Span(int start, int end) => SpanOf(Character(start), Character(end));

    /// <summary>The place of a range of characters.</summary>
    public TextSpan SpanOf(int start, int end)
    {
        int found = _lineStarts.BinarySearch(start);
        int line = found >= 0 ? found : ~found - 1;
        return new TextSpan(start, Math.Max(0, end - start), line + 1, start - _lineStarts[line] + 1);
    }

    private static List<int> LineStarts(string sql)
    {
        List<int> starts = [0];
        for (int index = sql.IndexOf('\n', StringComparison.Ordinal); index >= 0; index = sql.IndexOf('\n', index + 1))
        {
            starts.Add(index + 1);
        }

        return starts;
    }

    /// <summary>The character at every <see cref="Stride"/>th byte.</summary>
    private int[] Characters()
    {
        int[] characters = new int[(_utf8.Length / Stride) + 1];
        for (int index = 1; index < characters.Length; index++)
        {
            characters[index] = characters[index - 1] + Units((index - 1) * Stride, index * Stride);
        }

        return characters;
    }

    /// <summary>
    /// UTF-16 code units that begin in a range of bytes: two for each sequence of four bytes, none for a byte that continues one.
    /// </summary>
    private int Units(int start, int end)
    {
        int units = 0;
        for (int index = start; index < end; index++)
        {
            units += _utf8[index] switch { >= 0xF0 => 2, >= 0x80 and < 0xC0 => 0, _ => 1 };
        }

        return units;
    }
}
