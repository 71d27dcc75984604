using System.Globalization;
using SchemaGate.Api;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What a gate's status says is applied. Where it cannot tell, nothing is.</summary>
internal static class GateApplied
{
    /// <summary>A status keeps no more names than this.</summary>
    private const int MostNames = 50;

    /// <param name="gate">The gate.</param>
    /// <param name="set">The migrations beside the document, which have to be those of the gate's image.</param>
    /// <exception cref="DocumentException">The status does not tell for certain; its message says why.</exception>
    public static AppliedSet Of(SchemaGateResource gate, MigrationSet set)
    {
        SchemaGateStatus? status = gate.Status;
        MigrationsStatus? migrations = status?.Migrations;
        string[] required = [.. Required(set, migrations)];
        string? problem = (gate, migrations) switch
        {
            (_, null or { Required: null } or { Pending: null }) => "its status does not say which migrations are applied",
            _ when status!.ObservedGeneration != gate.Metadata.Generation => "its spec has changed, and the operator has not looked yet",
            _ when !IsReachable(status) => "it cannot read its database now",
            (_, { Pending.Count: >= MostNames } or { Failed.Count: >= MostNames } or { Edited.Count: >= MostNames }) =>
                $"its status has no room for more than {MostNames} names",
            _ when IsOneNumber(set.Tool) && status.Reason == Reasons.MigrationOutOfOrder =>
                "it says that a migration was added below what has run, and may never run",
            _ when required.Length != migrations!.Required || migrations.Pending!.Except(required, StringComparer.Ordinal).Any() =>
                string.Create(CultureInfo.InvariantCulture, $"its image requires {migrations.Required} migrations up to "
                    + $"'{migrations.Through}', and those beside the document are others: take the commit that the image was built of"),
            _ => null,
        };
        return problem is null
            ? Of(required, migrations!, status!) with { Inferred = Inferred(required, set.Tool) }
            : throw new DocumentException(
                $"Gate {gate.Metadata.NamespaceProperty}/{gate.Metadata.Name} does not tell what is applied: {problem}.");
    }

    /// <summary>A row of its history may stand for all before it; a status does not tell which have a row of their own.</summary>
    private static bool IsOneNumber(MigrationTool tool) =>
        tool is MigrationTool.GolangMigrate or MigrationTool.Flyway or MigrationTool.Atlas;

    private static HashSet<string> Inferred(string[] required, MigrationTool tool) =>
        IsOneNumber(tool) ? required.SkipLast(1).ToHashSet(StringComparer.Ordinal) : [];

    private static AppliedSet Of(string[] required, MigrationsStatus migrations, SchemaGateStatus status)
    {
        Dictionary<string, DateOnly?> applied = new(StringComparer.Ordinal);
        Dictionary<string, string> doubtful = new(StringComparer.Ordinal);
        ReleaseStatus[] releases = [.. (status.Released ?? []).Where(release => release.At is not null
            && release.Reason == Reasons.Satisfied && release.Identity == status.Database?.Identity).OrderBy(release => release.At)];
        foreach ((int index, string name) in required.Index())
        {
            if (migrations.Failed?.Contains(name, StringComparer.Ordinal) == true)
            {
                doubtful[name] = "its run has failed, or is not over";
            }
            else if (migrations.Edited?.Contains(name, StringComparer.Ordinal) == true)
            {
                doubtful[name] = "it is applied, and its file has changed since";
            }
            else if (!migrations.Pending!.Contains(name, StringComparer.Ordinal))
            {
                applied[name] = Day(index, required, releases);
            }
        }

        return new(applied, doubtful);
    }

    /// <summary>The first release that has it, where an older one is on record that has it not: between the two it came.</summary>
    private static DateOnly? Day(int index, string[] required, ReleaseStatus[] releases)
    {
        int first = Array.FindIndex(releases, release => Array.IndexOf(required, release.Through) >= index);
        return first > 0 ? DateOnly.FromDateTime(releases[first].At!.Value.ToUniversalTime()) : null;
    }

    private static IEnumerable<string> Required(MigrationSet set, MigrationsStatus? migrations)
    {
        int last = set.Names.ToList().IndexOf(migrations?.Through ?? "");
        return set.Names.Take(last + 1);
    }

    private static bool IsReachable(SchemaGateStatus status) =>
        status.Conditions?.FirstOrDefault(condition => condition.Type == GateConditions.DatabaseReachable) is { Status: "True" }
        && status.Database is { Standby: not true, Identity: { } identity } && identity != DatabaseStatus.Unread;
}
