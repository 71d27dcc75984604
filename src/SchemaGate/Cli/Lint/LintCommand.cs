using System.CommandLine;
using SchemaGate.Cli.Reports;
using SchemaGate.Core;
using SchemaGate.Evidence;
using SchemaGate.Postgres;

namespace SchemaGate.Cli.Lint;

/// <summary><c>schemagate lint</c>: what migrations will do to running code, to data and to locks.</summary>
internal static class LintCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("lint", """
            Say what migrations will do to running code, to data and to locks.

            Reads SQL files, directories (a checkout, a migrations directory, a directory of SQL files), standard input or images
            with PostgreSQL's own parser. The migrations of a directory or an image follow each other: each is judged on what the
            earlier ones leave. Files that are named one by one are judged alone.

            A finding is risky (it breaks running code or loses data, is of high severity, or cannot be judged), a warning (others
            wait) or a note. `-- schemagate: ignore RULE why it is all right` above a statement hides it.

            Examples:
              schemagate lint
              schemagate lint prisma/migrations --since 20241224000000_add_sites_model
              schemagate lint --changed-since origin/main --output github
              schemagate lint - --postgres-version 15 < change.sql
              schemagate lint --image registry.example.com/shop/schema:1.42.0 --output sarif > lint.sarif
              schemagate lint --write-baseline lint-baseline.json
              schemagate lint --explain drop-column

            Exit codes: 0 nothing that counts, 1 findings at or above --fail-on, 2 wrong usage, 3 not all of the input could be read.
            """)
        {
            LintOptions.Paths,
        };
        foreach (Option option in LintOptions.All)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(LintOptions.Explain) is { } rule)
        {
            return Task.FromResult(RulePage.Explain(rule, arguments, shell));
        }

        return arguments.GetValue(LintOptions.Rules)
            ? Task.FromResult(RulePage.List(arguments, shell))
            : JudgeAsync(arguments, shell, cancellation);
    }

    private static async Task<int> JudgeAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string[] images = arguments.GetValue(LintOptions.Images) ?? [];
        if (images.Length == 0)
        {
            ImageOptions.RefuseKeyWithoutImage(arguments);
        }

        string[] otherwise = images.Length > 0 ? [] : ["."];
        string[] paths = arguments.GetValue(LintOptions.Paths) is { Length: > 0 } given ? given : otherwise;
        if (paths.Count(path => path == "-") > 1)
        {
            throw new UsageException("Standard input can be read once only.");
        }

        LintConfiguration configuration = Configuration(arguments, paths);
        Baseline baseline = arguments.GetValue(LintOptions.KnownFindings) is { } file ? Baseline.Read(file, Content(file)) : Baseline.Empty;
        try
        {
            LintChoice choice = new(
                arguments.GetValue(LintOptions.Since), arguments.GetValue(LintOptions.Only) ?? [], configuration.Ignore,
                configuration.Directory)
            {
                Changed = await ChangedAsync(arguments, paths, images, shell, cancellation),
            };
            return await JudgeAsync(arguments, paths, images, configuration, baseline, choice, shell, cancellation);
        }
        catch (Exception exception) when (exception is DatabaseException or GitException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(StyledText.Printable($"schemagate: {exception.Message}"));
            return ExitCodes.Unreachable;
        }
    }

    /// <summary>The files of the branch; null where nobody asks for them alone.</summary>
    private static async Task<IReadOnlySet<string>?> ChangedAsync(
        ParseResult arguments, string[] paths, string[] images, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(LintOptions.ChangedSince) is not { } revision)
        {
            return null;
        }

        if (images.Length > 0 || paths.Contains("-", StringComparer.Ordinal))
        {
            throw new UsageException("--changed-since is about files of a git repository: no image has one, nor has standard input.");
        }

        string root = Directory.Exists(paths[0]) ? paths[0] : Path.GetDirectoryName(Path.GetFullPath(paths[0])) ?? ".";
        if (!Directory.Exists(root))
        {
            throw new UsageException($"There is no file and no directory {StyledText.Printable(paths[0])}.");
        }

        GitHistory history = await GitHistory.OpenAsync(root, revision, shell.Time, cancellation);
        return await history.ChangedAsync([.. paths, .. paths.SelectMany(path => Migrations(arguments, path))], cancellation);
    }

    /// <summary>A checkout's migrations directory, which may be another repository's, or lie elsewhere.</summary>
    private static IEnumerable<string> Migrations(ParseResult arguments, string path)
    {
        string migrations = Path.Combine(path, new Checkout(path).Below(arguments.GetValue(ImageOptions.Migrations)!));
        return Directory.Exists(migrations) ? [migrations] : [];
    }

    private static async Task<int> JudgeAsync(
        ParseResult arguments, string[] paths, string[] images, LintConfiguration configuration, Baseline baseline, LintChoice choice,
        Shell shell, CancellationToken cancellation)
    {
        LintInputs inputs = await LintInputs.ReadAsync(
            paths, images, arguments.GetValue(ImageOptions.Migrations)!, ImageOptions.Of(arguments, shell), shell, cancellation);
        choice.Check(inputs.Sets);
        LintReport Judge(Baseline known) => new LintJudgement(
            choice,
            configuration.Options(arguments.GetValue(LintOptions.PostgresVersion), arguments.GetValue(LintOptions.Conventions)),
            arguments.GetValue(LintOptions.FailOn) ?? configuration.FailOn ?? "risky",
            known).Report(inputs);
        LintReport report = Judge(
            arguments.GetValue(LintOptions.WriteBaseline) is { } target ? Written(Judge(Baseline.Empty), target) : baseline);
        Print(report, arguments, shell);
        return report.ExitCode;
    }

    private static void Print(LintReport report, ParseResult arguments, Shell shell)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string format = arguments.GetValue(ReportOutput.Option)!;
        switch (format)
        {
            case "json":
                CliJson.Write(output, report, CliJson.Relaxed.LintReport);
                break;
            case "text":
                LintPrinter.Print(report, shell.Text(output));
                break;
            default:
                ReportOutput.Print(format, LintFindings.Of(report), output);
                break;
        }
    }

    private static LintConfiguration Configuration(ParseResult arguments, string[] paths)
    {
        string first = paths.FirstOrDefault(path => path is not ("-" or "")) ?? ".";
        string start = Directory.Exists(first) ? first : Path.GetDirectoryName(Path.GetFullPath(first)) ?? ".";
        return (arguments.GetValue(LintOptions.Configuration) ?? LintConfiguration.Find(start)) is { } file
            ? LintConfigurationReader.Read(file, Content(file))
            : new LintConfiguration(Path.GetFullPath("."));
    }

    private static byte[] Content(string file) => SqlFiles.Read(file) switch
    {
        Evidence<string>.Found { Value: var text } => System.Text.Encoding.UTF8.GetBytes(text),
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable(message)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A baseline of what could not be read whole would hide less than it seems to, so it is not written.</summary>
    private static Baseline Written(LintReport report, string file)
    {
        Baseline baseline = Baseline.Of(report);
        if (report.Problems.Count > 0)
        {
            return Baseline.Empty;
        }

        try
        {
            File.WriteAllText(file, baseline.ToJson());
            return baseline;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(StyledText.Printable($"{file} cannot be written: {exception.Message}"));
        }
    }
}
