using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
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
                + $"{choice.Requirement.Gate} does not name every migration that is applied. Name its database with --database.");
        }

        string? through = choice.Requirement.IsImage ? spec.Through : null;
        (GoBackMigrations migrations, string place) = await BetweenAsync(
            files, files.Places(past, choice.Requirement), found => GoBackMigrations.Of(older, through, found, applied), cancellation);
        GoBackHold hold = GoBackHold.Of(choice, past, standing, migrations.Missing);
        IReadOnlyList<MigrationRisk>? risks = Judge(migrations, database);
        GoBackProof? proof = migrations is { Beyond.Count: > 0, Unfiled.Count: 0, Failed.Count: 0 }
            ? await GoBackProof.RunAsync(migrations, database, found => files.Script(place, found), arguments, shell, cancellation)
            : null;
        string? gap = proof?.Report?.Gap ?? Coverage(proof, migrations, choice, past, standing, database);
        return new GoBackFindings(choice, past, migrations, hold, proof, gap, risks)
        {
            Image = choice.Requirement.IsImage ? files.Image(choice.Requirement) : files.Own,
            Script = found => files.Script(place, found),
            IsAsked = database is not null,
        }.Report(ns, to);
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

    private static string? Coverage(
        GoBackProof? proof, GoBackMigrations migrations, GoBackChoice choice, WorkloadPast past, GateStanding standing,
        GoBackDatabase? database)
    {
        if (proof?.Since is null || database is null)
        {
            return null;
        }

        IReadOnlyDictionary<string, DateTimeOffset> begun = AppliedSet.Of(migrations.Applied, database.History).Begun;
        DateTimeOffset[] times = [.. migrations.Beyond.Where(migration => begun.ContainsKey(migration.Name))
            .Select(migration => begun[migration.Name])];
        return GoBackCoverage.Gap(
            proof.Since, times.Length == 0 ? null : times.Min(), choice, past.Revisions,
            standing.Released.Any(
                release => release.Requirement == choice.Requirement.Value && release.Identity == standing.View.Identity));
    }
}
