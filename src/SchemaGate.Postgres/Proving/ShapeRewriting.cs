namespace SchemaGate.Postgres.Proving;

/// <summary>
/// Mends what the server's normaliser made of a text: it replaces every constant by a parameter, also where the grammar takes none.
/// </summary>
internal static class ShapeRewriting
{
    /// <summary>The surroundings of each value are compared, and may be most of the text.</summary>
    private const int MostTokens = 2_000;

    private static readonly string[] s_fields = ["year", "month", "day", "hour", "minute", "second"];

    /// <summary>
    /// The text with the parameter at an offset, where the parser stumbled, as it may stand there: <c>date $1</c> is <c>CAST($1 AS
    /// date)</c>, <c>extract($1 FROM x)</c> takes any of its words. Null where nothing is known.
    /// </summary>
    public static string? AtSyntaxError(string text, int offset)
    {
        List<ShapeToken> tokens = ShapeTokens.Of(text);
        int at = tokens.FindIndex(token => token.Start == offset);
        if (at < 1 || tokens[at].Parameter is null)
        {
            return null;
        }

        return (tokens[at - 1].Text, at < 2 ? "" : tokens[at - 2].Text.ToUpperInvariant()) switch
        {
            ("(", "EXTRACT") => Replaced(text, tokens[at].Start, tokens[at].End, "year"),
            (",", _) when IsIn(tokens, at, "normalize") => Replaced(text, tokens[at].Start, tokens[at].End, "NFC"),
            _ => TypedLiteral(text, tokens, at),
        };
    }

    /// <summary>
    /// The text with one value where one constant was written twice: <c>GROUP BY date_trunc('day', at)</c> is the selected
    /// <c>date_trunc('day', at)</c> no more when that has become <c>date_trunc($1, at)</c>; the normaliser leaves the former as it is, or
    /// makes it <c>$2</c>. Null where that changes nothing.
    /// </summary>
    public static string? WithSameValues(string text)
    {
        List<ShapeToken> tokens = ShapeTokens.Of(text);
        if (tokens.Count > MostTokens)
        {
            return null;
        }

        ILookup<string, ShapeToken> values = Enumerable.Range(0, tokens.Count)
            .Where(index => IsValue(tokens[index]))
            .ToLookup(index => Surroundings(tokens, index), index => tokens[index], StringComparer.OrdinalIgnoreCase);
        IEnumerable<(ShapeToken Parameter, string Value)> replaced =
            from same in values
            let value = same.OrderByDescending(token => token.IsConstant).First()
            from token in same
            where token.Parameter is not null
            select (token, value.Text);
        // From the end, so that offsets stay.
        string result = replaced.OrderByDescending(pair => pair.Parameter.Start)
            .Aggregate(text, (mended, pair) => Replaced(mended, pair.Parameter.Start, pair.Parameter.End, pair.Value));
        return result == text ? null : result;
    }

    private static bool IsValue(ShapeToken token) => token.IsConstant || token.Parameter is not null;

    /// <summary>The call that a parameter is in and its place there, or the tokens before it; without values.</summary>
    private static string Surroundings(List<ShapeToken> tokens, int at)
    {
        int open = ShapeTokens.Open(tokens, at);
        bool isCall = open > 0 && tokens[open - 1].IsName && !StartsList(tokens[open - 1]);
        (int from, int to) = isCall
            ? (open - 1, ShapeTokens.Close(tokens, open))
            : (Math.Max(0, at - 2), at);
        return string.Join(' ', tokens[from..(to + 1)].Select(token => IsValue(token) ? "$" : token.Text).Append($"{at - from}"));
    }

    private static bool StartsList(ShapeToken word) => word.Is("IN") || word.Is("VALUES") || word.Is("AND") || word.Is("OR")
        || word.Is("WHERE") || word.Is("ON") || word.Is("ANY") || word.Is("SELECT") || word.Is("NOT");

    private static bool IsIn(List<ShapeToken> tokens, int at, string function) =>
        ShapeTokens.Open(tokens, at) is > 0 and var open && tokens[open - 1].Is(function);

    /// <summary>A type's name, as long as it is, stands before the parameter, and an interval's fields behind it.</summary>
    private static string? TypedLiteral(string text, List<ShapeToken> tokens, int at)
    {
        int first = StartOfType(tokens, at - 1);
        if (first < 0)
        {
            return null;
        }

        string type = text[tokens[first].Start..tokens[at - 1].End];
        int last = at;
        if (tokens[first].Is("interval"))
        {
            last = EndOfFields(tokens, at);
            type += last > at ? text[tokens[at].End..tokens[last].End] : "";
        }

        return Replaced(text, tokens[first].Start, tokens[last].End, $"CAST({tokens[at].Text} AS {type})");
    }

    private static int StartOfType(List<ShapeToken> tokens, int last)
    {
        int at = last;
        if (at >= 3 && tokens[at].Is("zone") && tokens[at - 1].Is("time") && (tokens[at - 2].Is("with") || tokens[at - 2].Is("without")))
        {
            at -= 3;
        }

        if (tokens[at].Text == ")")
        {
            at = ShapeTokens.Open(tokens, at) - 1;
        }

        if (at < 0 || !tokens[at].IsName)
        {
            return -1;
        }

        bool isSecond = tokens[at].Is("precision") || tokens[at].Is("varying");
        at -= isSecond && at > 0 ? 1 : 0;
        return at >= 2 && tokens[at - 1].Text == "." ? at - 2 : at;
    }

    private static int EndOfFields(List<ShapeToken> tokens, int at)
    {
        int last = at;
        while (last + 1 < tokens.Count
            && (s_fields.Any(tokens[last + 1].Is) || (last > at && tokens[last + 1].Is("to"))))
        {
            last++;
        }

        return last;
    }

    private static string Replaced(string text, int start, int end, string by) => $"{text.AsSpan(0, start)}{by}{text.AsSpan(end)}";
}
