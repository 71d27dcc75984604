using System.Diagnostics;

namespace SchemaGate.Telemetry;

/// <summary>
/// Every span that is told, with its attributes: OpenTelemetry's names where its semantic conventions have one (<c>db.*</c>,
/// <c>k8s.*</c>, <c>container.image.*</c>, <c>error.type</c>; https://opentelemetry.io/docs/specs/semconv/), else <c>schemagate.*</c>.
/// While nobody listens nothing is made. Of a failure only its kind is told: a text may hold what a trace may not.
/// </summary>
internal static class Activities
{
    public const string Name = "SchemaGate";

    private const string ErrorType = "error.type";
    private const string Namespace = "k8s.namespace.name";
    private const string Reason = "schemagate.reason";

    private static readonly ActivitySource Source = new(Name, ProductVersion.Text);

    /// <summary>Whether somebody listens: what is only for spans need not be found out where nobody does.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>A context as W3C's Trace Context writes it, where it can be read and its trace is recorded; else nothing.</summary>
    public static ActivityContext? Parse(string? traceparent, string? tracestate = null) =>
        ActivityContext.TryParse(traceparent, tracestate, isRemote: true, out ActivityContext context)
        && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? context
            : null;

    /// <summary>
    /// The API server's question. Without a rollout it continues the API server's own trace, where that is recorded. (What the web server
    /// made of the request is no span of anybody's, and nothing is to hang on it.) To be called in an asynchronous method of its own.
    /// </summary>
    /// <param name="resource">What of, such as <c>deployments</c>.</param>
    /// <param name="rollout">The trace that it belongs to, where that has begun.</param>
    public static Activity? Admission(string resource, ActivityContext? rollout)
    {
        Activity? request = Activity.Current;
        Activity.Current = null;
        ActivityContext caller = request is { Recorded: true } && request.ParentSpanId != default
            ? new(request.TraceId, request.ParentSpanId, ActivityTraceFlags.Recorded, request.TraceStateString, isRemote: true)
            : default;
        return Source.StartActivity($"admission {resource}", ActivityKind.Server, rollout ?? caller);
    }

    /// <param name="activity">An admission's span.</param>
    /// <param name="operation">Create or Update.</param>
    /// <param name="isAllowed">The answer.</param>
    public static void Answered(this Activity? activity, string operation, bool isAllowed) =>
        activity?.SetTag("schemagate.admission.operation", operation).SetTag("schemagate.admission.allowed", isAllowed);

    /// <summary>A look at a gate. Only the span has the gate's name: names have no bound.</summary>
    /// <param name="ns">The gate's namespace.</param>
    /// <param name="gate">The gate's name.</param>
    /// <param name="rollout">The rollout that it is for; none for a trace of its own.</param>
    /// <param name="others">Rollouts that wait for it, too.</param>
    /// <param name="look">The look.</param>
    public static async Task<T> LookAsync<T>(
        string ns, string gate, ActivityContext? rollout, IEnumerable<ActivityContext> others, Func<Task<T>> look)
    {
        Activity.Current = null;
        using Activity? activity = Source.StartActivity(
            "reconcile", ActivityKind.Internal, rollout ?? default, links: others.Select(other => new ActivityLink(other)));
        activity?.SetTag(Namespace, ns).SetTag("schemagate.gate.name", gate);
        try
        {
            return await look();
        }
        catch (Exception exception)
        {
            activity.Fail(exception.GetType().FullName!);
            throw;
        }
    }

    /// <summary>What a look, or an admission, has decided.</summary>
    /// <param name="verdict">In one word.</param>
    /// <param name="reason">A constant of the gates' reasons; null where it needs none.</param>
    public static void Decided(string verdict, string? reason)
    {
        if (Activity.Current is { } activity && activity.Source == Source)
        {
            activity.SetTag("schemagate.verdict", verdict).SetTag(Reason, reason);
        }
    }

    /// <summary>Reading a history.</summary>
    public static Activity? ReadDatabase() =>
        Source.StartActivity("read database", ActivityKind.Client)?.SetTag("db.system.name", "postgresql");

    /// <param name="activity">The span.</param>
    /// <param name="database">The database's name, as it says it itself: the URL is a Secret's.</param>
    /// <param name="schema">The schema's name.</param>
    public static void InDatabase(this Activity? activity, string database, string schema) =>
        activity?.SetTag("db.namespace", $"{database}|{schema}");

    /// <summary>Resolving and reading an image, or waiting for that, with judging its SQL.</summary>
    public static Activity? ReadImage() => Source.StartActivity("read image", ActivityKind.Client);

    /// <summary>Judging the SQL of an image's migrations, or waiting for that.</summary>
    public static Activity? JudgeMigrations() => Source.StartActivity("judge migrations");

    /// <param name="activity">The span.</param>
    /// <param name="name">The image's reference, which is one.</param>
    /// <param name="digest">To what it resolved.</param>
    public static void OfImage(this Activity? activity, string name, string digest) =>
        activity?.SetTag("container.image.name", name).SetTag("oci.manifest.digest", digest);

    /// <summary>
    /// What is done to a workload. It belongs to its rollout's trace: where the look is another's, it is linked to the look.
    /// </summary>
    /// <param name="name"><c>hold</c> or <c>release</c>.</param>
    /// <param name="rollout">The rollout's trace.</param>
    public static Activity? Act(string name, ActivityContext? rollout)
    {
        ActivityContext? look = Activity.Current?.Context;
        return rollout is { } other && other.TraceId != look?.TraceId
            ? Source.StartActivity(
                name, ActivityKind.Internal, other, links: look is { } present ? [new ActivityLink(present)] : [])
            : Source.StartActivity(name);
    }

    /// <param name="activity">The span.</param>
    /// <param name="reason">A constant of the gates' reasons.</param>
    public static void Because(this Activity? activity, string reason) => activity?.SetTag(Reason, reason);

    /// <param name="activity">The span.</param>
    /// <param name="ns">The object's namespace.</param>
    /// <param name="kind">The object's kind, such as <c>Deployment</c>.</param>
    /// <param name="name">The object's name; null or empty for one that has none yet.</param>
    public static Activity? Of(this Activity? activity, string? ns, string kind, string? name)
    {
        string word = kind.ToLowerInvariant();
        return activity?.SetTag(Namespace, ns).SetTag(
            word switch
            {
                "schemagate" => "schemagate.gate.name",
                // OpenTelemetry knows Kubernetes' own kinds.
                "rollout" => "schemagate.rollout.name",
                _ => $"k8s.{word}.name",
            },
            string.IsNullOrEmpty(name) ? null : name);
    }

    /// <summary>Making a run's Job. What its pod does continues this span.</summary>
    public static Activity? StartRun(string? ns, string job) =>
        Source.StartActivity("start run", ActivityKind.Producer).Of(ns, "Job", job);

    /// <summary>A run that has ended, from its Job's start to its end.</summary>
    /// <param name="started">What made the Job; without it nobody follows the run.</param>
    /// <param name="from">When it started.</param>
    /// <param name="to">When it ended.</param>
    public static Activity? Run(ActivityContext started, DateTimeOffset from, DateTimeOffset to) =>
        Source.StartActivity("run", ActivityKind.Internal, started, startTime: from)?.SetEndTime(to.UtcDateTime);

    /// <summary>Applying migrations, in whatever process.</summary>
    /// <param name="parent">What asked for it; none for a trace of its own.</param>
    public static Activity? Migrate(ActivityContext? parent) =>
        Source.StartActivity("migrate", ActivityKind.Consumer, parent ?? default)?.SetTag("db.system.name", "postgresql");

    /// <summary>Applying one migration.</summary>
    /// <param name="migration">Its name.</param>
    /// <param name="run">What it is a part of: who reports a migration's beginning need not be where its end is reported.</param>
    public static Activity? Apply(string migration, ActivityContext run) => Source
        .StartActivity("apply migration", ActivityKind.Client, run)
        ?.SetTag("db.system.name", "postgresql").SetTag("schemagate.migration.name", migration);

    /// <param name="activity">The span.</param>
    /// <param name="kind">What kind of failure: a reason, an exception's type or an SQLSTATE. Never a text.</param>
    public static void Fail(this Activity? activity, string kind) =>
        activity?.SetTag(ErrorType, kind).SetStatus(ActivityStatusCode.Error);
}
