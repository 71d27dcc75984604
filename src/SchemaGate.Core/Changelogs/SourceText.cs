namespace SchemaGate.Core.Changelogs;

/// <summary>A document's text and its lines. A line ends at LF, CRLF or a lone CR, as Markdown and editors have it.</summary>
internal sealed class SourceText
{
    private const char ByteOrderMark = '\uFEFF';
    private readonly List<int> _lineStarts = [0];

    public SourceText(string text)
    {
        Text = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        for (int index = NextEnd(0); index < Text.Length; index = NextEnd(index + 1))
        {
            if (Text[index] == '\n' || index + 1 == Text.Length || Text[index + 1] != '\n')
            {
                _lineStarts.Add(index + 1);
            }
        }
    }

    /// <summary>The text without its byte order mark, which an editor does not count either.</summary>
    public string Text { get; }

    public int LineCount => _lineStarts.Count;

    /// <summary>From an offset to the end of its line, without trailing white space.</summary>
    public SourceSpan RestOfLine(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        int end = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] : Text.Length;
        int length = Text.AsSpan(offset, end - offset).TrimEnd().Length;
        return new(line + 1, offset - _lineStarts[line] + 1, length);
    }

    /// <summary>The offset of a place's first character.</summary>
    public int Offset(SourceSpan span) => _lineStarts[span.Line - 1] + span.Column - 1;

    /// <summary>Where the line of an offset begins.</summary>
    public int LineStart(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        return _lineStarts[found >= 0 ? found : ~found - 1];
    }

    /// <summary>Where the line of an offset ends, before its line end.</summary>
    public int LineEnd(int offset) => NextEnd(offset);

    /// <summary>The characters of one line, with its line end.</summary>
    public ReadOnlySpan<char> Line(int index)
    {
        int end = index + 1 < _lineStarts.Count ? _lineStarts[index + 1] : Text.Length;
        return Text.AsSpan(_lineStarts[index], end - _lineStarts[index]);
    }

    /// <summary>Whole lines, from one up to another that is not among them, with their line ends.</summary>
    public string Lines(int from, int to)
    {
        int end = to < _lineStarts.Count ? _lineStarts[to] : Text.Length;
        return Text[_lineStarts[from]..end];
    }

    private int NextEnd(int from)
    {
        int distance = Text.AsSpan(from).IndexOfAny('\n', '\r');
        return distance < 0 ? Text.Length : from + distance;
    }
}
