using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>Gates that run their migrations, in the worlds of <see cref="Given"/>.</summary>
internal static class GivenRuns
{
    public static readonly RunFailure Wrong = new(FailureClass.Permanent, "MigrationFailed", "m2, line 1: syntax error (42601).")
    {
        Migration = M(2),
        Next = [$"schemagate resolve --rolled-back {M(2)}"],
    };

    public static RunEvidence Evidence(RunRecord? record = null, JobObservation? job = null) =>
        new("shop", "prod", "uid-1", record, job, null);

    public static GateInput AsJob(this GateInput input, ApprovalMode approval = ApprovalMode.Never) =>
        input.With((GateSpec spec) => spec with
        {
            Migrate = RunSettings.External with { Mode = MigrateMode.Job, SecretName = "shop-db", SecretKey = "DATABASE_URL" },
            Policy = spec.Policy with { Approval = approval },
        });

    public static GateInput Having(this GateInput input, RunRecord? record, JobObservation? job = null) =>
        input with { Run = Evidence(record, job) };

    public static Decision Failed(RunFailure failure)
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        return Decide(Running(3, 1).Having(record, Ended(record, failure)));
    }

    public static Decision Decide(GateInput input) => GateDecision.Decide(input);

    public static RunRecord Started(Decision decision) => Assert.IsType<RunAction.Start>(decision.Action).Record;

    public static GateInput Running(int last, int applied) => Input(last, applied).AsJob() with { Run = Evidence() };

    public static JobObservation Active(RunRecord record) =>
        new(record.Job, Now.AddSeconds(-9), Finished: false, Succeeded: false, null, null);

    public static JobObservation Ended(RunRecord record, RunFailure? failure) => Active(record) with
    {
        Finished = true,
        Succeeded = failure is null,
        Report = new([], 0, 0, failure),
    };
}
