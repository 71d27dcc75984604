namespace SchemaGate.Core.Branches;

/// <summary>
/// Prisma's schema language as far as telling whether two texts mean the same takes it: its tokens, without comments and white space
/// (https://www.prisma.io/docs/orm/reference/prisma-schema-reference). Never throws: what is no schema has tokens, too.
/// </summary>
/// <param name="Blocks">In the order of the text, without generators, which make clients and no tables.</param>
/// <param name="Excuses">Comments that say why a change needs no migration.</param>
internal sealed record SchemaText(IReadOnlyList<SchemaBlock> Blocks, int Excuses)
{
    /// <summary>What such a comment begins with; its reason follows.</summary>
    public const string Excuse = $"schemagate: ignore {BranchFindingIds.SchemaWithoutMigration}";

    public static SchemaText Of(string text)
    {
        List<SchemaBlock> blocks = [];
        List<SchemaToken> block = [];
        int excuses = 0;
        int depth = 0;
        foreach (SchemaToken token in SchemaToken.Of(text))
        {
            if (token.IsComment)
            {
                excuses += IsExcuse(token.Text) ? 1 : 0;
                continue;
            }

            block.Add(token);
            depth = token.Text switch { "{" => depth + 1, "}" => depth - 1, _ => depth };
            if (token.Text == "}" && depth <= 0)
            {
                depth = 0;
                blocks.Add(new([.. block]));
                block.Clear();
            }
        }

        if (block.Count > 0)
        {
            blocks.Add(new([.. block]));
        }

        return new([.. blocks.Where(found => !found.IsGenerator)], excuses);
    }

    private static bool IsExcuse(string comment)
    {
        string words = comment.TrimStart('/', '*', ' ', '\t');
        return words.StartsWith(Excuse, StringComparison.Ordinal) && words[Excuse.Length..].Trim(' ', '\t', '\r', ':', '*', '/').Length > 0;
    }
}
