using System.Text;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// The statements of a Python file, as far as they tell which migrations there are (the Python language reference, "Lexical analysis"):
/// words, signs and literal texts, without comments, each with the column where its line begins. Nothing is computed.
/// </summary>
internal sealed class PythonSource
{
    private const string Brackets = "([{)]}";
    private readonly string _text;
    private readonly List<Statement> _statements = [];
    private List<Token> _tokens = [];
    private int _index;
    private int _lineStart;
    private int _column;
    private int _depth;
    private bool _continuesLine;

    private PythonSource(string text) => _text = text.TrimStart('\uFEFF');

    /// <summary>Never throws: what is no Python gives statements that nobody looks for.</summary>
    public static IReadOnlyList<Statement> Statements(string text)
    {
        List<Statement> statements = [];
        Stack<Statement> open = new();
        foreach (Statement read in new PythonSource(text).Read())
        {
            while (open.TryPeek(out Statement? last) && last.Column >= read.Column)
            {
                open.Pop();
            }

            Statement statement = read with { Scope = open.TryPeek(out Statement? scope) ? scope : null };
            statements.Add(statement);
            if (statement.Tokens[0] is var word && (word.Is("class") || word.Is("def") || word.Is("async")))
            {
                open.Push(statement);
            }
        }

        return statements;
    }

    private List<Statement> Read()
    {
        while (_index < _text.Length)
        {
            Next(_text[_index]);
        }

        End();
        return _statements;
    }

    private void Next(char symbol)
    {
        if (symbol == '#')
        {
            int distance = _text.AsSpan(_index).IndexOfAny('\n', '\r');
            _index = distance < 0 ? _text.Length : _index + distance;
        }
        else if (symbol is '\n' or '\r' or ';')
        {
            _index++;
            if (_depth == 0)
            {
                End();
            }

            _continuesLine = symbol == ';';
            _lineStart = _continuesLine ? _lineStart : _index;
        }
        else if (symbol == '\\')
        {
            _index = Math.Min(_text.Length, _index + (_text.AsSpan(_index).StartsWith("\\\r\n", StringComparison.Ordinal) ? 3 : 2));
        }
        else if (char.IsWhiteSpace(symbol))
        {
            _index++;
        }
        else
        {
            _column = _tokens.Count == 0 && !_continuesLine ? _index - _lineStart : _column;
            Add(symbol is '"' or '\'' ? Literal("") : WordOrSign(symbol));
        }
    }

    private void End()
    {
        if (_tokens.Count > 0)
        {
            _statements.Add(new(_column, _tokens));
            _tokens = [];
        }
    }

    private void Add(Token token)
    {
        _tokens.Add(token);
        int bracket = token is { IsLiteral: false, Text: { } sign } ? Brackets.IndexOf(sign, StringComparison.Ordinal) : -1;
        if (bracket >= 0)
        {
            _depth = Math.Max(0, _depth + (bracket < Brackets.Length / 2 ? 1 : -1));
        }
    }

    private Token WordOrSign(char symbol)
    {
        int start = _index;
        while (_index < _text.Length && (char.IsLetterOrDigit(_text[_index]) || _text[_index] == '_'))
        {
            _index++;
        }

        string word = _text[start.._index];
        if (word.Length == 0)
        {
            _index++;
            return new(symbol.ToString(), IsLiteral: false);
        }

        return word.Length <= 2 && _index < _text.Length && _text[_index] is '"' or '\'' ? Literal(word) : new(word, IsLiteral: false);
    }

    /// <summary>A text that is computed (f) or has escapes is told apart by its null.</summary>
    private Token Literal(string prefix)
    {
        char quote = _text[_index];
        string end = _text.AsSpan(_index).StartsWith(new string(quote, 3), StringComparison.Ordinal) ? new(quote, 3) : quote.ToString();
        StringBuilder value = new();
        bool isPlain = prefix.All(letter => letter is 'r' or 'R' or 'u' or 'U');
        for (_index += end.Length; _index < _text.Length; _index++)
        {
            if (_text.AsSpan(_index).StartsWith(end, StringComparison.Ordinal))
            {
                _index += end.Length;
                return new(isPlain ? value.ToString() : null, IsLiteral: true);
            }

            if (end.Length == 1 && _text[_index] is '\n' or '\r')
            {
                break;
            }

            if (_text[_index] == '\\')
            {
                isPlain = false;
                _index++;
            }

            value.Append(_index < _text.Length ? _text[_index] : ' ');
        }

        return new(null, IsLiteral: true);
    }

    /// <param name="Text">A word, one sign, or a literal's text; null for a literal that is not plain text.</param>
    internal readonly record struct Token(string? Text, bool IsLiteral)
    {
        public bool Is(string word) => !IsLiteral && Text == word;
    }

    /// <param name="Column">Where its first line begins, from 0.</param>
    /// <param name="Tokens">Not empty.</param>
    internal sealed record Statement(int Column, IReadOnlyList<Token> Tokens)
    {
        /// <summary>The class or function whose names it gives; null for the module's, also below an <c>if</c> or a <c>try</c>.</summary>
        public Statement? Scope { get; init; }
    }
}
