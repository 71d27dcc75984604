using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Entries that are drafted from the SQL beside a document.</summary>
internal static class MigrationDrafts
{
    /// <param name="files">The migrations.</param>
    /// <param name="names">Those that are wanted; null for all.</param>
    /// <param name="major">The server's major version; null where it is not known.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <exception cref="DocumentException">The parser is not there.</exception>
    public static IReadOnlyList<DraftedEntry> Of(MigrationFiles files, IReadOnlySet<string>? names, int? major, TimeProvider time) =>
        DraftEvidence.Draft(files.Set, names, major, files.Directory, time) switch
        {
            Evidence<IReadOnlyList<DraftedEntry>>.Found { Value: var drafts } => drafts,
            Evidence<IReadOnlyList<DraftedEntry>>.Missing { Message: var message } => throw new DocumentException(message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
