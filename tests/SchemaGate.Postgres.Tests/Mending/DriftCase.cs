using System.Globalization;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Mending;

/// <summary>A change by hand.</summary>
/// <param name="Kind">In words.</param>
/// <param name="Names">A part of a changed object's name.</param>
/// <param name="Sql">The statements.</param>
internal sealed record DriftCase(string Kind, string Names, string Sql)
{
    private const string Odd = "\"Odd \"\"x\"\".y\".\"T.able; drop--\nline\"";

    /// <summary>All that <c>Drifts.txt</c> has for a major, each with a number that the seed draws, in an order that it draws.</summary>
    public static IReadOnlyList<DriftCase> All(int seed, int major)
    {
        Random random = new(seed);
        string kind = "";
        List<DriftCase> cases = [];
        foreach (string line in MajorLines.Of(File.ReadLines(Path.Combine(Folder, "Drifts.txt")), major))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                kind = line[3..];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                string[] parts = line.Split(" | ", 2);
                string number = random.Next(2, 10).ToString(CultureInfo.InvariantCulture);
                cases.Add(new(kind, parts[0], parts[1].Replace("{n}", number, StringComparison.Ordinal)
                    .Replace("{odd}", Odd, StringComparison.Ordinal)));
            }
        }

        DriftCase[] drawn = [.. cases];
        random.Shuffle(drawn);
        return drawn;
    }

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Mending");

    public string[] Statements => [.. SqlScript.Split(Sql).Select(statement => statement.Text)];
}
