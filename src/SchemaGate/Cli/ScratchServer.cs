using System.CommandLine;
using System.Text;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli;

/// <summary><c>--scratch</c>: the server on which databases for trials are made.</summary>
internal static class ScratchServer
{
    private const int LongestUrl = 64 << 10;

    public static Option<string?> Option { get; } = new("--scratch")
    {
        HelpName = "URL",
        Description = "A server on which a database may be made and dropped: its URL, - to read it from standard input, or the name of "
            + "a variable that has it.",
    };

    /// <summary>Makes scratch databases on the server that is named, or on the live database's own.</summary>
    /// <param name="live">The live database; null where there is none. Its search path and collation are the scratch databases'.</param>
    /// <exception cref="UsageException">Neither is named, or the URL cannot be read.</exception>
    public static async Task<(DatabaseUrl Server, ScratchOptions Options)> ChooseAsync(
        ParseResult arguments, Shell shell, DatabaseUrl? live, CancellationToken cancellation)
    {
        if (await FindAsync(arguments, shell, cancellation) is not { } named)
        {
            return live is null
                ? throw new UsageException("Where may a scratch database be made? Name the live database with --database or "
                    + $"{DatabaseOptions.Variable}, or a server with --scratch.")
                : (live, ScratchOptions.Default);
        }

        DatabaseUrl server = named.Parse();
        return live is { HasSchema: true }
            ? (server.WithSchema(live.Schema), ScratchOptions.Default with { Like = live })
            : (server, ScratchOptions.Default with { Like = live });
    }

    /// <summary>The server that is named; null where none is.</summary>
    /// <exception cref="UsageException">It is named, and not given.</exception>
    public static async Task<DatabaseChoice?> FindAsync(ParseResult arguments, Shell shell, CancellationToken cancellation) =>
        arguments.GetValue(Option) is { } given
            ? new DatabaseChoice(await UrlAsync(given, "--scratch", shell, cancellation), "--scratch", Schema: null)
            : null;

    /// <summary>A URL, - for standard input, or the name of a variable.</summary>
    /// <exception cref="UsageException">Nothing is there.</exception>
    public static async Task<string> UrlAsync(string given, string option, Shell shell, CancellationToken cancellation)
    {
        string? url = given switch
        {
            "-" => Encoding.UTF8.GetString(await shell.ReadInputAsync(LongestUrl, cancellation)),
            _ when given.Contains("://", StringComparison.Ordinal) => given,
            _ => shell.Variable(given),
        };
        return string.IsNullOrWhiteSpace(url)
            ? throw new UsageException($"{option}: the URL is empty, or the variable is not set.")
            : url.Trim();
    }
}
