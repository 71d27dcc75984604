using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Drifting;

/// <summary>
/// When a gate's schema is compared: once <see cref="DatabaseSource.DriftRecheck"/>, and as soon as the history is another one. Only where
/// the history is known and nobody is changing it.
/// </summary>
public static class DriftSteps
{
    /// <param name="input">The gate's evidence, without a word about drift.</param>
    /// <param name="last">The last comparison, of whatever; null where there was none.</param>
    public static DriftStep Next(GateInput input, DriftRecord? last)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Spec.Policy.Drift == PolicyMode.Ignore)
        {
            return new DriftStep.Settled(null);
        }

        Judgement judgement = Judgement.OfImage(input);
        if (judgement is not { Image.Migrations.Problems.Count: 0, History: not null, State.RunInProgress: false, Unfinished.Count: 0 }
            || judgement.Run?.Record is { IsActive: true })
        {
            return new DriftStep.Settled(new(last, DriftUnread.Waits));
        }

        MigrationSet applied = AppliedOf(judgement);
        if (applied.Migrations.Count == 0)
        {
            return new DriftStep.Settled(null);
        }

        if (applied.Migrations.FirstOrDefault(migration => migration.Unjudged is not null) is { Unjudged: { } why, Name: var code })
        {
            return new DriftStep.Settled(input.Spec.Policy.Drift != PolicyMode.Block ? null
                : new(null, Unread($"{code} cannot be read as SQL ({why})", " Set spec.policy.drift to Warn or Ignore.")));
        }

        if (Untold(judgement) is { } untold)
        {
            return new DriftStep.Settled(new(null, untold));
        }

        string basis = Basis(judgement, applied);
        DriftRecord? same = last?.Basis == basis ? last : null;
        return same is not null && input.Now < DueAt(same, input.Spec.Database.DriftRecheck)
            ? new DriftStep.Settled(new(same))
            : new DriftStep.Compare(basis, applied, same);
    }

    /// <summary>
    /// When a comparison is due again. Up to a fifth later than asked for, by chance, or a thousand gates that were created at once
    /// would read at once for ever.
    /// </summary>
    public static DateTimeOffset DueAt(DriftRecord last, TimeSpan recheck)
    {
        ArgumentNullException.ThrowIfNull(last);
        byte[] draw = SHA256.HashData(Encoding.UTF8.GetBytes($"{last.Basis}{last.CheckedAt.ToUnixTimeSeconds()}"));
        double chance = BinaryPrimitives.ReadUInt32LittleEndian(draw) / (double)uint.MaxValue;
        return last.CheckedAt + (recheck * (1 + (chance / 5)));
    }

    private static MigrationSet AppliedOf(Judgement judgement)
    {
        MigrationSet set = judgement.Image!.Migrations;
        Migration[] applied = [.. set.Migrations.Where(migration => judgement.History!.Applied.ContainsKey(migration.Name))];
        return new(applied, [])
        {
            Tool = set.Tool,
            IsOrdered = set.IsOrdered,
            // What others' migrations, in the same history, have built is nobody's drift.
            IsWhole = set.IsWhole && !judgement.HasOthers && !IsBaselined(judgement, applied),
        };
    }

    /// <summary>
    /// With prisma migrate resolve: the schema is older than its first migration, which prisma migrate diff wrote, without functions,
    /// triggers, checks and views.
    /// </summary>
    private static bool IsBaselined(Judgement judgement, Migration[] applied) => judgement.Tool == MigrationTool.Prisma
        && applied.Length > 0 && judgement.History!.Applied[applied[0].Name].AppliedSteps == 0;

    /// <summary>Why nobody can tell what the applied migrations build; null where their text does.</summary>
    private static DriftUnread? Untold(Judgement judgement) => judgement switch
    {
        { Unknown: { Count: > 0 } unknown } =>
            Unread($"The image lacks {Phrases.Names(unknown)}, which the database has") with { IsAhead = true },
        { Edited: { Count: > 0 } edited } => Unread($"The file of {Phrases.Names(edited)} is not the one that was applied"),
        { NeverRun: { Count: > 0 } doubtful } => Unread($"{Phrases.Names(doubtful)} may never have run"),
        _ => null,
    };

    private static DriftUnread Unread(string why, string next = "") =>
        new($"{why}: what the applied migrations build is not known, and the schema is not compared with it.{next}", Passes: false);

    private static string Basis(Judgement judgement, MigrationSet applied)
    {
        StringBuilder text = new($"{judgement.State!.Identity}\n{applied.Tool} {applied.IsWhole}\n");
        foreach (Migration migration in applied.Migrations)
        {
            // Not every tool keeps one.
            string checksum = migration.Checksum.Value is { Length: > 0 } known ? known : Hash(migration.Sql);
            text.Append(checksum).Append('/').Append(migration.Name).Append('\n');
        }

        // Whoever has mended it need not wait until it is due.
        text.AppendJoin('\n', judgement.Spec.Policy.IgnoreDrift ?? []).Append('\n').Append(judgement.Run?.Retry);
        return Hash(text.ToString());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
