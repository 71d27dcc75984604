using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Proving;

/// <summary>What a statement's words tell.</summary>
public static class StatementWords
{
    /// <summary>Whether it is one that PREPARE takes, also within parentheses.</summary>
    public static bool IsPreparable(string text)
    {
        SqlTokens tokens = new(text);
        bool isWord = tokens.Next();
        while (isWord && tokens.Token is "(")
        {
            isWord = tokens.Next();
        }

        return isWord && StatementShape.IsPreparable(tokens.Token.ToString());
    }
}
