using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Cli.GoBack;

/// <summary>All that was found out about going back, and the report of it.</summary>
/// <param name="Gap">Why the statements need not be all of the older code's, in a sentence; null where they are.</param>
/// <param name="Risks">By the rules, of the migrations beyond, in their order; null where they cannot be judged.</param>
internal sealed record GoBackFindings(
    GoBackChoice Choice, WorkloadPast Past, GoBackMigrations Migrations, GoBackHold Hold, GoBackProof? Proof, string? Gap,
    IReadOnlyList<MigrationRisk>? Risks)
{
    /// <summary>The image of the older code's migrations.</summary>
    public required string Image { get; init; }

    /// <summary>A migration's file by its name.</summary>
    public required Func<string, string> Script { get; init; }

    /// <summary>Whether the database itself was asked.</summary>
    public required bool IsAsked { get; init; }

    /// <summary>Whether a file of statements is named.</summary>
    public required bool HasFile { get; init; }

    public GoBackReport Report(string ns, string to)
    {
        GoBackVerdict verdict = GoBackVerdict.Of(to, Migrations, Hold, Proof, Gap, Risks);
        return new(
            Past.Word, ns, to, verdict.Result, verdict.Basis, verdict.Message, Choice.Requirement.ToString(), Image,
            [.. Choice.Revisions.Select(revision => new GoBackRevision(revision.Number, revision.Name, revision.Requires))],
            [.. Migrations.Beyond.Select(Line), .. Migrations.Unfiled.Concat(Migrations.Failed).Select(Unread)],
            Migrations.Missing, Hold.Holds, Hold.Sentence, Proof?.Report is null ? null : Proof.Newer, Proof?.Report,
            Proof is { Report: not null, DriftUnread: null } ? Proof.Drifted : null,
            [.. Notes()], [.. Next(verdict, ns)]);
    }

    private GoBackMigration Line(Migration migration, int index)
    {
        MigrationRisk? risk = Risks?[index];
        List<string> breaks = [.. (risk?.Findings ?? []).Where(finding => finding.MayBreakCode).Select(finding => finding.Message)];
        (string word, string? message) = (risk, breaks) switch
        {
            (null, _) => ("Unknown", "Its SQL could not be judged."),
            (_, { Count: > 0 }) => ("Breaks", string.Join(' ', breaks)),
            ({ Level: Compatibility.Unknown }, _) => ("Unknown", risk.Sentence),
            _ => ("Safe", (string?)null),
        };
        return new(
            migration.Name, Script(migration.Name), word, message, Proof?.Report?.Statements.Count(statement =>
                statement.Migration == migration.Name && statement.Outcome is "broken" or "shifted"));
    }

    private GoBackMigration Unread(string name) => new(
        name, null, "Unknown", Migrations.Failed.Contains(name, StringComparer.Ordinal)
            ? "Its run has failed, or is not over."
            : "No image on record has its file.", null);

    private IEnumerable<string> Notes()
    {
        if (Proof is { Report: not null, Since: { } since })
        {
            yield return $"The statements are those that the server has counted since {GoBackCoverage.Minute(since.At)}.";
        }

        if (Proof is { Report: not null, Newer: > 0 and var newer })
        {
            yield return newer == 1
                ? "1 statement runs on the schema of today only: it is newer code's, and does not matter."
                : $"{newer} statements run on the schema of today only: they are newer code's, and do not matter.";
        }

        if (HasFile && Proof is null)
        {
            yield return "The statements of the file were not used: no migration lies between, or not all is known of those that do.";
        }

        if (Unlooked is { } unlooked)
        {
            yield return unlooked;
        }
    }

    /// <summary>What was changed by hand is in no migration.</summary>
    private string? Unlooked => Proof switch
    {
        { Report: not null, DriftUnread: { } why } => $"What was changed by hand in the database is not looked at. {why}",
        { Report: null } or null when IsAsked => "What was changed by hand in the database is not looked at: `schemagate diff` does.",
        _ => null,
    };

    /// <summary>A revision goes back as a whole: what else it requires is another question.</summary>
    private string WayBack
    {
        get
        {
            if (Choice.Revisions is not [var revision, ..] || Past.WayBack(revision) is not { } command)
            {
                return "To go back: apply the manifest of then.";
            }

            HashSet<Requirement> now = [.. Requirement.Parse(Past.Requires, out _)];
            string[] others = [.. Requirement.Parse(revision.Requires, out _)
                .Where(other => other.Gate != Choice.Requirement.Gate && other.Value is not null && !now.Contains(other))
                .Select(other => $"`--to {other}`")];
            return others.Length == 0
                ? $"To go back: `{command}`."
                : $"This is of the gate {Choice.Requirement.Gate} alone, and {revision.Word} goes back for other gates, too. Ask "
                    + $"{string.Join(" and ", others)} first.";
        }
    }

    private IEnumerable<string> Next(GoBackVerdict verdict, string ns)
    {
        if (verdict.Result == "safe")
        {
            yield return WayBack;
        }
        else if (verdict.Result == "held")
        {
            yield return $"`schemagate explain {Choice.Requirement.Gate} -n {ns}` says what opens the gate.";
        }
        else if (verdict.Basis is "proof" or "rules")
        {
            yield return "Mend it forward; or take the later migrations back first, the last one first: "
                + "`schemagate changelog show NAME` has the rollback of each.";
        }

        if (verdict.Basis != "proof" && verdict.Result != "held" && Migrations.Beyond.Count > 0)
        {
            yield return IsAsked
                ? "To prove it: `--statements FILE` with the older code's statements, of a test run for one."
                : "To prove it by the statements that have run: `--database URL`.";
        }
    }
}
