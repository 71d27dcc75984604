using System.CommandLine;
using System.Text;

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
