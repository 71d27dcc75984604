using System.Text;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>A plan as the text of a migration.</summary>
public static class MendScript
{
    /// <summary>
    /// The statements in their order, a note above those that have one. What destroys, and what needs a statement that does, is a comment
    /// unless it is allowed; so is, always, what no statement mends.
    /// </summary>
    public static string Text(MendPlan plan, MendScriptOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        HashSet<CatalogName> held = options.AllowDestructive ? [] : Held(plan);
        StringBuilder text = new();
        foreach (string left in plan.Left)
        {
            text.Append(Commented(left)).Append("\n\n");
        }

        foreach (MendStatement statement in plan.Statements)
        {
            bool runs = !held.Contains(statement.Of);
            foreach (string note in Notes(statement, runs))
            {
                text.Append(Commented(note)).Append('\n');
            }

            text.Append(runs ? statement.Sql : Commented(statement.Sql)).Append("\n\n");
        }

        return text.ToString().TrimEnd('\n') + (text.Length > 0 ? "\n" : "");
    }

    /// <summary>The objects of which a statement destroys, and those that need one of them.</summary>
    private static HashSet<CatalogName> Held(MendPlan plan)
    {
        HashSet<CatalogName> held = [.. plan.Statements.Where(statement => statement.Destroys).Select(statement => statement.Of)];
        while (plan.Statements.Where(statement => !held.Contains(statement.Of) && statement.Requires.Any(held.Contains))
            .Select(statement => statement.Of).ToList() is { Count: > 0 } more)
        {
            held.UnionWith(more);
        }

        return held;
    }

    private static IEnumerable<string> Notes(MendStatement statement, bool runs)
    {
        if (statement.Note is not null)
        {
            yield return statement.Note;
        }

        if (!runs && statement.Destroys)
        {
            yield return "Loses what is there:";
        }
        else if (!runs)
        {
            yield return "Needs what stands here as a comment:";
        }

        if (statement.OutsideTransaction)
        {
            yield return "What follows uses it, and may only after its transaction: put what stands before into a migration of its own.";
        }
    }

    /// <summary>Every line as a comment. What ends one for the server (a carriage return alone does) begins another.</summary>
    public static string Commented(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IEnumerable<string> lines = text.ReplaceLineEndings("\n").Split('\n', '\r');
        return string.Join('\n', lines.Select(line => $"-- {line}".TrimEnd(' ')));
    }
}
