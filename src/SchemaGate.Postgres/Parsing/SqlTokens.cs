using System.Text;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// The tokens of a statement that has parsed, as far as places in it depend on them (documentation, 4.1). Not for a text that PostgreSQL
/// has not read.
/// </summary>
internal ref struct SqlTokens(ReadOnlySpan<char> sql)
{
    private const int LongestIdentifier = 63;
    private readonly ReadOnlySpan<char> _sql = sql;

    public int Start { get; private set; }

    public int End { get; private set; }

    public readonly ReadOnlySpan<char> Token => _sql[Start..End];

    public readonly bool IsIdentifier => Token is ['"', ..] || (Token.Length > 0 && IsWordStart(Token[0]));

    /// <summary>Identifiers of more than 63 bytes, as written.</summary>
    public static ValueList<string> LongIdentifiers(ReadOnlySpan<char> sql)
    {
        List<string> found = [];
        SqlTokens tokens = new(sql);
        while (sql.Length > LongestIdentifier / 3 && tokens.Next())
        {
            if (tokens.IsIdentifier && tokens.End - tokens.Start > LongestIdentifier / 3 && IsLong(tokens.Token))
            {
                found.Add(tokens.Token.ToString());
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    public bool Next()
    {
        Start = SqlLexer.SkipTrivia(_sql, End);
        End = Start < _sql.Length ? EndOf(Start) : Start;
        return End > Start;
    }

    private static bool IsLong(ReadOnlySpan<char> token)
    {
        string name = token[0] == '"' ? token.Trim('"').ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : token.ToString();
        return Encoding.UTF8.GetByteCount(name) > LongestIdentifier;
    }

    private readonly int EndOf(int index)
    {
        char character = _sql[index];
        if (character is 'e' or 'E' && Follows(index, '\''))
        {
            return Quoted(index + 1, escapes: true);
        }

        if (character is 'u' or 'U' && Follows(index, '&') && index + 2 < _sql.Length && _sql[index + 2] is '\'' or '"')
        {
            return Quoted(index + 2, escapes: false);
        }

        return character switch
        {
            '\'' or '"' => Quoted(index, escapes: false),
            '$' => DollarQuoted(index),
            _ when IsWordStart(character) => Word(index),
            _ => index + 1,
        };
    }

    private readonly bool Follows(int index, char next) => index + 1 < _sql.Length && _sql[index + 1] == next;

    private readonly int Word(int index)
    {
        while (index < _sql.Length && (IsWordStart(_sql[index]) || _sql[index] is (>= '0' and <= '9') or '$'))
        {
            index++;
        }

        return index;
    }

    private readonly int Quoted(int index, bool escapes)
    {
        char quote = _sql[index++];
        while (index < _sql.Length)
        {
            if (_sql[index] == quote && !Follows(index, quote))
            {
                return index + 1;
            }

            index += _sql[index] == quote || (escapes && _sql[index] == '\\') ? 2 : 1;
        }

        return _sql.Length;
    }

    private readonly int DollarQuoted(int index)
    {
        int end = index + 1;
        while (end < _sql.Length && (IsWordStart(_sql[end]) || (end > index + 1 && char.IsAsciiDigit(_sql[end]))))
        {
            end++;
        }

        if (end >= _sql.Length || _sql[end] != '$')
        {
            return index + 1;
        }

        ReadOnlySpan<char> tag = _sql[index..(end + 1)];
        int close = _sql[(end + 1)..].IndexOf(tag);
        return close < 0 ? _sql.Length : end + 1 + close + tag.Length;
    }

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character is '_' or >= '\u0080';
}
