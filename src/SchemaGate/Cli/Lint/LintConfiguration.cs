using System.Collections.Immutable;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Cli.Lint;

/// <summary>What <c>schemagate-lint.json</c> says; what it does not say is null or empty.</summary>
/// <param name="Directory">Where the file is: its paths are relative to it.</param>
internal sealed record LintConfiguration(string Directory)
{
    public const string FileName = "schemagate-lint.json";

    public int? PostgresVersion { get; init; }

    /// <summary>A word of <c>--fail-on</c>.</summary>
    public string? FailOn { get; init; }

    public TransactionMode Transactions { get; init; }

    /// <summary>The schema of names without one.</summary>
    public string? Schema { get; init; }

    public bool LockTimeoutIsSet { get; init; }

    public bool Conventions { get; init; }

    /// <summary>By rule id; null is off.</summary>
    public ImmutableDictionary<string, RiskSeverity?> Rules { get; init; } = ImmutableDictionary.Create<string, RiskSeverity?>(
        StringComparer.Ordinal);

    /// <summary>Globs of paths below <see cref="Directory"/>, or of migrations' names.</summary>
    public ImmutableList<string> Ignore { get; init; } = [];

    /// <summary>Upward from a directory to the repository's root, or to the top.</summary>
    public static string? Find(string start)
    {
        for (DirectoryInfo? directory = new(Path.GetFullPath(start)); directory is not null; directory = directory.Parent)
        {
            string file = Path.Combine(directory.FullName, FileName);
            if (File.Exists(file))
            {
                return file;
            }

            // A worktree's .git is a file. What lies above a repository is somebody else's.
            if (Path.Exists(Path.Combine(directory.FullName, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    /// <param name="postgresVersion">What the command line says instead; null for nothing.</param>
    /// <param name="conventions">The command line asks for conventions.</param>
    public RiskOptions Options(int? postgresVersion, bool conventions)
    {
        IEnumerable<string> optional = RuleCatalog.All.Where(rule => rule.IsOptional && (conventions || Conventions))
            .Select(rule => rule.Id);
        return RiskOptions.Default with
        {
            TargetMajor = postgresVersion ?? PostgresVersion,
            Transactions = Transactions,
            Schema = Schema ?? RiskOptions.Default.Schema,
            LockTimeoutIsSet = LockTimeoutIsSet,
            Severities = Rules.Where(rule => rule.Value is not null)
                .ToImmutableDictionary(rule => rule.Key, rule => rule.Value!.Value, StringComparer.Ordinal),
            DisabledRules = [.. Rules.Where(rule => rule.Value is null).Select(rule => rule.Key)],
            // Who gives a convention a severity wants it.
            EnabledRules = [.. optional.Concat(Rules.Where(rule => rule.Value is not null).Select(rule => rule.Key))],
        };
    }
}
