namespace SchemaGate.Core.Branches;

/// <summary>A model, an enum, a datasource or the like.</summary>
/// <param name="Tokens">At least one; the last is the closing brace.</param>
internal sealed record SchemaBlock(IReadOnlyList<SchemaToken> Tokens)
{
    /// <summary>All of it, as one line.</summary>
    public string Text { get; } = string.Join(' ', Tokens.Select(token => token.Text));

    /// <summary>Such as <c>model Site</c>.</summary>
    public string Heading { get; } =
        BoundedText.Of(string.Join(' ', Tokens.TakeWhile(token => token.Text != "{").Select(token => token.Text)), 80);

    public bool IsGenerator => Tokens[0].Text == "generator";

    /// <summary>The line of the first token that another block by the same heading has not in this place.</summary>
    public int FirstDifference(SchemaBlock? other)
    {
        int same = 0;
        while (other is not null && same < Tokens.Count - 1 && same < other.Tokens.Count && Tokens[same].Text == other.Tokens[same].Text)
        {
            same++;
        }

        return Tokens[same].Line;
    }
}
