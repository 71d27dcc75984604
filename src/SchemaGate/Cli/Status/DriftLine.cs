using SchemaGate.Api;

namespace SchemaGate.Cli.Status;

/// <summary>A schema beside what its applied migrations build.</summary>
/// <param name="First">The first differences, in words.</param>
/// <param name="Unjudged">How many objects were not compared.</param>
internal sealed record DriftLine(DateTimeOffset CheckedAt, int Differences, IReadOnlyList<string> First, int Unjudged)
{
    public static DriftLine? Of(DriftStatus? status) => DriftMapping.Record(status) is { } record
        ? new(record.CheckedAt, record.Differences, record.First, record.Unjudged)
        : null;
}
