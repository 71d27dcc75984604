using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.GoBack;

/// <summary>What a database has of a set of migrations, by its own history or by what a gate has noted of it.</summary>
internal static class GoBackNames
{
    /// <summary>A status keeps no more names than this of a kind.</summary>
    private const int MostNoted = 50;

    /// <param name="history">The database's.</param>
    /// <param name="ignored">Globs of rows that are others'.</param>
    public static Func<MigrationSet, AppliedNames> Of(MigrationHistory history, IReadOnlyList<string> ignored) => set =>
    {
        AppliedSet applied = AppliedSet.Of(set, history);
        bool IsOwn(string name) => !ignored.Any(pattern => Glob.Matches(pattern, name));
        return new(
            applied.Part(set).Names.ToHashSet(StringComparer.Ordinal), [.. applied.Beyond.Where(IsOwn)],
            [.. applied.Unfinished.Where(IsOwn)], [.. set.Names.Where(applied.Edited.Contains)]);
    };

    /// <param name="gate">The gate.</param>
    /// <param name="own">The migrations of its own image.</param>
    /// <returns>Null where its status does not tell all of them.</returns>
    public static Func<MigrationSet, AppliedNames>? Of(SchemaGateResource gate, MigrationSet own)
    {
        bool isOfSpec = gate.Status is { } status && status.ObservedGeneration == gate.Metadata.Generation
            && status.Changelog?.Image == gate.Spec.Changelog?.Image;
        if (!isOfSpec || gate.Status!.Migrations is not { Pending: { } pending } noted || noted.Required != own.Names.Count
            || pending.Count >= MostNoted || noted.Unknown is { Count: >= MostNoted } || noted.Edited is { Count: >= MostNoted })
        {
            return null;
        }

        IReadOnlyList<string> failed = noted.Failed ?? [];
        List<string> has = [.. own.Names.Except([.. pending, .. failed], StringComparer.Ordinal), .. noted.Unknown ?? []];
        return set => new(
            has.Intersect(set.Names, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
            [.. has.Except(set.Names, StringComparer.Ordinal)], failed,
            [.. set.Migrations.Where(migration => IsEdited(migration, own, noted.Edited ?? []) && has.Contains(migration.Name))
                .Select(migration => migration.Name)]);
    }

    /// <summary>The gate's own file is the one that was run, unless its status says otherwise.</summary>
    private static bool IsEdited(Migration migration, MigrationSet own, IReadOnlyList<string> noted) =>
        noted.Contains(migration.Name, StringComparer.Ordinal)
        || own.Migrations.Any(other => other.Name == migration.Name && other.Sql != migration.Sql);
}
