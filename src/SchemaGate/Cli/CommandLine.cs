using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SchemaGate.Cli.Approve;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Completing;
using SchemaGate.Cli.Diff;
using SchemaGate.Cli.Drift;
using SchemaGate.Cli.Explain;
using SchemaGate.Cli.Lint;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Open;
using SchemaGate.Cli.Prove;
using SchemaGate.Cli.Rehearse;
using SchemaGate.Cli.Resolve;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Undo;
using SchemaGate.Cli.Uninstall;
using SchemaGate.Cli.Verify;
using SchemaGate.Cli.Wait;

namespace SchemaGate.Cli;

/// <summary>All commands, and what every invocation does alike: refusals, cancellation, the last resort.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may take to end after Ctrl-C or SIGTERM: the server must hear of it, too.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(1);

    /// <summary>No @file arguments: a path may begin with an at sign.</summary>
    internal static ParserConfiguration Words { get; } = new() { ResponseFileTokenReplacer = null };

    public static RootCommand Create(Shell shell, params Command[] others)
    {
        RootCommand root = new("""
            Keeps application code from running on a database schema it was not written for.

            Exit codes: 0 open or done, 1 blocked or failed, 2 wrong usage, 3 evidence unreachable, 70 a fault of SchemaGate, 130 canceled.
            """)
        {
            VerifyCommand.Create(shell), StatusCommand.Create(shell), ExplainCommand.Create(shell), MigrateCommand.Create(shell),
            RehearseCommand.Create(shell), ResolveCommand.Create(shell), WaitCommand.Create(shell), LintCommand.Create(shell),
            DiffCommand.Create(shell), DriftCommand.Create(shell), ApproveCommand.Create(shell),
            OpenCommand.Create(shell), UndoCommand.Create(shell), UninstallCommand.Create(shell), CompletionCommand.Create(),
            VersionCommand.Create(), ChangelogCommand.Create(shell), ProveCommand.Create(shell),
        };
        foreach (Command other in others)
        {
            root.Add(other);
        }

        root.HelpName = shell.Name.Words;
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new BriefHelp((HelpAction)help.Action!, shell.Name);
        return root;
    }

    /// <summary>Runs a command line and returns the exit code. Never throws.</summary>
    public static async Task<int> RunAsync(
        RootCommand root, string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            if (Completions.Print(root, args, output))
            {
                return ExitCodes.Open;
            }

            ParseResult parsed = root.Parse(args, Words);
            if (args.Length == 0)
            {
                return await HelpAsync(root, error);
            }

            configuration.ProcessTerminationTimeout = AddCommand.OpensEditor(parsed) ? null : TimeToEnd;
            return parsed.Action is ParseErrorAction
                ? Refuse(root, parsed, error)
                : await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync($"schemagate: {exception.Message}");
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("schemagate: canceled.");
            return ExitCodes.Canceled;
        }
        catch (Exception exception)
        {
            // Its text may hold anything, a password too; its type cannot.
            await error.WriteLineAsync($"schemagate: an unexpected {exception.GetType().Name} in SchemaGate itself. "
                + "Please report it with the command that you ran.");
            return ExitCodes.Internal;
        }
    }

    /// <summary>
    /// Nothing asked is nothing verified: help, but not the exit code of an open gate, which an empty variable would get.
    /// </summary>
    private static async Task<int> HelpAsync(RootCommand root, TextWriter error)
    {
        await root.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
        return ExitCodes.Usage;
    }

    private static int Refuse(RootCommand root, ParseResult parsed, TextWriter error)
    {
        List<string> problems = [.. parsed.Errors.Select(problem => problem.Message).Distinct(StringComparer.Ordinal)];
        // "A command is missing" says nothing where another word stands in its place.
        foreach (string problem in parsed.UnmatchedTokens.Count > 0 && problems.Count > 1 ? problems.Skip(1) : problems)
        {
            error.WriteLine($"schemagate: {WithoutUrls(problem, parsed)}");
        }

        IEnumerable<string> command = CommandsOf(parsed.CommandResult).Reverse();
        error.WriteLine($"See `{string.Join(' ', [root.HelpName ?? CommandName.Own.Words, .. command, "--help"])}`.");
        return ExitCodes.Usage;
    }

    /// <summary>The command that was asked for, then that which it belongs to.</summary>
    private static IEnumerable<string> CommandsOf(SymbolResult? result)
    {
        for (; result is CommandResult { Command: not RootCommand } asked; result = asked.Parent)
        {
            yield return asked.Command.Name;
        }
    }

    /// <summary>A database URL that stands in the wrong place is a password that must not reach a log.</summary>
    private static string WithoutUrls(string problem, ParseResult parsed) => parsed.Tokens.Select(token => token.Value)
        .Concat(parsed.UnmatchedTokens)
        .Where(token => token.Contains("://", StringComparison.Ordinal) || token.Contains("password=", StringComparison.OrdinalIgnoreCase))
        .Aggregate(problem, (text, token) => text.Replace(token, "(a URL; write it behind --database)", StringComparison.Ordinal));

    /// <summary>A description's first line stands in the list of commands; all of it in the command's own help.</summary>
    private sealed class BriefHelp(HelpAction help, CommandName name) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Command asked = parseResult.CommandResult.Command;
            asked.Description = name.In(asked.Description ?? "");
            foreach (Command command in asked.Subcommands)
            {
                command.Description = command.Description?.Split('\n')[0].TrimEnd();
            }

            return help.Invoke(parseResult);
        }
    }
}
