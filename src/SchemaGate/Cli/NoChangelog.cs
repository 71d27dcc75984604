using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli;

/// <summary><c>--no-changelog</c>: what is pending, of a folder of migrations that nobody keeps a document for.</summary>
internal static class NoChangelog
{
    public static Option<bool> Option { get; } = new("--no-changelog")
    {
        Description = "Compare the migrations with the database alone: there is no document, and nothing is missing in it.",
    };

    public static bool IsAsked(ParseResult arguments) => arguments.GetResult(Option) is not null && arguments.GetValue(Option);

    /// <summary>The migrations, beside a document that says nothing.</summary>
    public static Evidence<ChangelogEvidence> Read(Checkout checkout, string migrations, MigrationTool? tool) =>
        DirectoryEvidence.ReadMigrations(checkout.Root, migrations, tool) switch
        {
            Evidence<MigrationSet>.Found { Value: var set } => new Evidence<ChangelogEvidence>.Found(
                new(checkout.Root, Digest: null, DocumentPath: "", new Changelog([], []), set)),
            Evidence<MigrationSet>.Missing { Reason: var reason, Message: var message } =>
                new Evidence<ChangelogEvidence>.Missing(reason, message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>No migration is without an entry where there are no entries.</summary>
    public static GatePolicy Of(GatePolicy policy) => policy with { Undocumented = PolicyMode.Ignore };
}
