using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Postgres;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What every command of the document does alike: read it, and say in words why it cannot be.</summary>
internal static class DocumentRun
{
    public static async Task<int> RunAsync(ParseResult arguments, Func<DocumentFile, Task<int>> command)
    {
        try
        {
            return await command(DocumentFile.Of(arguments));
        }
        catch (DocumentException exception)
        {
            return Say(arguments, exception.Message, ExitCodes.Unreachable);
        }
    }

    /// <summary>A command that looks at what the document says.</summary>
    public static Task<int> ReadAsync(
        ParseResult arguments, Shell shell, Func<DocumentFile, Changelog, int> command, CancellationToken cancellation) =>
        RunAsync(arguments, async file =>
        {
            Changelog changelog = ChangelogParser.Parse(await file.ReadAsync(shell, cancellation));
            return changelog.Findings.FirstOrDefault(finding => finding.Id == FindingIds.NotAChangelog) is { } finding
                ? Say(arguments, $"{file.Shown}:{finding.Span?.Line ?? 1}: {finding.Message}", ExitCodes.Blocked)
                : command(file, changelog);
        });

    /// <summary>A command that cannot read a database, an image or a file says why.</summary>
    public static async Task<int> ExplainAsync(ParseResult arguments, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception) when (exception is DocumentException or DatabaseException)
        {
            return Say(arguments, exception.Message, ExitCodes.Unreachable);
        }
    }

    /// <summary>Says on standard error why there is no output.</summary>
    public static int Say(ParseResult arguments, string problem, int code)
    {
        arguments.InvocationConfiguration.Error.WriteLine($"schemagate: {StyledText.Printable(problem)}");
        return code;
    }
}
