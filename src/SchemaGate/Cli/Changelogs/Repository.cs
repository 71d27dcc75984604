using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The migrations of the current directory, that a document is written beside.</summary>
/// <param name="Migrations">Their directory.</param>
/// <param name="Tool">Whose they are; null for what they tell.</param>
internal sealed record Repository(string Migrations, MigrationTool? Tool)
{
    public static Repository Of(ParseResult arguments) =>
        new(new Checkout(".").Below(arguments.GetValue(Checkout.Migrations)!), DatabaseOptions.ToolOf(arguments));

    /// <exception cref="DocumentException">There are none, or they cannot be read.</exception>
    /// <exception cref="UnsoundMigrationsException">They are no set that a tool would run.</exception>
    public MigrationSet Read() => DirectoryEvidence.ReadMigrations(".", Migrations, Tool) switch
    {
        Evidence<MigrationSet>.Found { Value.Problems: [_, ..] problems } =>
            throw new UnsoundMigrationsException(string.Join(" ", problems)),
        Evidence<MigrationSet>.Found { Value: var set } => set,
        Evidence<MigrationSet>.Missing { Message: var message } => throw new DocumentException(message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <exception cref="DocumentException">The parser is not there.</exception>
    public IReadOnlyList<DraftedEntry> Draft(MigrationSet set, IReadOnlySet<string>? names, int? major, TimeProvider time) =>
        DraftEvidence.Draft(set, names, major, Migrations, time) switch
        {
            Evidence<IReadOnlyList<DraftedEntry>>.Found { Value: var drafts } => drafts,
            Evidence<IReadOnlyList<DraftedEntry>>.Missing { Message: var message } => throw new DocumentException(message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>Migrations that no tool would run as they are. Its message is a sentence, or some.</summary>
internal sealed class UnsoundMigrationsException(string message) : Exception(message);
