using System.Diagnostics;
using SchemaGate.Postgres.Applying;
using SchemaGate.Telemetry;

namespace SchemaGate.Cli.Migrate;

/// <summary>
/// A run's spans. It continues the trace of TRACEPARENT, which the operator gives to a Job
/// (https://opentelemetry.io/docs/specs/otel/context/env-carriers/).
/// </summary>
internal sealed class MigrateTrace : IDisposable
{
    private readonly Activity? run;
    private Activity? migration;

    private MigrateTrace(Activity? run) => this.run = run;

    public static MigrateTrace Begin(Shell shell) =>
        new(Activities.Migrate(Activities.Parse(shell.Variable("TRACEPARENT"), shell.Variable("TRACESTATE"))));

    /// <summary>The same progress, of whose migrations each is a span.</summary>
    public IProgress<ApplyProgress> Before(IProgress<ApplyProgress> next) => run is null ? next : new Spans(this, next);

    /// <param name="failure">Why it stopped; null where it did not.</param>
    public void End(ApplyFailure? failure)
    {
        if (failure is not null)
        {
            string kind = failure.SqlState ?? failure.Kind.ToString();
            migration.Fail(kind);
            run.Fail(kind);
        }

        migration?.Dispose();
        migration = null;
    }

    public void Dispose()
    {
        migration?.Dispose();
        run?.Dispose();
    }

    private sealed class Spans(MigrateTrace trace, IProgress<ApplyProgress> next) : IProgress<ApplyProgress>
    {
        public void Report(ApplyProgress value)
        {
            if (value is ApplyProgress.Applying begun)
            {
                trace.migration = Activities.Apply(begun.Migration, trace.run!.Context);
            }
            else if (value is ApplyProgress.Applied)
            {
                trace.migration?.Dispose();
                trace.migration = null;
            }

            next.Report(value);
        }
    }
}
