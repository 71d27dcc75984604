using System.Text;

namespace SchemaGate.Core.Changelogs;

/// <summary>One pass over inline Markdown. Marks that turn out to be markup are left out when the text is put together.</summary>
internal sealed class InlineReader(string source, Func<string, bool> isReference)
{
    /// <summary>Longer runs of backticks are text: it bounds the search for their ends, and nobody writes them.</summary>
    private const int MaxBackticks = 31;

    private readonly StringBuilder _text = new(source.Length);
    private readonly List<Mark> _marks = [];
    private readonly Stack<Mark> _stars = [];
    private readonly Stack<Mark> _underscores = [];
    private readonly Stack<Mark> _brackets = [];
    private int _unclosedBackticks;
    private bool _noCommentEnd;
    private bool _strongSeen;
    private string? _link;
    private int _index;

    public InlineText Read()
    {
        while (_index < source.Length)
        {
            if (!ReadMarkup(source[_index]))
            {
                _text.Append(source[_index++]);
            }
        }

        return Finish();
    }

    private InlineText Finish()
    {
        string written = _text.ToString();
        StringBuilder text = new(written.Length);
        int copied = 0;
        int strong = 0;
        bool leading = false;
        foreach (Mark mark in _marks)
        {
            text.Append(written, copied, mark.Position - copied);
            copied = mark.Position;
            leading |= mark.OpensStrong && !HasWord(text);
            strong = leading && mark.ClosesStrong ? text.Length : strong;
            AppendMark(text, mark);
        }

        string whole = text.Append(written, copied, written.Length - copied).ToString();
        int indent = whole.Length - whole.AsSpan().TrimStart().Length;
        return new(whole.Trim(), Math.Max(0, strong - indent), _link);
    }

    private static void AppendMark(StringBuilder text, Mark mark)
    {
        for (int count = 0; count < mark.Remaining; count++)
        {
            text.Append(mark.Symbol);
        }
    }

    private static bool HasWord(StringBuilder text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsLetterOrDigit(text[index]))
            {
                return true;
            }
        }

        return false;
    }

    private bool ReadMarkup(char symbol) => symbol switch
    {
        '\\' => ReadEscape(),
        '`' => ReadCode(),
        '*' => ReadEmphasis("*", _stars),
        '_' => ReadEmphasis("_", _underscores),
        '!' when Peek(1) == '[' => OpenBracket("!["),
        '[' => OpenBracket("["),
        ']' => CloseBracket(),
        '<' => ReadHtml(),
        '&' => ReadEntity(),
        '\n' => Take(" ", _index + 1),
        _ => false,
    };

    private char Peek(int ahead) => _index + ahead < source.Length ? source[_index + ahead] : '\n';

    private bool Take(ReadOnlySpan<char> text, int next)
    {
        _text.Append(text);
        _index = next;
        return true;
    }

    private bool ReadEscape() =>
        Peek(1) is var escaped && char.IsAscii(escaped) && (char.IsPunctuation(escaped) || char.IsSymbol(escaped))
        && Take([escaped], _index + 2);

    private bool ReadCode()
    {
        int length = InlineSyntax.RunLength(source, _index);
        int start = _index + length;
        if (length > MaxBackticks || (_unclosedBackticks & (1 << length)) != 0)
        {
            return Take(source.AsSpan(_index, length), start);
        }

        int end = InlineSyntax.FindRun(source, '`', length, start);
        if (end < 0)
        {
            _unclosedBackticks |= 1 << length;
            return Take(source.AsSpan(_index, length), start);
        }

        return Take(InlineSyntax.Code(source[start..end]), end + length);
    }

    /// <summary>CommonMark 6.2: what a run of marks may do follows from the characters around it.</summary>
    private bool ReadEmphasis(string symbol, Stack<Mark> openers)
    {
        char before = _index == 0 ? '\n' : source[_index - 1];
        Mark mark = new(_text.Length, symbol) { Remaining = InlineSyntax.RunLength(source, _index) };
        char after = Peek(mark.Remaining);
        bool insideWord = symbol == "_" && char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after);
        bool opens = !insideWord && !char.IsWhiteSpace(after) && (char.IsLetterOrDigit(after) || !char.IsLetterOrDigit(before));
        bool closes = !insideWord && !char.IsWhiteSpace(before) && (char.IsLetterOrDigit(before) || !char.IsLetterOrDigit(after));
        _marks.Add(mark);
        _index += mark.Remaining;
        while (closes && mark.Remaining > 0 && openers.TryPop(out Mark? opener))
        {
            Match(opener, mark, openers);
        }

        if (opens && mark.Remaining > 0)
        {
            openers.Push(mark);
        }

        return true;
    }

    private void Match(Mark opener, Mark closer, Stack<Mark> openers)
    {
        int used = Math.Min(opener.Remaining, closer.Remaining);
        opener.Remaining -= used;
        closer.Remaining -= used;
        if (used >= 2 && !_strongSeen)
        {
            _strongSeen = opener.OpensStrong = closer.ClosesStrong = true;
        }

        if (opener.Remaining > 0)
        {
            openers.Push(opener);
        }
    }

    private bool OpenBracket(string symbol)
    {
        _index += symbol.Length;
        Mark bracket = new(_text.Length, symbol) { LabelStart = _index };
        _marks.Add(bracket);
        _brackets.Push(bracket);
        return true;
    }

    private bool CloseBracket()
    {
        if (!_brackets.TryPop(out Mark? opener))
        {
            return false;
        }

        int end = InlineSyntax.Destination(source, _index + 1, out string? destination);
        if (end < 0)
        {
            end = InlineSyntax.Reference(source, opener.LabelStart, _index, isReference);
        }

        if (end < 0)
        {
            return false;
        }

        opener.Remaining = 0;
        _link ??= opener.Symbol == "[" ? destination : null;
        _index = end;
        return true;
    }

    private bool ReadHtml()
    {
        if (string.CompareOrdinal(source, _index, "<!--", 0, 4) == 0)
        {
            int end = _noCommentEnd ? -1 : source.IndexOf("-->", _index + 4, StringComparison.Ordinal);
            _noCommentEnd = end < 0;
            return end >= 0 && Take([], end + 3);
        }

        int close = InlineSyntax.TagEnd(source, _index, out bool isAutolink);
        return close >= 0 && Take(isAutolink ? source.AsSpan(_index + 1, close - _index - 1) : [], close + 1);
    }

    private bool ReadEntity()
    {
        int end = InlineSyntax.Entity(source, _index, out string? decoded);
        return end >= 0 && Take(decoded, end);
    }

    /// <summary>A piece of the text that may turn out to be markup: emphasis marks or an opening bracket.</summary>
    private sealed class Mark(int position, string symbol)
    {
        public int Position => position;

        public string Symbol => symbol;

        public int Remaining { get; set; } = 1;

        public int LabelStart { get; init; }

        public bool OpensStrong { get; set; }

        public bool ClosesStrong { get; set; }
    }
}
