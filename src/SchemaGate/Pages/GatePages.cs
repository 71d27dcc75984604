using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Pages;
using SchemaGate.Core.Risk;

namespace SchemaGate.Pages;

/// <summary>Pages of what was read: the same for the command line and for the operator. Pure.</summary>
internal static class GatePages
{
    /// <summary>What a gate's status says, in short.</summary>
    public static PageGate Of(SchemaGateResource gate)
    {
        SchemaGateStatus status = gate.Status ?? new();
        return new(
            $"{gate.Metadata.NamespaceProperty}/{gate.Metadata.Name}", status.Verdict ?? "Unknown", status.Reason ?? "",
            status.Message ?? "The gate has not been judged yet.",
            [.. (status.Conditions ?? []).Select(
                condition => new PageCondition(condition.Type, condition.Status, condition.Reason ?? "", condition.Message ?? ""))],
            status.Held?.Objects ?? [])
        {
            HeldCount = (status.Held?.Workloads ?? 0, status.Held?.Pods ?? 0),
            Progress = status.Migrations?.Progress ?? "",
            PlannedRisk = status.Plan?.Risk,
            IsStale = gate.Status is not null && status.ObservedGeneration != gate.Metadata.Generation,
        };
    }

    /// <summary>What a gate's status says of migrations, some of which may be others than the gate's own.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="names">The migrations that the page shows, in the set's order.</param>
    public static PageDatabase DatabaseOf(SchemaGateResource gate, IReadOnlyList<string> names)
    {
        MigrationsStatus? told = gate.Status?.Migrations;
        string? identity = gate.Status?.Database?.Identity is { } known and not DatabaseStatus.Unread ? known : null;
        int required = told?.Through is { } through ? names.ToList().IndexOf(through) + 1 : 0;
        bool isSame = told is not null && required == (told.Required ?? 0);
        return PageDatabases.OfStatus(gate.Metadata.Name ?? "", identity, [.. names.Take(required)], isSame
            ? new(required, told!.Applied ?? 0, told.Pending ?? [], told.Failed ?? [], told.Edited ?? [])
            : null);
    }

    /// <summary>The page of a document and the migrations beside it.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="files">What was read.</param>
    /// <param name="spec">How it is judged; null as usual.</param>
    /// <param name="databases">What is applied where.</param>
    /// <param name="now">The time.</param>
    /// <param name="limits">How much is shown; null for all that a file may have.</param>
    public static ChangelogPage Of(
        string title, ChangelogEvidence files, GateSpec? spec, IReadOnlyList<PageDatabase> databases, DateTimeOffset now,
        PageLimits? limits = null)
    {
        IReadOnlyList<MigrationRisk>? risks = (files.Risks as Evidence<IReadOnlyList<MigrationRisk>>.Found)?.Value;
        string source = files.Digest is null ? files.Source : $"{files.Source.Split('@')[0]}@{files.Digest}";
        PageSources sources = new(files.Document, files.DocumentText, files.Migrations, risks);
        IReadOnlyList<Finding> findings = Findings(files, risks, spec, databases);
        return ChangelogPages.Of(title, sources, findings, databases, now, limits ?? PageLimits.File) with
        {
            Source = source,
            Document = files.DocumentPath,
            Notes = [.. files.Migrations.Problems, .. files.Migrations.Notes, .. NotJudged(files.Risks)],
        };
    }

    /// <summary>As a gate would find them; applied is what every database that is known has.</summary>
    private static IReadOnlyList<Finding> Findings(
        ChangelogEvidence files, IReadOnlyList<MigrationRisk>? risks, GateSpec? spec, IReadOnlyList<PageDatabase> databases)
    {
        GatePolicy policy = spec?.Policy ?? new();
        PageDatabase[] known = [.. databases.Where(database => database.Facts.Count > 0)];
        HashSet<string>? applied = known.Length == 0 ? null : [.. files.Migrations.Names.Where(name => known.All(
            database => database.Of(name).State is AppliedState.Applied or AppliedState.Edited))];
        return
        [
            .. files.Document.Findings,
            .. ChangelogConsistency.Check(
                files.Document, files.Migrations, applied, new(policy.Undocumented, spec?.Changelog.RecordsThisDatabase ?? false)),
            .. risks is null ? [] : RiskConsistency.Check(files.Document, risks, applied, policy.RiskMismatch),
        ];
    }

    private static IEnumerable<string> NotJudged(Evidence<IReadOnlyList<MigrationRisk>>? risks) => risks switch
    {
        Evidence<IReadOnlyList<MigrationRisk>>.Missing { Message: var message } => [message],
        Evidence<IReadOnlyList<MigrationRisk>>.Unreachable { Message: var message } => [message],
        _ => [],
    };
}
