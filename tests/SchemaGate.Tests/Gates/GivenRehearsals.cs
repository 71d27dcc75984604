using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>Gates that rehearse their migrations, in the worlds of <see cref="GivenRuns"/>.</summary>
internal static class GivenRehearsals
{
    public static readonly RehearsalReport Passed = new([new(M(2), 12), new(M(3), 7)], 2) { Statements = new(40, 0, 0, 3) };

    public static readonly RehearsalReport Failing = new([], 0) { Failure = Wrong with { Statement = "ALTER TABLE t DROP x", Line = 1 } };

    public static readonly RehearsalReport NoRight = new([], 0)
    {
        Unavailable = new(FailureClass.Permanent, "AccessDenied", "The role shop may not create databases."),
    };

    /// <summary>Migration 3 breaks a statement.</summary>
    public static readonly RehearsalReport Breaking = Passed with
    {
        Statements = new(39, 1, 0, 3)
        {
            First = [new("SELECT email FROM users", 1200, M(3)) { Line = 2, SqlState = "42703", Message = "no column email" }],
            BrokenBy = [M(3)],
        },
    };

    /// <summary>Their SQL is safe.</summary>
    public static GateInput Rehearsing(int last, int applied) => Running(last, applied).With((GateSpec spec) => spec with
    {
        Rehearsal = new(RehearsalMode.BeforeRun),
    }).Judged([.. Ms(1, last).Select(name => Risk(name, Compatibility.Safe))]);

    public static GateInput Judged(this GateInput input, params IReadOnlyList<MigrationRisk>? risks) => input with
    {
        Changelog = new Evidence<ChangelogEvidence>.Found(((Evidence<ChangelogEvidence>.Found)input.Changelog!).Value with
        {
            Risks = risks is null ? null : new Evidence<IReadOnlyList<MigrationRisk>>.Found(risks),
        }),
    };

    public static MigrationRisk Risk(string migration, Compatibility level, params IReadOnlyList<RiskFinding> findings) =>
        new(migration, level, [], findings, [], InOneTransaction: true, "");

    public static GateInput Rehearsals(this GateInput input, RehearsalEvidence rehearsal) => input with
    {
        Run = (input.Run ?? GivenRuns.Evidence()) with { Rehearsal = rehearsal },
    };

    /// <summary>The rehearsal of what is pending has ended so.</summary>
    public static GateInput Rehearsed(this GateInput input, RehearsalReport report)
    {
        RehearsalRecord record = Announced(Decide(input));
        RehearsalRecord ended = Decide(input.Rehearsals(Ended(record, report))).Rehearsal!;
        return input.Rehearsals(new RehearsalEvidence(ended, null));
    }

    public static RehearsalRecord Announced(Decision decision)
    {
        Assert.NotNull(decision.Rehearse);
        Assert.Equal(decision.Rehearsal, decision.Rehearse.Record);
        return decision.Rehearse.Record;
    }

    public static RehearsalEvidence Ended(RehearsalRecord record, RehearsalReport? report) => new(
        record, new(record.Job, Now.AddSeconds(-9), Finished: true, Succeeded: true, null, null), report);
}
