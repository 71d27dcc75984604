using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Branches;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli;

/// <summary>A gate's policies as options, with the resource's defaults.</summary>
internal static class PolicyOptions
{
    private static readonly GatePolicy Defaults = new();

    private static readonly Option<string> Undocumented = Create(
        "--undocumented", "A pending migration without an entry", Defaults.Undocumented);
    private static readonly Option<string> RiskMismatch = Create(
        "--risk-mismatch", "A pending entry that states less risk than its SQL has", Defaults.RiskMismatch);

    private static readonly Option<string> Edited = Create("--edited", "An applied migration whose file has changed", Defaults.Edited);
    private static readonly Option<string> OutOfOrder = Create(
        "--out-of-order", "A pending migration that sorts before an applied one", Defaults.OutOfOrder);
    private static readonly Option<string> DatabaseAhead = Create(
        "--database-ahead", "Migrations of the database that the files lack", Defaults.DatabaseAhead);

    private static readonly Option<string> Drift = Create(
        "--drift", "A schema that is not what the applied migrations build", Defaults.Drift);

    private static readonly Option<string[]> IgnoreDrift = new("--ignore-drift")
    {
        HelpName = "GLOB",
        Description = "Objects that are not the migrations' business, such as audit_* or index:*_tmp_idx. Repeatable.",
    };

    private static readonly Option<string[]> IgnoreUnknown = new("--ignore-unknown")
    {
        HelpName = "GLOB",
        Description = "Migrations of others who share the history (* and ?). Repeatable.",
    };

    public static IReadOnlyList<Option> All { get; } =
        [Undocumented, RiskMismatch, Edited, OutOfOrder, DatabaseAhead, IgnoreUnknown, Drift, IgnoreDrift];

    public static GatePolicy Read(ParseResult arguments) => Defaults with
    {
        Undocumented = Mode(arguments, Undocumented),
        RiskMismatch = Mode(arguments, RiskMismatch),
        Edited = Mode(arguments, Edited),
        OutOfOrder = Mode(arguments, OutOfOrder),
        DatabaseAhead = Mode(arguments, DatabaseAhead),
        IgnoreUnknown = arguments.GetValue(IgnoreUnknown),
        Drift = Mode(arguments, Drift),
        IgnoreDrift = arguments.GetValue(IgnoreDrift),
    };

    /// <summary>Of a branch, which can still mend what it adds: all of these block unless something else is asked for.</summary>
    public static BranchPolicy OfBranch(ParseResult arguments) => new(
        Mode(arguments, Undocumented), OrBlock(arguments, Edited), OrBlock(arguments, OutOfOrder));

    /// <summary>Options that are about what a database has applied.</summary>
    public static IReadOnlyList<Option> OfDatabases { get; } = [RiskMismatch, DatabaseAhead, IgnoreUnknown, Drift, IgnoreDrift];

    private static PolicyMode OrBlock(ParseResult arguments, Option<string> option) =>
        arguments.GetResult(option) is { Implicit: false } ? Mode(arguments, option) : PolicyMode.Block;

    private static Option<string> Create(string name, string subject, PolicyMode usual)
    {
        Option<string> option = new(name) { Description = $"{subject}: block, warn or ignore.", DefaultValueFactory = _ => Word(usual) };
        return option.AcceptOnlyFromAmong("block", "warn", "ignore");
    }

    private static PolicyMode Mode(ParseResult arguments, Option<string> option) => arguments.GetValue(option) switch
    {
        "block" => PolicyMode.Block,
        "warn" => PolicyMode.Warn,
        _ => PolicyMode.Ignore,
    };

    private static string Word(PolicyMode mode) => mode switch { PolicyMode.Block => "block", PolicyMode.Warn => "warn", _ => "ignore" };
}
