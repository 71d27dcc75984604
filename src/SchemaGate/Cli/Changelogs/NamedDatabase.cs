using System.CommandLine;
using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Pages;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary>A database and what its reader calls it.</summary>
/// <param name="Url">For connecting, never for printing.</param>
internal sealed record NamedDatabase(string Name, string Url)
{
    private const int LongestUrl = 64 << 10;

    public static Option<string[]> Option { get; } = new("--database")
    {
        HelpName = "NAME=URL",
        Description = "Show what is applied in this database, under this name; may be repeated. NAME=- reads the URL from standard input, "
            + "which keeps it out of the process list.",
        DefaultValueFactory = _ => [],
    };

    /// <exception cref="UsageException">One is not written as it should be.</exception>
    public static async Task<IReadOnlyList<NamedDatabase>> AllAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        List<NamedDatabase> databases = [.. arguments.GetValue(Option)!.Select(Read)];
        if (databases.Count(database => database.Url == "-") > 1)
        {
            throw new UsageException("--database: standard input can be read once only.");
        }

        if (databases.Select(database => database.Name).Distinct(StringComparer.Ordinal).Count() < databases.Count)
        {
            throw new UsageException("--database: give each database a name of its own.");
        }

        int input = databases.FindIndex(database => database.Url == "-");
        if (input >= 0)
        {
            byte[] url = await shell.ReadInputAsync(LongestUrl, cancellation);
            databases[input] = databases[input] with { Url = Encoding.UTF8.GetString(url).Trim() };
        }

        return databases;
    }

    /// <returns>What it says, and whether it said anything at all.</returns>
    public async Task<(PageDatabase Database, bool IsReached, int? Major)> ReadAsync(
        DatabaseEvidence databases, MigrationSet set, CancellationToken cancellation)
    {
        (Evidence<DatabaseState> evidence, _) = await databases.ReadAsync(Url, schema: null, set.Tool, cancellation);
        return (PageDatabases.Of(Name, evidence, set), evidence is not Evidence<DatabaseState>.Unreachable,
            (evidence as Evidence<DatabaseState>.Found)?.Value.ServerVersion);
    }

    /// <summary>What is wrong is not quoted: it may be a URL with a password.</summary>
    private static NamedDatabase Read(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        string name = sign < 0 ? "" : text[..sign];
        return name.Length is > 0 and <= 63 && name.All(symbol => char.IsLetterOrDigit(symbol) || symbol is '-' or '_' or '.' or ' ')
            && sign + 1 < text.Length
            ? new(name, text[(sign + 1)..])
            : throw new UsageException("--database: write NAME=URL, such as production=postgresql://reader@db.example.com/shop.");
    }
}
