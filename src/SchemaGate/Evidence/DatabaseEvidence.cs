using System.Security.Cryptography;
using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Postgres.Sessions;

namespace SchemaGate.Evidence;

/// <summary>Reads databases for the operator and for <c>verify</c>. Thread-safe, shared by all gates.</summary>
internal sealed class DatabaseEvidence : IDisposable
{
    /// <summary>More than an operator has gates; two hundred bytes each.</summary>
    private const int KeptIdentities = 4096;

    /// <summary>A reading's buffers, before it has a row.</summary>
    private const long FirstBytes = 1 << 20;

    private readonly DatabaseUrlOptions options;
    private readonly DatabaseConnections connections;
    private readonly HistoryReader histories;
    private readonly SessionReader sessions;
    private readonly ReadingBudget budget;
    private readonly BoundedCache<string, string> identities = new(KeptIdentities);

    /// <param name="allowLocalFiles">
    /// Whether a URL may name files and sockets of this machine: on a laptop yes; not in the operator, whose machine is not the URL's
    /// owner's. </param>
    /// <param name="time">Measures how long connections idle.</param>
    /// <param name="budget">The memory of all readings; null for one of its own.</param>
    public DatabaseEvidence(bool allowLocalFiles, TimeProvider time, ReadingBudget? budget = null)
    {
        this.budget = budget ?? ReadingBudget.OfProcess(time);
        options = new(allowLocalFiles);
        connections = new(time);
        histories = new(connections);
        sessions = new(connections);
        Drifts = new(connections, histories, this.budget, time, options);
    }

    /// <summary>Compares schemas with what their migrations build, over the same connections.</summary>
    public DriftReadings Drifts { get; }

    /// <param name="text">The URL; it is never quoted.</param>
    /// <param name="schema">Overrides the URL's schema.</param>
    /// <param name="tool">Whose history is meant; null for what the database holds.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="tenant">Who reads, and takes no more than a share.</param>
    /// <returns>The evidence, and the identity that was last read from this very URL by this process, if any.</returns>
    public async Task<(Evidence<DatabaseState> Evidence, string? KnownIdentity)> ReadAsync(
        string text, string? schema, MigrationTool? tool, CancellationToken cancellation, string tenant = "")
    {
        if (!DatabaseUrl.TryParse(text.Trim(), out DatabaseUrl? url, out string? problem, options))
        {
            return (new Evidence<DatabaseState>.Missing(Reasons.DatabaseUrlInvalid, problem), null);
        }

        url = schema is null ? url : url.WithSchema(schema);
        // Kept by its hash: a cache of URLs would be a cache of passwords.
        string key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\n{schema}")));
        try
        {
            DatabaseState state = await budget.ReadAsync(
                tenant,
                FirstBytes,
                share => histories.ReadAsync(url, tool, share.Cancellation, rows => share.MayHold(FirstBytes + rows), tenant),
                cancellation);
            identities.Set(key, state.Identity.ToString());
            return (new Evidence<DatabaseState>.Found(state), state.Identity.ToString());
        }
        catch (DatabaseException exception)
        {
            return (Explain<DatabaseState>(exception), Known(key));
        }
        catch (BudgetException exception)
        {
            return (
                exception.Evidence<DatabaseState>(
                    "The database's history cannot be read", Reasons.HistoryUnreadable, Reasons.DatabaseUnreachable),
                Known(key));
        }
    }

    /// <summary>Which sessions of a database have one of these names.</summary>
    /// <param name="text">The URL; it is never quoted.</param>
    /// <param name="names">As the server keeps them.</param>
    /// <param name="tenant">Who reads.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Evidence<IReadOnlyList<OpenSessions>>> SessionsAsync(
        string text, IReadOnlyCollection<string> names, string tenant, CancellationToken cancellation)
    {
        if (!DatabaseUrl.TryParse(text.Trim(), out DatabaseUrl? url, out string? problem, options))
        {
            return new Evidence<IReadOnlyList<OpenSessions>>.Missing(Reasons.DatabaseUrlInvalid, problem);
        }

        if (names.Count > SessionReader.MostNames)
        {
            return new Evidence<IReadOnlyList<OpenSessions>>.Missing(
                Reasons.RequirementInvalid, $"There are {names.Count} application names; {SessionReader.MostNames} are looked for.");
        }

        try
        {
            return new Evidence<IReadOnlyList<OpenSessions>>.Found(await sessions.ReadAsync(url, names, tenant, cancellation));
        }
        catch (DatabaseException exception)
        {
            return Explain<IReadOnlyList<OpenSessions>>(exception);
        }
    }

    private string? Known(string key) => identities.TryGet(key, out string? identity) ? identity : null;

    public void Dispose() => connections.Dispose();

    private static Evidence<T> Explain<T>(DatabaseException exception) => exception.Kind switch
    {
        DatabaseFailure.DatabaseMissing => new Evidence<T>.Missing(Reasons.DatabaseMissing, exception.Message),
        DatabaseFailure.AccessDenied or DatabaseFailure.PrivilegeMissing =>
            new Evidence<T>.Missing(Reasons.DatabaseAccessDenied, exception.Message),
        DatabaseFailure.SettingsUnusable => new Evidence<T>.Missing(Reasons.DatabaseUrlInvalid, exception.Message),
        DatabaseFailure.HistoryUnreadable => new Evidence<T>.Missing(Reasons.HistoryUnreadable, exception.Message),
        _ => new Evidence<T>.Unreachable(Reasons.DatabaseUnreachable, exception.Message),
    };
}
