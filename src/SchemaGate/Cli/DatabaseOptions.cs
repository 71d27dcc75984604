using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Cli;

/// <summary>The database that a command is about.</summary>
/// <param name="Url">Its URL, credentials included: for connecting, never for printing.</param>
/// <param name="From">Where the URL comes from, in words.</param>
/// <param name="Schema">Overrides the URL's schema.</param>
internal sealed record DatabaseChoice(string Url, string From, string? Schema)
{
    /// <summary><c>host:port/database?schema=…</c>; null where the URL cannot be read.</summary>
    public string? Location => TryParse(out DatabaseUrl? url, out _) ? WithSchema(url).ToString() : null;

    /// <summary>What of the URL was passed over, one sentence each.</summary>
    public IReadOnlyList<string> Notes => TryParse(out DatabaseUrl? url, out _) ? url.Notes : [];

    /// <exception cref="UsageException">It cannot be read.</exception>
    public DatabaseUrl Parse() => TryParse(out DatabaseUrl? url, out string? problem)
        ? WithSchema(url)
        : throw new UsageException($"The URL from {From}: {problem}");

    private bool TryParse([NotNullWhen(true)] out DatabaseUrl? url, [NotNullWhen(false)] out string? problem) =>
        DatabaseUrl.TryParse(Url, out url, out problem, DatabaseUrlOptions.CommandLine);

    private DatabaseUrl WithSchema(DatabaseUrl url) => Schema is null ? url : url.WithSchema(Schema);
}

/// <summary><c>--database</c>, <c>--no-database</c>, <c>--schema</c> and <c>--tool</c>.</summary>
internal static class DatabaseOptions
{
    public const string Variable = "DATABASE_URL";
    private const int LongestUrl = 64 << 10;

    public static Option<string?> Database { get; } = new("--database")
    {
        HelpName = "URL",
        Description = $"The database's postgresql:// URL, or - to read it from standard input, which keeps it out of the process list. "
            + $"Default: {Variable} from the environment.",
    };

    public static Option<bool> NoDatabase { get; } =
        new("--no-database") { Description = $"Judge the files alone, even if {Variable} is set." };

    public static Option<string?> Schema { get; } = new("--schema")
    {
        HelpName = "NAME",
        Description = "The schema that holds the history. Default: the URL's ?schema=, then public.",
    };

    public static Option<string?> Tool { get; } = CreateTool();

    /// <summary>The tool that is named, or null where none is.</summary>
    public static MigrationTool? ToolOf(ParseResult arguments) =>
        arguments.GetValue(Tool) is { } tool ? Enum.Parse<MigrationTool>(tool, ignoreCase: true) : null;

    /// <summary>The database that is meant, or null where none is.</summary>
    /// <exception cref="UsageException">It is meant, but not given.</exception>
    public static async Task<DatabaseChoice?> FindAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string? given = arguments.GetValue(Database);
        // Not every command has the option.
        if (arguments.GetResult(NoDatabase) is not null && arguments.GetValue(NoDatabase))
        {
            return given is null ? null : throw new UsageException("--database and --no-database exclude each other.");
        }

        (string? url, string from) = given switch
        {
            null => (shell.Variable(Variable), Variable),
            "-" => (Encoding.UTF8.GetString(await shell.ReadInputAsync(LongestUrl, cancellation)), "standard input"),
            _ => (given, "--database"),
        };
        if (url is null)
        {
            return null;
        }

        // An empty URL is a variable that somebody forgot to set: going on without the database would be an open gate.
        return string.IsNullOrWhiteSpace(url)
            ? throw new UsageException(
                $"The database URL from {from} is empty. Set it, or leave the database out with --no-database (verify).")
            : new DatabaseChoice(url.Trim(), from, Empty(arguments.GetValue(Schema)));
    }

    /// <summary>The database that is meant; what of its URL was passed over is said on standard error.</summary>
    /// <exception cref="UsageException">There is none, or its URL cannot be read.</exception>
    public static async Task<DatabaseChoice> RequireAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        DatabaseChoice choice = await FindAsync(arguments, shell, cancellation)
            ?? throw new UsageException(
                $"Which database? Write --database URL, or --database - to read the URL from standard input, or set {Variable}.");
        foreach (string note in choice.Parse().Notes)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"schemagate: {note}");
        }

        return choice;
    }

    /// <summary>In any case: people write flyway.</summary>
    private static Option<string?> CreateTool()
    {
        string[] tools = Enum.GetNames<MigrationTool>();
        Option<string?> tool = new("--tool")
        {
            HelpName = "TOOL",
            Description = $"Whose migrations and history are meant: {string.Join(", ", tools)}. Default: what they tell; "
                + "Prisma's where there are several.",
        };
        tool.CompletionSources.Add(tools);
        tool.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !tools.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"--tool: write one of {string.Join(", ", tools)}.");
            }
        });
        return tool;
    }

    private static string? Empty(string? schema) => string.IsNullOrEmpty(schema) ? null : schema;
}
