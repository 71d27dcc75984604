namespace SchemaGate.Core.Databases;

/// <summary>What a database says of itself, read in one go.</summary>
/// <param name="Identity">Which database this is.</param>
/// <param name="IsStandby">A standby may lag behind: it is not evidence.</param>
/// <param name="History">The history, or null where the history table does not exist.</param>
/// <param name="HasTables">Whether the schema holds an ordinary table besides the history (Prisma's P3005 rule).</param>
/// <param name="RunInProgress">
/// Whether the migration lock (<c>pg_advisory_lock(72707369)</c>) was held between two readings of the history that agree.
/// </param>
/// <param name="ServerVersion">The server's major version, such as 15.</param>
public sealed record DatabaseState(
    DatabaseIdentity Identity,
    bool IsStandby,
    MigrationHistory? History,
    bool HasTables,
    bool RunInProgress,
    int ServerVersion)
{
    /// <summary>Who holds the migration lock; null where nobody does, or nobody asked.</summary>
    public LockHolder? Lock { get; init; }

    /// <summary>The names of the indexes that are INVALID and not being built: see <see cref="InvalidIndex"/>.</summary>
    public IReadOnlyList<string> InvalidIndexes { get; init; } = [];

    /// <summary>Whether an earlier reading found this very database with this history, and nobody at work on it.</summary>
    public bool IsAsIn(DatabaseState before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Identity == before.Identity && RunInProgress == before.RunInProgress
            && (History?.Rows ?? []).SequenceEqual(before.History?.Rows ?? []);
    }
}
