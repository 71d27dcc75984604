using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Idling;

/// <summary>What so many gates took while nothing happened. Counts are for one minute.</summary>
internal sealed record IdleFigures(
    int Gates, ProcessUse Operator, double CpuSeconds, ProcessUse Server, double ServerCpuSeconds, int ApiConnections,
    IReadOnlyList<AuditLog.Request> Requests, int BusiestSecond, double Minutes, double RoundTrips, double NewConnections,
    long DatabaseConnections)
{
    public double PerMinute(Func<AuditLog.Request, bool> of) => Requests.Count(of) / Minutes;
}
