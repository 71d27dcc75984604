using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Cli.GoBack;

/// <summary>The gate's database, asked by whoever runs the command.</summary>
internal sealed record GoBackDatabase(DatabaseUrl Url, DatabaseState State)
{
    public MigrationHistory History => State.History ?? MigrationHistory.Empty;

    /// <returns>Null where none is named.</returns>
    /// <exception cref="UsageException">Its URL cannot be read, or it is not the gate's.</exception>
    /// <exception cref="DocumentException">It cannot be read, or is no evidence.</exception>
    public static async Task<GoBackDatabase?> ReadAsync(
        ParseResult arguments, Shell shell, SchemaGateResource gate, GateStanding standing, MigrationTool tool,
        CancellationToken cancellation)
    {
        if (await DatabaseOptions.FindAsync(arguments, shell, cancellation) is not { } given)
        {
            return null;
        }

        DatabaseChoice choice = given with { Schema = given.Schema ?? gate.Spec.Database?.Schema };
        DatabaseUrl url = choice.Parse();
        DatabaseState state = await HistoryOf.StateAsync(choice, tool, shell, cancellation);
        string? known = standing.View.Identity == DatabaseStatus.Unread ? null : standing.View.Identity;
        return known is not null && known != state.Identity.ToString()
            ? throw new UsageException(StyledText.Printable(
                $"The database from {choice.From} ({choice.Location}) is not the one of the gate {gate.Metadata.Name}: it is "
                + $"{state.Identity}, the gate's is {known}. Name the gate's with --database, or write --no-database."))
            : new(url, state);
    }
}
