using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace SchemaGate.Postgres.Proving;

/// <summary>
/// How one shape can be prepared: the text that a server takes for it, and the types of parameters that it cannot tell. They are found by
/// trying, led by the server's errors, and kept for the looks that follow.
/// </summary>
internal sealed partial class ShapeAttempt(string text)
{
    private const int MostAttempts = 24;

    /// <summary>In the order of how often they are meant.</summary>
    private static readonly string[] s_types =
    [
        "text", "integer", "numeric", "timestamptz", "interval", "date", "jsonb", "boolean", "uuid", "text[]", "integer[]", "uuid[]",
        "double precision", "bytea",
    ];

    /// <summary>Operators are sooner meant for numbers and times than for texts.</summary>
    private static readonly string[] s_operands = ["integer", "numeric", "timestamptz", "interval", "date", .. s_types.Except(
        ["integer", "numeric", "timestamptz", "interval", "date"], StringComparer.Ordinal)];

    private readonly Stack<Guess> _guesses = new();
    private readonly SortedDictionary<int, string> _types = [];
    private IReadOnlyList<string>? _settled;
    private bool _declaresAll;
    private bool _hasGuessedAll;
    private int _attempts;

    public string Text { get; private set; } = text;

    /// <summary>The text of a statement that prepares it.</summary>
    public string Prepare(string name) => $"{Prefix(name)}{Text}";

    /// <summary>
    /// The text of a statement that prepares it with the types that its parameters had, where they are others now; else null. A constant
    /// has its type, and so has a parameter of most drivers.
    /// </summary>
    public string? PrepareTyped(string name, IReadOnlyList<string> parameters) =>
        _settled is null || _settled.Count == 0 || _settled.SequenceEqual(parameters, StringComparer.Ordinal)
            ? null
            : $"PREPARE {name} ({string.Join(", ", _settled)}) AS {Text}";

    /// <summary>The types that the server has told are what a later look may fall back on.</summary>
    public void Settle(IReadOnlyList<string> parameters) => _settled = parameters;

    /// <summary>Begins a look.</summary>
    public void Begin() => (_declaresAll, _attempts) = (false, 0);

    /// <summary>Whether, after an error, there is another way to try.</summary>
    public bool Next(PostgresException error, string name)
    {
        if (_settled is not null)
        {
            // A function or operator that has come beside another may only make the types of parameters unclear.
            bool isUnclear = error.SqlState is "42P18" or "42725" or "42P08" && !_declaresAll;
            _declaresAll = _declaresAll || isUnclear;
            return isUnclear;
        }

        if (++_attempts >= MostAttempts)
        {
            return false;
        }

        int offset = Offset(error.Position - 1 - Prefix(name).Length);
        return error.SqlState switch
        {
            "42P01" or "42703" or "3F000" => false,
            "42601" => Rewrite(ShapeRewriting.AtSyntaxError(Text, offset)),
            "42803" or "42P10" => Rewrite(ShapeRewriting.WithSameValues(Text)),
            _ => GuessAt(error, offset) || GuessAgain() || GuessAll(),
        };
    }

    private string Prefix(string name) => $"PREPARE {name}{Declared()} AS ";

    /// <summary>The server infers what is declared as unknown (documentation, PREPARE).</summary>
    private string Declared()
    {
        IReadOnlyList<string> types = _declaresAll
            ? _settled!
            : [.. Enumerable.Range(1, _types.Keys.LastOrDefault()).Select(number => _types.GetValueOrDefault(number, "unknown"))];
        return types.Count == 0 ? "" : $" ({string.Join(", ", types)})";
    }

    private bool Rewrite(string? rewritten)
    {
        Text = rewritten ?? Text;
        return rewritten is not null;
    }

    private bool GuessAt(PostgresException error, int offset)
    {
        bool isNamed = error.SqlState is "42P18" or "42P08";
        List<int> parameters = (Named().Match(error.MessageText), offset) switch
        {
            ({ Success: true } match, _) when isNamed => [int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)],
            (_, >= 0) => ShapeTokens.ParametersAt(Text, offset),
            _ => [],
        };
        parameters.RemoveAll(_types.ContainsKey);
        if (parameters.Count == 0)
        {
            return false;
        }

        return Take(new Guess(parameters, isNamed ? s_types : s_operands, Index: 0));
    }

    /// <summary>The last guess was wrong: another type for it, or else for the one before.</summary>
    private bool GuessAgain()
    {
        while (_guesses.TryPop(out Guess? guess))
        {
            guess.Parameters.ForEach(parameter => _types.Remove(parameter));
            if (guess.Index + 1 < guess.Types.Length)
            {
                return Take(guess with { Index = guess.Index + 1 });
            }
        }

        return false;
    }

    /// <summary>What an error is about may be the type of a parameter elsewhere: once, one type for all.</summary>
    private bool GuessAll()
    {
        List<int> parameters = _hasGuessedAll
            ? []
            : [.. ShapeTokens.Of(Text).Select(token => token.Parameter).OfType<int>().Distinct()];
        _hasGuessedAll = true;
        return parameters.Count > 0 && Take(new Guess(parameters, s_operands, Index: 0));
    }

    private bool Take(Guess guess)
    {
        _guesses.Push(guess);
        guess.Parameters.ForEach(parameter => _types[parameter] = guess.Types[guess.Index]);
        return true;
    }

    /// <summary>The server counts characters, not code units.</summary>
    private int Offset(int characters)
    {
        int offset = 0;
        for (int counted = 0; counted < characters && offset < Text.Length; counted++)
        {
            offset += char.IsHighSurrogate(Text[offset]) && offset + 1 < Text.Length ? 2 : 1;
        }

        return characters < 0 ? -1 : offset;
    }

    [GeneratedRegex(@"\$(?<number>[0-9]{1,5})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    private sealed record Guess(List<int> Parameters, string[] Types, int Index);
}
