using System.Collections.Immutable;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Core.Risk;

/// <summary>How the migrations are run.</summary>
public enum TransactionMode
{
    /// <summary>As SchemaGate does: one transaction, unless a statement forbids it; then one statement after the other.</summary>
    WherePossible,

    /// <summary>The file goes to the server as one text, as Prisma sends it: several statements are one implicit transaction.</summary>
    OneText,

    /// <summary>Each statement by itself, as <c>psql -f</c> does.</summary>
    EachStatement,
}

/// <summary>What the judgement is to know besides the migrations.</summary>
public sealed record RiskOptions
{
    public static RiskOptions Default { get; } = new();

    /// <summary>
    /// The server's major version, such as 15; null where it is not known: then what holds on the oldest that is supported.
    /// </summary>
    public int? TargetMajor { get; init; } = ServerVersion.Newest;

    public TransactionMode Transactions { get; init; }

    /// <summary>The schema of names without one.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>
    /// False where something beside the migrations makes parts of the schema, which nobody reads: then nothing counts as missing.
    /// </summary>
    public bool SetIsWhole { get; init; } = true;

    /// <summary>Who runs the migrations sets lock_timeout.</summary>
    public bool LockTimeoutIsSet { get; init; }

    /// <summary>Other severities than the rules' own, by rule id.</summary>
    public ImmutableDictionary<string, RiskSeverity> Severities { get; init; } = ImmutableDictionary.Create<string, RiskSeverity>(
        StringComparer.Ordinal);

    public ImmutableHashSet<string> DisabledRules { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Conventions that are judged only where somebody asks for them.</summary>
    public ImmutableHashSet<string> EnabledRules { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>What is judged, where nothing above disables it.</summary>
    internal ImmutableArray<RiskRule> Rules { get; init; } = RuleCatalog.Rules;

    internal int Major => TargetMajor ?? ServerVersion.Oldest;
}
