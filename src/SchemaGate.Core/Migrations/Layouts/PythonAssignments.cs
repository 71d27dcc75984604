using Token = SchemaGate.Core.Migrations.Layouts.PythonSource.Token;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>What a name is given in Python, where that is written out: texts, None, and both in brackets.</summary>
internal static class PythonAssignments
{
    /// <summary>The last value that a name is given among these statements.</summary>
    /// <returns>IsAssigned false: none. Texts null: one that is computed, which only Python could tell.</returns>
    public static (bool IsAssigned, IReadOnlyList<string>? Texts) Of(IEnumerable<PythonSource.Statement> statements, string name)
    {
        (bool IsAssigned, IReadOnlyList<string>? Texts) found = (false, null);
        foreach (IReadOnlyList<Token> tokens in statements.Select(statement => statement.Tokens))
        {
            found = Assigned(tokens, name, out IReadOnlyList<string>? texts) ? (true, texts) : found;
        }

        return found;
    }

    /// <summary>Whether <c>from x import …</c> gives this name, its own or another's; <c>name as other</c> does not.</summary>
    public static bool Imports(PythonSource.Statement statement, string name)
    {
        IReadOnlyList<Token> tokens = statement.Tokens;
        int start = tokens.TakeWhile(token => !token.Is("import")).Count();
        return tokens[0].Is("from") && tokens.Index().Any(token =>
            token.Index > start && token.Item.Is(name) && tokens.ElementAtOrDefault(token.Index + 1) is var next && !next.Is("as"));
    }

    /// <summary>Such as <c>[("app", "name"), …]</c>, with a dot between the two; empty where the name is given nothing, null for what is
    /// computed.</summary>
    public static IReadOnlyList<string>? Pairs(IEnumerable<PythonSource.Statement> statements, string name)
    {
        IReadOnlyList<Token>? given = statements.Select(statement => statement.Tokens).LastOrDefault(tokens => tokens[0].Is(name));
        if (given is null)
        {
            return [];
        }

        List<ArraySegment<Token>> sides = Split(new([.. given]), "=");
        List<ArraySegment<Token>> pairs = sides.Count == 2 ? Split(Unwrapped(sides[1]), ",") : [];
        var names = pairs.Where(pair => pair.Count > 0).Select(pair => Texts(pair)).ToList();
        bool isWritten = sides.Count == 2 && Unannotated(sides[0]).Count == 1 && names.TrueForAll(pair => pair is [_, _]);
        return isWritten ? [.. names.Select(pair => $"{pair![0]}.{pair[1]}")] : null;
    }

    /// <summary>The pairs that are written out in what a name is given, whatever stands among them.</summary>
    public static IEnumerable<string> WrittenPairs(IEnumerable<PythonSource.Statement> statements, string name) => statements
        .Select(statement => statement.Tokens).Where(tokens => tokens[0].Is(name))
        .SelectMany(tokens => Enumerable.Range(0, Math.Max(0, tokens.Count - 4)).Select(start => tokens.Skip(start).Take(4).ToArray()))
        .Where(tokens => tokens is [var open, { IsLiteral: true, Text: not null }, var comma, { IsLiteral: true, Text: not null }]
            && (open.Is("(") || open.Is("[")) && comma.Is(","))
        .Select(tokens => $"{tokens[1].Text}.{tokens[3].Text}");

    private static bool Assigned(IReadOnlyList<Token> tokens, string name, out IReadOnlyList<string>? texts)
    {
        texts = null;
        List<ArraySegment<Token>> sides = Split(new([.. tokens]), "=");
        // A comparison leaves nothing between its two signs.
        bool isAssignment = sides.TrueForAll(side => side.Count > 0) || sides is [_, { Count: 0 }];
        for (int side = 0; isAssignment && side < sides.Count - 1; side++)
        {
            List<ArraySegment<Token>> targets = Split(Unwrapped(Unannotated(sides[side])), ",");
            int place = targets.FindIndex(target => target is [var token, ..] && token.Is(name));
            if (place < 0)
            {
                continue;
            }

            List<ArraySegment<Token>> values = targets.Count == 1 ? [sides[^1]] : Split(Unwrapped(sides[^1]), ",");
            bool isWritten = targets[place].Count == 1 && values.Count == targets.Count;
            texts = isWritten ? Texts(values[place]) : null;
            return true;
        }

        return false;
    }

    /// <summary>Null for what is computed.</summary>
    private static List<string>? Texts(ArraySegment<Token> value)
    {
        ArraySegment<Token> inner = value;
        while (Unwrapped(inner) is var next && next.Count < inner.Count)
        {
            inner = next;
        }

        List<string> texts = [];
        foreach (ArraySegment<Token> part in Split(inner, ","))
        {
            bool isNone = part is [var only] && only.Is("None");
            if (!isNone && !part.All(token => token is { IsLiteral: true, Text: not null }))
            {
                return null;
            }

            // Literals that stand side by side are one.
            texts.AddRange(isNone || part.Count == 0 ? [] : [string.Concat(part.Select(token => token.Text))]);
        }

        return inner.Count == 0 && inner == value ? null : texts;
    }

    /// <summary><c>name: type</c> is <c>name</c>.</summary>
    private static ArraySegment<Token> Unannotated(ArraySegment<Token> target) => Split(target, ":")[0];

    /// <summary>Without the brackets around all of it.</summary>
    private static ArraySegment<Token> Unwrapped(ArraySegment<Token> tokens)
    {
        bool isWrapped = tokens is [var first, .., var last] && ((first.Is("(") && last.Is(")")) || (first.Is("[") && last.Is("]")))
            && Depths(tokens).SkipLast(1).All(depth => depth > 0);
        return isWrapped ? tokens[1..^1] : tokens;
    }

    /// <summary>The parts between a sign that stands in no brackets; a last one that is empty is none.</summary>
    private static List<ArraySegment<Token>> Split(ArraySegment<Token> tokens, string sign)
    {
        List<ArraySegment<Token>> parts = [];
        int start = 0;
        foreach ((int index, int depth) in Depths(tokens).Index())
        {
            if (depth == 0 && tokens[index].Is(sign))
            {
                parts.Add(tokens[start..index]);
                start = index + 1;
            }
        }

        return start == tokens.Count && parts.Count > 0 && sign == "," ? parts : [.. parts, tokens[start..]];
    }

    private static IEnumerable<int> Depths(ArraySegment<Token> tokens)
    {
        int depth = 0;
        foreach (Token token in tokens)
        {
            depth += token switch
            {
                { IsLiteral: false, Text: "(" or "[" or "{" } => 1,
                { IsLiteral: false, Text: ")" or "]" or "}" } => -1,
                _ => 0,
            };
            yield return depth;
        }
    }
}
