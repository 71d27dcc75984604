using System.Buffers;
using System.Text;

namespace SchemaGate.Oci.Registries;

/// <summary>Reads the value of a WWW-Authenticate header: challenges and their parameters are separated by the same commas,
/// so a name is a parameter if <c>=</c> follows, and else the next challenge's scheme (RFC 9110, 11.2 to 11.6.1).</summary>
internal sealed class ChallengeReader
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create(LettersAndDigits + "!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> Token68Letters = SearchValues.Create(LettersAndDigits + "-._~+/");

    private readonly string text;
    private int at;

    private ChallengeReader(string text) => this.text = text;

    public static IReadOnlyList<Challenge> Read(string value) => new ChallengeReader(value).Read();

    private List<Challenge> Read()
    {
        var challenges = new List<Challenge>();
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            Skip(" \t,");
            var name = Take(TokenLetters);
            var afterName = at;
            Skip(" \t");
            if (name.Length == 0)
            {
                return challenges;
            }

            if (parameters is not null && Peek() == '=')
            {
                at++;
                Skip(" \t");
                if (Value() is not { } value)
                {
                    return challenges;
                }

                parameters.TryAdd(name, value);
                continue;
            }

            parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            challenges.Add(new Challenge(name, parameters));
            if (at > afterName)
            {
                SkipToken68();
            }
        }
    }

    /// <summary>A challenge may carry one opaque text instead of parameters, as Negotiate's do: <c>YII=</c>.</summary>
    private void SkipToken68()
    {
        var start = at;
        if (Take(Token68Letters).Length > 0)
        {
            Skip("=");
            Skip(" \t");
            if (Peek() is ',' or null)
            {
                return;
            }
        }

        at = start;
    }

    /// <summary>A token or a quoted string; null for neither.</summary>
    private string? Value()
    {
        if (Peek() != '"')
        {
            var token = Take(TokenLetters);
            return token.Length > 0 ? token : null;
        }

        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    at++;
                    return value.ToString();
                case '\\' when at + 1 < text.Length:
                    value.Append(text[++at]);
                    break;
                default:
                    value.Append(text[at]);
                    break;
            }
        }

        return null;
    }

    private char? Peek() => at < text.Length ? text[at] : null;

    private string Take(SearchValues<char> letters)
    {
        var rest = text.AsSpan(at);
        var length = rest.IndexOfAnyExcept(letters);
        length = length < 0 ? rest.Length : length;
        at += length;
        return rest[..length].ToString();
    }

    private void Skip(string letters)
    {
        while (at < text.Length && letters.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }
    }
}
