using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Prove;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;

namespace SchemaGate.Cli.GoBack;

/// <summary>Reads cluster, images and database, and says whether a workload can go back.</summary>
internal sealed class GoBackRun(ParseResult arguments, Shell shell, KubernetesClient client, string ns)
{
    /// <exception cref="UsageException">What is asked cannot be meant.</exception>
    /// <exception cref="DocumentException">An image or the database cannot be read.</exception>
    /// <exception cref="Postgres.DatabaseException">The proof could not be tried now.</exception>
    public async Task<GoBackReport> RunAsync(ObjectArgument target, string to, CancellationToken cancellation)
    {
        if (await new PastRevisions(client, ns).ReadAsync(target, cancellation) is not { } past)
        {
            return GoBackReport.Unknown(
                $"{target.Kind.ToString().ToLowerInvariant()}/{target.Name}", ns, to,
                $"There is no {target.Kind} {target.Name} in namespace {ns}.");
        }

        GoBackChoice choice = GoBackChoice.Of(to, past);
        string name = choice.Requirement.Gate;
        return await ClusterOptions.FindGateAsync(client, ns, name, cancellation) is { } gate
            ? await JudgeAsync(choice, past, gate, to, cancellation)
            : GoBackReport.Unknown(past.Word, ns, to, $"There is no gate {name} in namespace {ns}: nothing says which database that is, "
                + "and where the later migrations are. What it has let through before starts all the same, and nothing else does.");
    }

    private async Task<GoBackReport> JudgeAsync(
        GoBackChoice choice, WorkloadPast past, SchemaGateResource gate, string to, CancellationToken cancellation)
    {
        GateStanding standing = StatusMapping.Standing(gate);
        GoBackFiles files = new(gate, standing, arguments, shell);
        MigrationSet older = await files.OfAsync(choice.Requirement, cancellation);
        GoBackDatabase? database = await GoBackDatabase.ReadAsync(
            arguments, shell, gate, standing, DatabaseOptions.ToolOf(arguments) ?? older.Tool, cancellation);
        GateSpec spec = SpecReader.Read(gate.Spec).Spec;
        Func<MigrationSet, AppliedNames>? applied = database is null
            ? GoBackNames.Of(gate, await files.ReadAsync(files.Own, cancellation))
            : GoBackNames.Of(database.History, spec.Policy.IgnoreUnknown ?? []);
        if (applied is null)
        {
            return GoBackReport.Unknown(past.Word, ns, to, $"Whether going back to {to} is safe is not known: the status of the gate "
                + $"{choice.Requirement.Gate} does not name every migration that is applied"
                + (spec.Through is null ? "" : $" (spec.require.through: it looks as far as {spec.Through})")
                + ". Name its database with --database.");
        }

        string? through = choice.Requirement.IsImage ? spec.Through : null;
        (GoBackMigrations migrations, string place) = await BetweenAsync(
            files, files.Places(past, choice.Requirement), found => GoBackMigrations.Of(older, through, found, applied), cancellation);
        GoBackFindings findings = new(
            choice, past, migrations, GoBackHold.Of(choice, past, standing, migrations.Missing), null, null, Judge(migrations, database))
        {
            Image = choice.Requirement.IsImage ? files.Image(choice.Requirement) : files.Own,
            Script = found => files.Script(place, found),
            IsAsked = database is not null,
            HasFile = arguments.GetValue(ShapeSource.Statements) != ShapeSource.Live,
        };
        return (await ProvedAsync(findings, standing, database, cancellation)).Report(ns, to);
    }

    /// <summary>Where everything is read that lies between, by the statements that have run.</summary>
    private async Task<GoBackFindings> ProvedAsync(
        GoBackFindings findings, GateStanding standing, GoBackDatabase? database, CancellationToken cancellation)
    {
        (GoBackChoice choice, WorkloadPast past, GoBackMigrations migrations) = (findings.Choice, findings.Past, findings.Migrations);
        if (migrations is not { Beyond.Count: > 0, IsRead: true })
        {
            return findings;
        }

        IReadOnlyDictionary<string, DateTimeOffset> begun =
            AppliedSet.Of(migrations.Applied, database?.History ?? MigrationHistory.Empty).Begun;
        DateTimeOffset? migrated = migrations.Beyond.Where(later => begun.ContainsKey(later.Name))
            .Min(later => (DateTimeOffset?)begun[later.Name]);
        DateTimeOffset end = GoBackCoverage.End(migrated, choice, past.Revisions) ?? DateTimeOffset.MaxValue;
        Migration[] early = [.. migrations.Before.Migrations
            .Where(earlier => begun.TryGetValue(earlier.Name, out DateTimeOffset ran) && ran < end)];
        GoBackProof proof = await GoBackProof.RunAsync(migrations, database, early, findings.Script, arguments, shell, cancellation);
        return findings with
        {
            Proof = proof,
            Gap = proof.Report?.Gap ?? GoBackCoverage.Gap(
                    proof.Since, migrated, choice, past.Revisions, standing.Released.Any(
                        release => release.Requirement == choice.Requirement.Value && release.Identity == standing.View.Identity))
                ?? proof.Gap ?? (database is null ? null : proof.DriftUnread),
        };
    }

    /// <summary>By the first image that has all files of what came later; else by the one that lacks the fewest.</summary>
    /// <exception cref="DocumentException">None of them can be read.</exception>
    private static async Task<(GoBackMigrations Migrations, string Image)> BetweenAsync(
        GoBackFiles files, IReadOnlyList<string> places, Func<MigrationSet, GoBackMigrations> between, CancellationToken cancellation)
    {
        List<(GoBackMigrations Migrations, string Image)> seen = [];
        DocumentException? unread = null;
        foreach (string place in places)
        {
            try
            {
                seen.Add((between(await files.ReadAsync(place, cancellation)), place));
            }
            catch (DocumentException exception)
            {
                unread ??= exception;
                continue;
            }

            if (seen[^1].Migrations.Unfiled.Count == 0)
            {
                break;
            }
        }

        return seen.Count == 0 ? throw unread! : seen.MinBy(found => found.Migrations.Unfiled.Count);
    }

    /// <summary>The rules see what came later on the schema that the older code knows.</summary>
    private List<MigrationRisk>? Judge(GoBackMigrations migrations, GoBackDatabase? database)
    {
        Evidence<IReadOnlyList<MigrationRisk>> judged = RiskEvidence.Judge(
            migrations.Applied, RiskEvidence.Options(database?.State.ServerVersion), shell.Time);
        return judged is Evidence<IReadOnlyList<MigrationRisk>>.Found { Value: var risks }
            ? [.. risks.Skip(migrations.Before.Names.Count)]
            : null;
    }
}
