using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Completing;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Who says what is applied: a database, several by name, or a gate.</summary>
/// <param name="ReadAsync">Asks them; throws a <see cref="DocumentException"/> where one cannot be read.</param>
internal sealed record SyncSources(Func<MigrationSet, CancellationToken, Task<IReadOnlyList<SyncEnvironment>>> ReadAsync)
{
    public static Option<string[]> Environments { get; } = CreateEnvironments();

    public static Option<string?> Production { get; } = new("--production")
    {
        HelpName = "NAME",
        Description = $"The environment that DEPLOYED means. Default: {Usual}.",
    };

    public static Option<string?> Gate { get; } = new("--gate")
    {
        HelpName = "NAME",
        Description = "The gate that knows what is applied.",
        CompletionSources = { ClusterNames.Gates },
    };

    private const string Usual = "production";

    public static async Task<int> RunAsync(
        ParseResult arguments, Shell shell, Func<SyncSources, Task<int>> run, CancellationToken cancellation)
    {
        string[] named = arguments.GetValue(Environments) ?? [];
        string? gate = arguments.GetValue(Gate);
        string? database = arguments.GetValue(DatabaseOptions.Database);
        if (((bool[])[named.Length > 0, gate is not null, database is not null]).Count(given => given) > 1)
        {
            throw new UsageException("Write one of --database, --environment and --gate.");
        }

        if (database == "-" && arguments.GetValue(DocumentFile.Option) == "-")
        {
            throw new UsageException("Standard input cannot be both the document and the database URL.");
        }

        if (gate is null && ClusterOptions.AreGiven(arguments))
        {
            throw new UsageException("--namespace, --context and --kubeconfig go with --gate.");
        }

        if (gate is not null)
        {
            return await OfGateAsync(arguments, shell, gate, run, cancellation);
        }

        return await run(named.Length > 0
            ? OfEnvironments(named, arguments, shell)
            : OfDatabase(await DatabaseOptions.RequireAsync(arguments, shell, cancellation), shell));
    }

    private static SyncSources OfDatabase(DatabaseChoice choice, Shell shell) => new(async (set, cancellation) =>
        [new(null, IsProduction: true, (await HistoryOf.ReadAsync(choice, set, shell, cancellation)).Applied)]);

    private static SyncSources OfEnvironments(string[] named, ParseResult arguments, Shell shell)
    {
        string? production = arguments.GetValue(Production);
        (string Name, DatabaseChoice Choice)[] choices = [.. named.Select(text => Environment(text, arguments, shell))];
        if (choices.DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase).Count() < choices.Length)
        {
            throw new UsageException("--environment: each name once.");
        }

        if (production is not null && !choices.Any(one => one.Name.Equals(production, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException("--production names none of the environments.");
        }

        return new(async (set, cancellation) =>
        {
            List<SyncEnvironment> environments = [];
            foreach ((string name, DatabaseChoice choice) in choices)
            {
                bool isProduction = name.Equals(production ?? Usual, StringComparison.OrdinalIgnoreCase);
                environments.Add(new(name, isProduction, (await HistoryOf.ReadAsync(choice, set, shell, cancellation)).Applied));
            }

            return environments;
        });
    }

    /// <summary>A URL in the command line can be seen by others of the machine: a variable's name may stand for it.</summary>
    private static (string Name, DatabaseChoice Choice) Environment(string text, ParseResult arguments, Shell shell)
    {
        string[] parts = text.Split('=', 2);
        string name = parts[0].Trim();
        bool isUrl = parts[1].Contains("://", StringComparison.Ordinal);
        string? url = isUrl ? parts[1] : shell.Variable(parts[1]);
        return string.IsNullOrWhiteSpace(url)
            ? throw new UsageException($"--environment {name}: the variable that it names is not set, or empty.")
            : (name, new(url.Trim(), $"--environment {name}", arguments.GetValue(DatabaseOptions.Schema)));
    }

    private static Task<int> OfGateAsync(
        ParseResult arguments, Shell shell, string gate, Func<SyncSources, Task<int>> run, CancellationToken cancellation) =>
        Requirement.IsName(gate)
            ? ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
            {
                SchemaGateResource? found = await ClusterOptions.FindGateAsync(client, ns, gate, cancellation);
                return found is null
                    ? DocumentRun.Say(arguments, $"There is no gate {ns}/{gate}.", ExitCodes.Blocked)
                    : await run(new((set, _) => Task.FromResult<IReadOnlyList<SyncEnvironment>>(
                        [new($"{ns}/{gate}", IsProduction: true, GateApplied.Of(found, set))])));
            })
            : throw new UsageException("--gate is a gate's name.");

    private static Option<string[]> CreateEnvironments()
    {
        Option<string[]> option = new("--environment")
        {
            HelpName = "NAME=URL",
            Description = "A database by name, repeatable; instead of the URL, the name of a variable that has it.",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !IsNamed(token.Value)))
            {
                result.AddError("--environment: write NAME=URL or NAME=VARIABLE, the name of letters, digits, dots and dashes.");
            }
        });
        return option;
    }

    private static bool IsNamed(string text) => text.Split('=', 2) is [{ Length: > 0 and <= 20 } name, { Length: > 0 }]
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
}
