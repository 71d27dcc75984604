using System.Text;

namespace SchemaGate.Core.Proofs;

/// <summary>The shapes that were read, and how many were not.</summary>
/// <param name="Shapes">The most called first; each text once.</param>
public sealed record ShapeReading(IReadOnlyList<StatementShape> Shapes)
{
    /// <summary>The most shapes that are proved.</summary>
    public const int MostShapes = 5_000;

    /// <summary>The longest text of a shape, in bytes: longer ones carry data.</summary>
    public const int LongestText = 64 << 10;

    /// <summary>All texts together, in bytes.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Statements that cannot be prepared, such as SET or CREATE TABLE: a migration does not break them so.</summary>
    public int Utility { get; init; }

    /// <summary>Statements of others, whose texts the role may not see.</summary>
    public int Hidden { get; init; }

    /// <summary>Statements whose texts the server has dropped.</summary>
    public int Lost { get; init; }

    /// <summary>Statements beyond a bound: longer than <see cref="LongestText"/>, or after the most called ones.</summary>
    public int Beyond { get; init; }

    /// <summary>What was not read and what would help, one sentence each.</summary>
    public IReadOnlyList<string> Notes => [.. Sentences()];

    /// <summary>Keeps what is within the bounds.</summary>
    public static ShapeReading Of(IEnumerable<StatementShape> read, int utility)
    {
        List<StatementShape> distinct = [.. read
            .GroupBy(shape => shape.Text, StringComparer.Ordinal)
            .Select(same => same.First() with { Calls = same.Sum(shape => shape.Calls) })
            .OrderByDescending(shape => shape.Calls)];
        List<StatementShape> kept = [];
        long total = 0;
        foreach (StatementShape shape in distinct)
        {
            int bytes = Encoding.UTF8.GetByteCount(shape.Text);
            total += bytes <= LongestText ? bytes : 0;
            if (bytes <= LongestText && kept.Count < MostShapes && total <= MostBytes)
            {
                kept.Add(shape);
            }
        }

        return new(kept) { Utility = utility, Beyond = distinct.Count - kept.Count };
    }

    private IEnumerable<string> Sentences()
    {
        if (Shapes.Count + Hidden + Lost + Beyond == 0)
        {
            yield return "No statement of running code is known, so nothing is proved: pg_stat_statements counts what runs from when it is "
                + "loaded, created in the database or reset on.";
        }

        if (Hidden > 0)
        {
            yield return $"{Counted(Hidden)} of other roles {Are(Hidden)} hidden from the URL's role and not proved: "
                + "`GRANT pg_read_all_stats TO <role>` shows them.";
        }

        if (Lost > 0)
        {
            yield return $"The server has dropped the texts of {Counted(Lost)}, which {Are(Lost)} not proved: "
                + "raise pg_stat_statements.max, or reset it.";
        }

        if (Beyond > 0)
        {
            yield return $"{Counted(Beyond)} {Are(Beyond)} longer than {LongestText >> 10} KiB or beyond the {MostShapes} most called ones "
                + "and not proved.";
        }
    }

    private static string Counted(int count) => count == 1 ? "1 statement" : $"{count} statements";

    private static string Are(int count) => count == 1 ? "is" : "are";
}
