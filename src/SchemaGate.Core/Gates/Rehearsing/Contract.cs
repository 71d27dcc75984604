using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>What is pending and breaks statements of running code, and which code that may be.</summary>
/// <param name="Statements">What the rehearsal found.</param>
/// <param name="Migrations">The pending migrations that break one, in order.</param>
/// <param name="Old">The pods that may use such a statement; null where nobody knows which pods there are.</param>
/// <param name="Stuck">Those of them whose successor waits for these very migrations, or for a gate that waits likewise.</param>
/// <param name="Ends">Requirements to which nobody can go back afterwards.</param>
internal sealed record Contract(
    RehearsedStatements Statements,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<RunningCode>? Old,
    IReadOnlyList<RunningCode> Stuck,
    IReadOnlyList<string> Ends)
{
    /// <summary>Null where nothing is known to break anything.</summary>
    public static Contract? Of(Judgement judgement)
    {
        if (judgement.Rehearsal?.Report?.Statements is not { Broken: > 0 } statements)
        {
            return null;
        }

        // A report that had no room for the names is about all that was pending.
        List<string> migrations = [.. judgement.Pending!.Where(
            name => statements.BrokenBy.Count == 0 || statements.BrokenBy.Contains(name, StringComparer.Ordinal))];
        if (migrations.Count == 0)
        {
            return null;
        }

        Age age = new(judgement, migrations[0]);
        List<RunningCode>? old = judgement.RunningCode?.Where(code => age.IsOld(code.Requires)).ToList();
        return new(
            statements, migrations, old,
            [.. (old ?? []).Where(code => code.HeldBy is not null || (judgement.Spec.Enforcement != Enforcement.Observe
                && age.Waits(code.Next)))],
            [.. judgement.Released.Where(release => age.IsOld(release.Requirement)).OrderByDescending(release => release.At)
                .Select(release => release.Requirement).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Which requirements are from before a migration that breaks something.</summary>
    private sealed class Age(Judgement judgement, string breaking)
    {
        private readonly List<string> names = [.. judgement.Image!.Migrations.Names];

        /// <summary>Code that is not known to be written for the migration is taken for older: it may use what goes.</summary>
        public bool IsOld(string? requires) => !Has(requires) && !judgement.Released.Any(
            release => release.Requirement == requires && (release.Digest == judgement.Image!.Digest || Has(release.Through)));

        /// <summary>Whether a revision that requires this starts only when the migration has run.</summary>
        public bool Waits(string? requires) => Has(requires) || (requires == judgement.Spec.Changelog.Image && IsOld(requires));

        private bool Has(string? migration) => migration is not null && names.IndexOf(migration) >= names.IndexOf(breaking);
    }
}
