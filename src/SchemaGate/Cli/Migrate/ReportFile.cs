using System.CommandLine;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Migrate;

/// <summary>
/// <c>--report-file</c>: where a run leaves its <see cref="RunReport"/>, however it ends. In a container that is its termination message.
/// </summary>
/// <param name="Path">Null where nobody asked for it.</param>
internal sealed record ReportFile(string? Path, TextWriter Error)
{
    public static Option<string?> Option { get; } = new("--report-file")
    {
        HelpName = "PATH",
        Description = "Write what happened to this file as one line of JSON of at most 4096 bytes, also where nothing ran; in a container: "
            + "/dev/termination-log.",
    };

    public static ReportFile Of(ParseResult arguments) => new(arguments.GetValue(Option), arguments.InvocationConfiguration.Error);

    /// <summary>Writes what a run did; whatever keeps it from running is written, too, and thrown on.</summary>
    public async Task<ApplyReport> WriteAsync(Func<Task<ApplyReport>> run)
    {
        try
        {
            ApplyReport report = await run();
            await WriteAsync(report);
            return report;
        }
        catch (Exception exception)
        {
            // Only these messages are ours, and so without credentials.
            ApplyFailure failure = exception switch
            {
                UsageException or DatabaseException => new(DatabaseFailure.SettingsUnusable, exception.Message, []),
                OperationCanceledException => new(DatabaseFailure.Canceled, "The run was canceled before anything ran.", []),
                _ => new(DatabaseFailure.ServerError, $"An unexpected {exception.GetType().Name} in SchemaGate itself.", []),
            };
            await WriteAsync(new ApplyReport([], 0, failure));
            throw;
        }
    }

    private Task WriteAsync(ApplyReport report) => WriteAsync(Of(report).ToJson());

    /// <summary>What cannot be written is said, and changes nothing.</summary>
    /// <param name="line">JSON.</param>
    public async Task WriteAsync(string line)
    {
        try
        {
            if (Path is not null)
            {
                await File.WriteAllTextAsync(Path, line + '\n', CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            await Error.WriteLineAsync(
                $"schemagate: the report could not be written to {StyledText.Printable(Path!)}; the result is not affected.");
        }
    }

    private static RunReport Of(ApplyReport report) => new(
        [.. report.Applied.Select(migration => new RunApplied(migration.Name, (long)migration.Duration.TotalMilliseconds))],
        report.Applied.Count,
        report.AlreadyApplied,
        report.Failure is { } failure ? Of(failure) : null);

    private static RunFailure Of(ApplyFailure failure) => new(failure.Class, failure.Kind.ToString(), failure.Message)
    {
        Migration = failure.Migration,
        Line = failure.Line,
        Statement = failure.Statement,
        SqlState = failure.SqlState,
        Hint = failure.Hint,
        RolledBack = failure.RolledBack,
        Next = failure.NextCommands,
    };
}
