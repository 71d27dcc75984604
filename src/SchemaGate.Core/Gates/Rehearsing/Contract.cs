using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>What is pending and breaks statements of running code, and which code that may be.</summary>
/// <param name="Statements">What the rehearsal found; null where it found nothing of them.</param>
/// <param name="Migrations">The pending migrations that break one, or may where it is not proved that they do not, in order.</param>
/// <param name="Proved">Those that were seen to break one.</param>
/// <param name="Old">The pods that may use such a statement; null where nobody knows which pods there are.</param>
/// <param name="Stuck">Those of them whose successor waits for these very migrations, or for a gate that waits likewise.</param>
/// <param name="Ends">Requirements to which nobody can go back afterwards.</param>
internal sealed record Contract(
    RehearsedStatements? Statements,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<string> Proved,
    IReadOnlyList<RunningCode>? Old,
    IReadOnlyList<RunningCode> Stuck,
    IReadOnlyList<string> Ends)
{
    /// <summary>What has no such pod, and makes one at some time.</summary>
    public IReadOnlyList<RunningCode> Later { get; private init; } = [];

    /// <summary>Why nobody knows which CronJobs do, in a sentence; null where that is known.</summary>
    public string? Unlisted { get; private init; }

    public required OldSessions Sessions { get; init; }

    public bool IsProved => Proved.Count == Migrations.Count;

    /// <summary>Whether no older code is left that is waited for.</summary>
    public bool IsOver => Old is { Count: 0 } && Sessions.AreOver;

    /// <summary>Null where nothing is known to break anything, and while the rehearsal that is to tell is awaited.</summary>
    public static Contract? Of(Judgement judgement)
    {
        if (judgement.RehearsalPlan is null || RehearsalRules.IsAwaited(judgement))
        {
            return null;
        }

        RehearsedStatements? statements = judgement.Rehearsal?.Report?.Statements;
        List<string> proved = statements is { Broken: > 0, BrokenBy: var by }
            // A report that had no room for the names is about all that was pending.
            ? [.. judgement.Pending!.Where(name => by.Count == 0 || by.Contains(name, StringComparer.Ordinal))]
            : [];
        List<string> migrations = statements is { Unavailable: null }
            ? proved
            : [.. judgement.Pending!.Where(name => proved.Contains(name, StringComparer.Ordinal) || MayBreak(judgement, name))];
        if (migrations.Count == 0)
        {
            return null;
        }

        // Code that is written for the first of them is broken by the last.
        Age age = new(judgement, migrations[^1]);
        List<RunningCode>? known = judgement.RunningCode?.Where(code => age.IsOld(code.Requires)).ToList();
        List<RunningCode>? old = known?.FindAll(code => !code.IsLater);
        return new(
            statements, migrations, proved, old,
            [.. (old ?? []).Where(code => !code.IsEnding && (code.HeldBy is not null || (judgement.Spec.Enforcement != Enforcement.Observe
                && (code.IsHeld || age.Waits(code.Next)))))],
            [.. judgement.Released.Where(release => age.IsOld(release.Requirement)).OrderByDescending(release => release.At)
                .Select(release => release.Requirement).Distinct(StringComparer.Ordinal)])
        {
            Later = known?.FindAll(code => code.IsLater) ?? [],
            Unlisted = judgement.UnlistedCode,
            Sessions = OldSessions.Of(judgement.Sessions, age.IsOld),
        };
    }

    /// <summary>By its SQL alone: what nobody could read may do anything.</summary>
    private static bool MayBreak(Judgement judgement, string name) =>
        judgement.PendingRisks?.FirstOrDefault(risk => risk.Migration == name) is not { } risk || risk.Level == Compatibility.Unknown
            || risk.Findings.Any(finding => finding.MayBreakCode);

    /// <summary>Which requirements are from before a migration that breaks something.</summary>
    private sealed class Age(Judgement judgement, string breaking)
    {
        private readonly List<string> names = [.. judgement.Image!.Migrations.Names];

        /// <summary>Code that is not known to be written for the migration is taken for older: it may use what goes.</summary>
        public bool IsOld(string? requires) => !Has(requires) && !IsOwn(requires) && !judgement.Released.Any(
            release => release.Requirement == requires && (release.Digest == judgement.Image!.Digest || Has(release.Through)));

        /// <summary>Whether a revision that requires this starts only when the migrations have run: one Job runs all of them.</summary>
        public bool Waits(string? requires) => requires is not null && (judgement.Pending!.Contains(requires, StringComparer.Ordinal)
            || (requires == judgement.Spec.Changelog.Image && !judgement.Released.Any(release => release.Requirement == requires
                && release.Reason == Reasons.Satisfied && release.Digest == judgement.Image!.Digest)));

        /// <summary>The gate's own image, which has the migration; not where a tag is known to have been another one.</summary>
        private bool IsOwn(string? requires) => requires == judgement.Spec.Changelog.Image && !judgement.Released.Any(
            release => release.Requirement == requires && release.Digest is { } digest && digest != judgement.Image!.Digest);

        private bool Has(string? migration) => migration is not null && names.IndexOf(migration) >= names.IndexOf(breaking);
    }
}
