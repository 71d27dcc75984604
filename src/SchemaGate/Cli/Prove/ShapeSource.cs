using System.CommandLine;
using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Proofs;
using SchemaGate.Evidence;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Cli.Prove;

/// <summary><c>--statements</c> and <c>--role</c>: where the statements of running code are read.</summary>
internal static class ShapeSource
{
    public const string Live = "live";

    /// <summary>As a file that <c>\copy</c> has written of a busy server.</summary>
    private const int LongestInput = 64 << 20;

    public static Option<string> Statements { get; } = new("--statements")
    {
        HelpName = "FILE",
        Description = "The statements of running code: a file or - with JSON ({\"query\", \"calls\", \"role\"}, an array or one a line), "
            + "CSV (as `\\copy (SELECT query, calls FROM pg_stat_statements) TO 'f' CSV HEADER` writes it) or SQL; or live, which reads "
            + "pg_stat_statements in the database.",
        DefaultValueFactory = _ => Live,
    };

    public static Option<string?> Role { get; } = new("--role")
    {
        HelpName = "NAME",
        Description = "Only the statements of this role, with live.",
    };

    /// <exception cref="UsageException">The file cannot be read, or there is no database to ask.</exception>
    /// <exception cref="Postgres.DatabaseException">The database does not tell.</exception>
    public static Task<ShapeReading> ReadAsync(
        ParseResult arguments, Shell shell, DatabaseUrl? database, CancellationToken cancellation) =>
        ReadAsync(arguments.GetValue(Statements)!, arguments.GetValue(Role), shell, database, cancellation);

    /// <inheritdoc cref="ReadAsync(ParseResult, Shell, DatabaseUrl?, CancellationToken)"/>
    public static async Task<ShapeReading> ReadAsync(
        string source, string? role, Shell shell, DatabaseUrl? database, CancellationToken cancellation)
    {
        if (source != Live)
        {
            return OfText(source, source == "-" ? await InputAsync(shell, cancellation) : OfFile(source));
        }

        if (database is null)
        {
            throw new UsageException("--statements live asks a database: name it with --database, or a file of statements.");
        }

        using DatabaseConnections connections = new(shell.Time);
        return await RunningStatements.ReadAsync(connections, database, role, cancellation);
    }

    /// <summary>What it means that there is none, as the end of a sentence.</summary>
    public static string None(string source, string? role) => (source, role) switch
    {
        (Live, null) => "the database has counted no statement of an application yet",
        (Live, { } name) => $"the database has counted no statement of the role {StyledText.Printable(name)}",
        ("-", _) => "standard input has no statement that can be prepared",
        (var file, _) => $"{StyledText.Printable(file)} has no statement that can be prepared",
    };

    private static async Task<string> InputAsync(Shell shell, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await shell.ReadInputAsync(LongestInput, cancellation));

    private static string OfFile(string file) => SqlFiles.Read(file) switch
    {
        Evidence<string>.Found { Value: var text } => text,
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable($"--statements: {message}")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ShapeReading OfText(string source, string text)
    {
        try
        {
            StatementShape[] read = [.. ShapeFiles.Read(text)
                ?? SqlScript.Split(text).Select(statement => new StatementShape(statement.Text))];
            StatementShape[] preparable = [.. read.Where(shape => StatementWords.IsPreparable(shape.Text))];
            return ShapeReading.Of(preparable, read.Length - preparable.Length);
        }
        catch (FormatException exception)
        {
            throw new UsageException(StyledText.Printable($"--statements: {source}: {exception.Message}."));
        }
    }
}
