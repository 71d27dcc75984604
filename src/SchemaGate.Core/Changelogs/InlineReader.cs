using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Reads inline Markdown in one pass each, in linear time; marks that turn out to be markup are left out when the text is put together.
/// One reader serves one document, because its buffers are most of the cost. Not for use by several threads.
/// </summary>
/// <param name="isReference">Whether a label has a link definition in the document; without one, brackets are text.</param>
internal sealed class InlineReader(Func<string, bool> isReference)
{
    /// <summary>Longer runs of backticks are text: it bounds the search for their ends, and nobody writes them.</summary>
    private const int MaxBackticks = 31;

    private static readonly SearchValues<char> s_markup = SearchValues.Create("\\`*_![]<&\n");

    private readonly List<char> _text = [];
    private readonly StringBuilder _result = new();
    private readonly List<InlineMark> _marks = [];
    private readonly Stack<InlineMark> _spareMarks = [];
    private readonly Stack<InlineMark> _stars = [];
    private readonly Stack<InlineMark> _underscores = [];
    private readonly Stack<InlineMark> _brackets = [];
    private int _unclosedBackticks;
    private bool _noCommentEnd;
    private bool _strongSeen;
    private string? _link;
    private char[] _buffer = [];
    private int _length;
    private int _index;

    private ReadOnlySpan<char> Source => _buffer.AsSpan(0, _length);

    /// <summary>The text of one heading or paragraph.</summary>
    public InlineText Read(ReadOnlySpan<char> markdown)
    {
        if (markdown.IndexOfAny(s_markup) < 0)
        {
            return new(markdown.Trim().ToString(), 0, null);
        }

        Begin(markdown);
        while (_index < _length)
        {
            int plain = Source[_index..].IndexOfAny(s_markup);
            plain = plain < 0 ? _length - _index : plain;
            if (plain > 0 || !ReadMarkup(_buffer[_index]))
            {
                plain = Math.Max(plain, 1);
                Take(Source.Slice(_index, plain), _index + plain);
            }
        }

        return Finish();
    }

    private void Begin(ReadOnlySpan<char> markdown)
    {
        if (markdown.Length > _buffer.Length)
        {
            _buffer = new char[Math.Max(markdown.Length, 2 * _buffer.Length)];
        }

        markdown.CopyTo(_buffer);
        _length = markdown.Length;
        _index = 0;
        _text.Clear();
        _result.Clear();
        foreach (InlineMark mark in _marks)
        {
            _spareMarks.Push(mark);
        }

        _marks.Clear();
        _stars.Clear();
        _underscores.Clear();
        _brackets.Clear();
        _unclosedBackticks = 0;
        _noCommentEnd = _strongSeen = false;
        _link = null;
    }

    private InlineText Finish()
    {
        ReadOnlySpan<char> written = CollectionsMarshal.AsSpan(_text);
        int copied = 0;
        int strong = 0;
        bool leading = false;
        foreach (InlineMark mark in _marks)
        {
            _result.Append(written[copied..mark.Position]);
            copied = mark.Position;
            leading |= mark.OpensStrong && !HasWord();
            strong = leading && mark.ClosesStrong ? _result.Length : strong;
            AppendMark(mark);
        }

        string whole = _result.Append(written[copied..]).ToString();
        int indent = whole.Length - whole.AsSpan().TrimStart().Length;
        string trimmed = whole.Trim();
        return new(trimmed, Math.Clamp(strong - indent, 0, trimmed.Length), _link);
    }

    private void AppendMark(InlineMark mark)
    {
        for (int count = 0; count < mark.Remaining; count++)
        {
            _result.Append(mark.Symbol);
        }
    }

    private bool HasWord()
    {
        for (int index = 0; index < _result.Length; index++)
        {
            if (char.IsLetterOrDigit(_result[index]))
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

    private char Peek(int ahead) => _index + ahead < _length ? _buffer[_index + ahead] : '\n';

    private bool Take(ReadOnlySpan<char> text, int next)
    {
        _text.AddRange(text);
        _index = next;
        return true;
    }

    private bool ReadEscape() =>
        Peek(1) is var escaped && char.IsAscii(escaped) && (char.IsPunctuation(escaped) || char.IsSymbol(escaped))
        && Take([escaped], _index + 2);

    private bool ReadCode()
    {
        int length = InlineSyntax.RunLength(Source, _index);
        int start = _index + length;
        if (length > MaxBackticks || (_unclosedBackticks & (1 << length)) != 0)
        {
            return Take(Source.Slice(_index, length), start);
        }

        int end = InlineSyntax.FindRun(Source, '`', length, start);
        if (end < 0)
        {
            _unclosedBackticks |= 1 << length;
            return Take(Source.Slice(_index, length), start);
        }

        int written = _text.Count;
        Take(InlineSyntax.Code(Source[start..end]), end + length);
        CollectionsMarshal.AsSpan(_text)[written..].Replace('\n', ' ');
        return true;
    }

    /// <summary>CommonMark 6.2: what a run of marks may do follows from the characters around it.</summary>
    private bool ReadEmphasis(string symbol, Stack<InlineMark> openers)
    {
        char before = _index == 0 ? '\n' : _buffer[_index - 1];
        InlineMark mark = Marked(symbol, InlineSyntax.RunLength(Source, _index));
        char after = Peek(mark.Remaining);
        bool insideWord = symbol == "_" && char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after);
        bool opens = !insideWord && !char.IsWhiteSpace(after) && (char.IsLetterOrDigit(after) || !char.IsLetterOrDigit(before));
        bool closes = !insideWord && !char.IsWhiteSpace(before) && (char.IsLetterOrDigit(before) || !char.IsLetterOrDigit(after));
        _index += mark.Remaining;
        while (closes && mark.Remaining > 0 && openers.TryPop(out InlineMark? opener))
        {
            Match(opener, mark, openers);
        }

        if (opens && mark.Remaining > 0)
        {
            openers.Push(mark);
        }

        return true;
    }

    private void Match(InlineMark opener, InlineMark closer, Stack<InlineMark> openers)
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
        InlineMark bracket = Marked(symbol, 1);
        bracket.LabelStart = _index;
        _brackets.Push(bracket);
        return true;
    }

    private bool CloseBracket()
    {
        if (!_brackets.TryPop(out InlineMark? opener))
        {
            return false;
        }

        int end = InlineSyntax.Destination(Source, _index + 1, out string? destination);
        if (end < 0)
        {
            end = InlineSyntax.Reference(Source, opener.LabelStart, _index, isReference);
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
        const string Comment = "<!--";
        if (Source[_index..].StartsWith(Comment, StringComparison.Ordinal))
        {
            int start = _index + Comment.Length;
            int length = _noCommentEnd ? -1 : Source[start..].IndexOf("-->", StringComparison.Ordinal);
            _noCommentEnd = length < 0;
            return length >= 0 && Take([], start + length + 3);
        }

        int close = InlineSyntax.TagEnd(Source, _index, out bool isAutolink);
        return close >= 0 && Take(isAutolink ? Source.Slice(_index + 1, close - _index - 1) : [], close + 1);
    }

    private bool ReadEntity()
    {
        int end = InlineSyntax.Entity(Source, _index, out string? decoded);
        return end >= 0 && Take(decoded, end);
    }

    private InlineMark Marked(string symbol, int count)
    {
        InlineMark mark = _spareMarks.TryPop(out InlineMark? spare) ? spare : new();
        mark.Begin(_text.Count, symbol, count);
        _marks.Add(mark);
        return mark;
    }
}
