namespace SchemaGate.Cli.Diff;

/// <summary>Prints the SQL as a script, with what it is and what is known of it as comments above.</summary>
internal static class SqlPrinter
{
    public static void Print(SchemaDiff diff, MendedSql? sql, bool isBack, TextWriter output)
    {
        (DiffSide origin, DiffSide goal) = isBack ? (diff.To.Side, diff.From.Side) : (diff.From.Side, diff.To.Side);
        Comment($"Makes {origin.Name}", output);
        Comment($"what {goal.Name} is.", output);
        if (sql is null)
        {
            Comment("There is no difference.", output);
            return;
        }

        if (sql.IsVerified)
        {
            Comment("Run in a scratch database, all of it leaves no difference.", output);
            if (sql.LacksRoles)
            {
                Comment("The scratch server lacks roles: what is granted to them has not run.", output);
            }
        }
        else
        {
            Comment("It does not come out, so all of it is a comment. What is left:", output);
            foreach (string left in sql.Left)
            {
                Comment($"  {left}", output);
            }
        }

        output.Write('\n');
        output.Write(sql.Text);
    }

    /// <summary>One line, whatever names hold.</summary>
    private static void Comment(string text, TextWriter output) => output.Write($"-- {StyledText.Printable(text)}\n");
}
