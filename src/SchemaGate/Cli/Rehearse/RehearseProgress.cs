using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Cli.Rehearse;

/// <summary>Progress, a line at a time and at once.</summary>
internal sealed class RehearseProgress(StyledText text) : IProgress<RehearsalStep>
{
    public void Report(RehearsalStep value) => text.Line(value switch
    {
        { Migration: null } => "making a scratch database of what is applied",
        { IsRollback: true } => $"rolling back {value.Migration}",
        _ => $"running {value.Migration}",
    });
}
