using System.Globalization;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>What a gate's receiver knows, to and from its status: everything that the next step needs goes both ways.</summary>
internal static class NotifyMapping
{
    public static NotifyRecord Record(NotifyStatus? status) => status is null ? NotifyRecord.Nothing : new()
    {
        Told = [.. (status.Told ?? []).Select(Notice).OfType<Notice>()],
        ToldAt = status.ToldAt,
        Owed = status.Owed is { } owed ? Notice(owed) : null,
        Attempts = status.Attempts ?? 0,
        NextAttemptAt = status.NextAttemptAt,
        Failure = status.Error is { Message: { } message } error ? new(error.Final ?? false, message) : null,
        Receiver = status.Receiver,
    };

    public static NotifyStatus? Status(NotifyRecord? record) => record is null or { Told: [], Owed: null } ? null : new()
    {
        Told = record.Told.Count == 0 ? null : [.. record.Told.Select(Status)],
        ToldAt = RunMapping.Time(record.ToldAt),
        Owed = record.Owed is { } owed ? Status(owed) : null,
        Attempts = record.Attempts == 0 ? null : record.Attempts,
        NextAttemptAt = RunMapping.Time(record.NextAttemptAt),
        Error = record.Failure is { } failure ? new() { Message = failure.Message, Final = failure.IsFinal } : null,
        Receiver = record.Receiver,
    };

    private static Notice? Notice(NoticeStatus status) =>
        status is not { Id: { } id, Image: { } image, Digest: { } digest, Identity: { } identity, At: { } at } ? null
            : new(
                id, image, digest, identity, status.Through, at.ToOffset(),
                [.. (status.Migrations ?? []).Take(Core.Gates.Notifying.Notice.MostMigrations)
                    .Select(migration => new AppliedMigration(migration.Name ?? "", Exact(migration.At)))],
                status.Count ?? 0)
            {
                AppliedThrough = Exact(status.AppliedThrough),
            };

    private static NoticeStatus Status(Notice notice) => new()
    {
        Id = notice.Id,
        Image = notice.Image,
        Digest = notice.Digest,
        Identity = notice.Identity,
        Through = notice.Through,
        At = RunMapping.Time(notice.At),
        AppliedThrough = Exact(notice.AppliedThrough),
        Migrations = notice.Migrations.Count == 0 ? null
            : [.. notice.Migrations.Select(migration => new AppliedMigrationStatus { Name = migration.Name, At = Exact(migration.At) })],
        Count = notice.Count == 0 ? null : notice.Count,
    };

    private static string? Exact(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Exact(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;
}
