using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;

namespace SchemaGate.Tests.Gates;

/// <summary>Gates that run their migrations, in the worlds of <see cref="Given"/>.</summary>
internal static class GivenRuns
{
    public static RunEvidence Evidence(RunRecord? record = null, JobObservation? job = null) => new("shop", "prod", "uid-1", record, job, null);

    public static GateInput AsJob(this GateInput input, ApprovalMode approval = ApprovalMode.Never) => input.With((GateSpec spec) => spec with
    {
        Migrate = RunSettings.External with { Mode = MigrateMode.Job, SecretName = "shop-db", SecretKey = "DATABASE_URL" },
        Policy = spec.Policy with { Approval = approval },
    });

    public static GateInput Having(this GateInput input, RunRecord? record, JobObservation? job = null) => input with { Run = Evidence(record, job) };
}
