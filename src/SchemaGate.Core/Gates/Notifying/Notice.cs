using System.Security.Cryptography;
using System.Text;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates.Notifying;

/// <summary>
/// That a gate has opened on a set: what a receiver is told. It stands in status before it is sent, so that each repetition says the
/// same, whoever sends it.
/// </summary>
/// <param name="Id">Follows from the gate, the set and the database: the same fact has the same one, and a receiver drops repeats.</param>
/// <param name="Image">The reference as the gate named it.</param>
/// <param name="Digest">To what that resolved.</param>
/// <param name="Identity">The database: system identifier/database/schema.</param>
/// <param name="Through">The last required migration; null where none is.</param>
/// <param name="At">When that was seen first, in whole seconds.</param>
/// <param name="Migrations">What was applied since the last set that was told, in the set's order; the first fifty.</param>
/// <param name="Count">How many those are altogether.</param>
public sealed record Notice(
    string Id, string Image, string Digest, string Identity, string? Through, DateTimeOffset At,
    IReadOnlyList<AppliedMigration> Migrations, int Count)
{
    public const int MostMigrations = 50;

    private const int IdLength = 16;

    /// <summary>The newest time of the migrations that were told of this database, these among them, by its own clock; null where its
    /// tool keeps none. A smaller set does not turn it back.</summary>
    public DateTimeOffset? AppliedThrough { get; init; }

    /// <summary>What an open gate has to say; null while a witness is unread, or something is pending.</summary>
    /// <param name="judgement">The gate's.</param>
    /// <param name="uid">The gate's uid.</param>
    /// <param name="last">The set that was told last; null for none.</param>
    /// <param name="now">The time.</param>
    internal static Notice? Of(Judgement judgement, string uid, Notice? last, DateTimeOffset now)
    {
        if (judgement is not { Image: { Digest: { } digest } image, State: { } state, History: { } history }
            || judgement is not { Required: { } required, Pending.Count: 0 })
        {
            return null;
        }

        string identity = state.Identity.ToString();
        Notice? before = last?.Identity == identity ? last : null;
        List<HistoryRow> rows = [.. required.Select(name => history.Applied[name])];
        List<AppliedMigration> fresh = [.. Since(rows, before)
            .Select(row => new AppliedMigration(row.Name, Time(row)))];
        return new(
            IdOf(uid, digest, identity, judgement.Spec.Scope), image.Source, digest, identity, judgement.Through,
            DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), fresh[..Math.Min(fresh.Count, MostMigrations)], fresh.Count)
        {
            AppliedThrough = rows.Select(Time).Append(before?.AppliedThrough).Max(),
        };
    }

    /// <summary>By the database's clock; where its tool keeps no time, by the order of the set.</summary>
    private static IEnumerable<HistoryRow> Since(List<HistoryRow> rows, Notice? last)
    {
        int told = rows.FindLastIndex(row => row.Name == last?.Through);
        return rows.Where((row, number) => last is null
            || (Time(row) is { } at && last.AppliedThrough is { } through ? at > through : number > told));
    }

    private static DateTimeOffset? Time(HistoryRow row) => row.FinishedAt is { } at && at > DateTimeOffset.UnixEpoch ? at : null;

    private static string IdOf(string uid, string digest, string identity, string? scope) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{uid}\n{digest}\n{identity}\n{scope}")).AsSpan(0, IdLength));
}

/// <param name="Name">As the history has it.</param>
/// <param name="At">When it was applied, by the database's clock; null where its tool keeps no time.</param>
public sealed record AppliedMigration(string Name, DateTimeOffset? At);
