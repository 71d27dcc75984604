using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Tests.Changelogs;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>What holds in every world: nothing that cannot be read ever opens anything.</summary>
public sealed class DecisionPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(3_000);
    private static readonly string[] s_names = Ms(1, 4);
    private static readonly string[] s_digests = [Digest, "sha256:2"];
    private static readonly DatabaseIdentity[] s_identities = [Identity, new("9", "shop", "public")];
    private static readonly string[] s_missing =
        [.. ReasonTable.Rows.Keys.Where(
            reason => reason is not (Reasons.Open or Reasons.RegistryUnreachable or Reasons.DatabaseUnreachable))];

    [Fact]
    public void A_requirement_is_satisfied_only_by_what_was_read_or_by_a_recorded_release() => Check.One(s_config, Prop.ForAll(
        Worlds()
            .Zip(Gen.Elements(new Requirement("shop", Reference), new Requirement("shop", s_names[0]), new Requirement("shop", s_names[2])))
            .ToArbitrary(),
        pair =>
        {
            (GateInput input, Requirement requirement) = pair;
            string? digest = requirement.IsImage ? Read(input)?.Digest : null;
            return RequirementDecision.Decide(requirement, input, digest) is not RequirementOutcome.Satisfied { Release: var release }
                || (Readable(input) && (IsShown(input, requirement) || IsRecorded(input, requirement, release, digest)));
        }));

    [Fact]
    public void A_gate_is_open_only_if_nothing_closes_it_or_an_outage_found_it_open() =>
        Check.One(s_config, Prop.ForAll(Worlds().ToArbitrary(), input =>
    {
        Decision decision = GateDecision.Decide(input);
        bool shown = Read(input) is { Migrations.Problems.Count: 0 } && (input.Database is null || IsShown(input, new("shop", Reference)));
        return decision.Verdict != Verdict.Open || (Readable(input) && (shown || WasOpen(input)));
    }));

    [Fact]
    public void Where_drift_blocks_a_gate_is_open_only_beside_a_comparison_without_a_difference_or_an_outage_that_found_it_open() =>
        Check.One(s_config, Prop.ForAll(Worlds().Zip(Drifts()).ToArbitrary(), pair =>
        {
            GateInput input = pair.Item1.With(policy => policy with { Drift = PolicyMode.Block }) with { Drift = pair.Item2 };
            Decision decision = GateDecision.Decide(input);
            bool found = input.Drift is { Record.Differences: > 0, Unread.Passes: not true };
            return (decision.Verdict, input.Drift) switch
            {
                (not Verdict.Open, _) or (_, { Unread: null, Record.Differences: 0 }) => true,
                _ when found => false,
                _ => input.Previous is { SameSpec: true, Verdict: Verdict.Open },
            };
        }));

    [Fact]
    public void A_decision_is_whole_and_repeats_itself() => Check.One(s_config, Prop.ForAll(Worlds().ToArbitrary(), input =>
    {
        Decision decision = GateDecision.Decide(input);
        string[] kstatus = ["Ready", "Reconciling", "Stalled"];
        return decision.Conditions.Count(condition => kstatus.Contains(condition.Type, StringComparer.Ordinal)
            && condition.Status == ConditionStatus.True) == 1
            && decision.Conditions.DistinctBy(condition => condition.Type, StringComparer.Ordinal).Count() == decision.Conditions.Count
            && decision.Message.Length > 0
            && decision.Conditions.SequenceEqual(GateDecision.Decide(input).Conditions);
    }));

    private static ChangelogEvidence? Read(GateInput input) => (input.Changelog as Evidence<ChangelogEvidence>.Found)?.Value;

    private static DatabaseState? State(GateInput input) => (input.Database as Evidence<DatabaseState>.Found)?.Value;

    private static bool Readable(GateInput input) => input.SpecProblems.Count == 0 && !input.Spec.Suspend;

    /// <summary>Whether what was read shows that all that is required is applied, and nothing in the document contradicts it.</summary>
    private static bool IsShown(GateInput input, Requirement requirement)
    {
        if (State(input) is not { IsStandby: false } state || (state.History is null && state.HasTables))
        {
            return false;
        }

        if (requirement.IsImage
            && (Read(input) is not { } image || image.Document.Findings.Any(finding => finding.Severity == FindingSeverity.Blocking)))
        {
            return false;
        }

        IEnumerable<string> required = requirement.IsImage
            ? Read(input)!.Migrations.Names.Where(
                name => input.Spec.Through is null || string.CompareOrdinal(name, input.Spec.Through) <= 0)
            : [requirement.Value!];
        return required.All((state.History ?? MigrationHistory.Empty).Applied.ContainsKey);
    }

    private static bool IsRecorded(GateInput input, Requirement requirement, Release release, string? digest) =>
        input.Database is Evidence<DatabaseState>.Unreachable
        && input.Released.Contains(release)
        && release is { Reason: Reasons.Satisfied, Identity: not null } && release.Identity == input.KnownIdentity
        && (requirement.IsImage ? digest is not null && release.Digest == digest : release.Requirement == requirement.Value);

    private static bool WasOpen(GateInput input) =>
        input.Previous is { SameSpec: true, Verdict: Verdict.Open }
        && (input.Database is Evidence<DatabaseState>.Unreachable || input.Changelog is Evidence<ChangelogEvidence>.Unreachable)
        && input.Database is not Evidence<DatabaseState>.Missing && input.Changelog is not Evidence<ChangelogEvidence>.Missing
        && (Read(input) is not { } image || image.Digest == input.Previous.Digest)
        && (State(input) is not { } state || (!state.IsStandby && state.Identity.ToString() == input.Previous.Identity));

    private static Gen<GateInput> Worlds() =>
        from changelog in Changelogs()
        from database in Databases()
        from suspend in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from problems in Gen.Frequency((9, Gen.Constant<string[]>([])), (1, Gen.Constant<string[]>(["bad."])))
        from through in Gen.Elements<string?>(null, null, s_names[1], s_names[3])
        from modes in Gen.Elements(PolicyMode.Block, PolicyMode.Warn, PolicyMode.Ignore).ArrayOf(4)
        from known in Gen.Elements<string?>(null, s_identities[0].ToString(), s_identities[1].ToString())
        from released in Releases().ListOf()
        from previous in Memories()
        select new GateInput(
            Spec with { Suspend = suspend, Through = through, Policy = new(modes[0], modes[1], modes[2], modes[3]) },
            problems, changelog, database, known, [.. released], previous, Now);

    private static Gen<Evidence<ChangelogEvidence>?> Changelogs()
    {
        Gen<Evidence<ChangelogEvidence>?> found =
            from names in Gen.SubListOf(s_names)
            from documented in Gen.SubListOf(s_names)
            from pending in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(Entry("add_x", "PENDING"))))
            from digest in Gen.Elements(s_digests)
            select (Evidence<ChangelogEvidence>?)new Evidence<ChangelogEvidence>.Found(Image(
                [.. names], Document.Of(pending, string.Concat(documented.Select(name => Entry(name)))), digest));
        return Gen.Frequency((6, found), (2, Failures<ChangelogEvidence>(Reasons.RegistryUnreachable)));
    }

    private static Gen<Evidence<DatabaseState>?> Databases()
    {
        Gen<HistoryRow> rows =
            from name in Gen.Elements([.. s_names, "20990101000000_later"])
            from state in Gen.Elements(
                HistoryRowState.Applied, HistoryRowState.Applied, HistoryRowState.Applied, HistoryRowState.Unfinished,
                HistoryRowState.RolledBack)
            from sql in Gen.Elements<string?>(null, null, null, "edited")
            select Row(name, state, sql);
        Gen<Evidence<DatabaseState>?> found =
            from history in rows.ListOf()
            from none in Gen.Elements(false, false, false, true)
            from flags in Gen.Elements(false, false, true).ArrayOf(3)
            from identity in Gen.Elements(s_identities)
            select (Evidence<DatabaseState>?)new Evidence<DatabaseState>.Found(new(
                identity, flags[0], none ? null : new([.. history]), flags[1], flags[2], 15));
        return Gen.Frequency(
            (6, found), (3, Failures<DatabaseState>(Reasons.DatabaseUnreachable)), (1, Gen.Constant<Evidence<DatabaseState>?>(null)));
    }

    private static Gen<Evidence<T>?> Failures<T>(string unreachable) => Gen.Frequency(
        (1, Gen.Constant<Evidence<T>?>(new Evidence<T>.Unreachable(unreachable, "It does not answer."))),
        (1, Gen.Elements(s_missing).Select(reason => (Evidence<T>?)new Evidence<T>.Missing(reason, "Mend it."))));

    private static Gen<DriftEvidence> Drifts() =>
        from differences in Gen.Elements<int?>(null, 0, 2)
        from unread in Gen.Elements(
            null, DriftUnread.Waits, new DriftUnread("It does not answer.", Passes: true), new DriftUnread("Mend it.", Passes: false))
        where differences is not null || unread is not null
        select new DriftEvidence(differences is { } count ? new("basis", Now, count, ["a"]) : null, unread);

    private static Gen<Release> Releases() =>
        from requirement in Gen.Elements(Reference, s_names[0], s_names[2])
        from digest in Gen.Elements<string?>(null, s_digests[0], s_digests[1])
        from through in Gen.Elements([null, .. s_names])
        from identity in Gen.Elements<string?>(null, s_identities[0].ToString(), s_identities[1].ToString())
        from reason in Gen.Elements(Reasons.Satisfied, Reasons.Adopted)
        select new Release("shop", requirement, digest, through, identity, Now, reason);

    private static Gen<GateMemory> Memories() =>
        from same in Gen.Elements(true, false)
        from verdict in Gen.Elements(Verdict.Open, Verdict.Open, Verdict.Blocked, Verdict.Unknown)
        from digest in Gen.Elements<string?>(null, s_digests[0], s_digests[1])
        from identity in Gen.Elements<string?>(null, s_identities[0].ToString(), s_identities[1].ToString())
        select new GateMemory(same, verdict, digest, identity, []);
}
