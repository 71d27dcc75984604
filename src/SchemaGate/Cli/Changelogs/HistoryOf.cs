using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What a database says is applied.</summary>
internal static class HistoryOf
{
    /// <returns>The migrations, and the server's major version.</returns>
    /// <exception cref="DocumentException">It cannot be read, or is no evidence.</exception>
    public static async Task<(AppliedSet Applied, int Major)> ReadAsync(
        DatabaseChoice choice, MigrationSet set, Shell shell, CancellationToken cancellation)
    {
        DatabaseState state = await StateAsync(choice, set.Tool, shell, cancellation);
        return (AppliedSet.Of(set, state.History ?? MigrationHistory.Empty), state.ServerVersion);
    }

    /// <summary>All that it says of itself, of which the history is a part.</summary>
    /// <exception cref="DocumentException">It cannot be read, or is no evidence.</exception>
    public static async Task<DatabaseState> StateAsync(
        DatabaseChoice choice, MigrationTool tool, Shell shell, CancellationToken cancellation)
    {
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        (Evidence<DatabaseState> evidence, _) = await databases.ReadAsync(choice.Url, choice.Schema, tool, cancellation);
        return evidence switch
        {
            Evidence<DatabaseState>.Found { Value.IsStandby: true } => throw new DocumentException(
                $"{choice.Location} is a standby, which may lag behind: name the primary."),
            Evidence<DatabaseState>.Found { Value: { History: null, HasTables: true } } => throw new DocumentException(
                $"{choice.Location} has tables and no history of {ToolGuide.Of(tool).Name}: nothing tells what is applied."),
            Evidence<DatabaseState>.Found { Value: var state } => state,
            Evidence<DatabaseState>.Missing { Message: var message } => throw new DocumentException(message),
            Evidence<DatabaseState>.Unreachable { Message: var message } => throw new DocumentException(message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
