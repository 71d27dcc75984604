using System.Collections.Concurrent;
using System.Diagnostics;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>What a run tells of itself in the trace that its Job was made in.</summary>
public sealed class MigrateTraceTests : IDisposable
{
    private const string Bad = "20250101000000_bad";

    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;
    private readonly Shop shop = new();

    public MigrateTraceTests()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == "SchemaGate",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace)
                {
                    ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose()
    {
        listener.Dispose();
        shop.Dispose();
    }

    [Fact]
    public async Task A_run_continues_the_trace_of_its_environment_with_a_span_for_each_migration()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(0, (await MigrateAsync(database)).Code);
        Activity run = ended.Last();
        Assert.Equal(("migrate", "1111111111111111"), (run.OperationName, run.ParentSpanId.ToString()));
        Activity[] migrations = [.. ended.SkipLast(1)];
        Assert.Equal(3, migrations.Length);
        Assert.All(migrations, migration => Assert.Equal(
            ("apply migration", run.SpanId, "postgresql"),
            (migration.OperationName, migration.ParentSpanId, (string?)migration.GetTagItem("db.system.name"))));
        Assert.Equal(Shop.Second, migrations[1].GetTagItem("schemagate.migration.name"));
        Assert.All(ended, activity => Assert.Equal(ActivityStatusCode.Unset, activity.Status));
    }

    [Fact]
    public async Task What_failed_is_told_by_the_server_s_code_and_never_by_a_text()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        shop.Migrate(Bad, "SELECT 'pl4nted-s3cret' FROM nowhere;");
        Assert.Equal(1, (await MigrateAsync(database)).Code);
        Activity[] failed = [.. ended.Where(activity => activity.Status == ActivityStatusCode.Error)];
        Assert.Equal(["apply migration", "migrate"], failed.Select(activity => activity.OperationName), StringComparer.Ordinal);
        Assert.All(failed, activity => Assert.Equal("42P01", activity.GetTagItem("error.type")));
        string everything = string.Join('\n', ended.SelectMany(activity => activity.TagObjects).Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.DoesNotContain("pl4nted-s3cret", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("postgresql://", everything, StringComparison.Ordinal);
        Assert.All(ended, activity => Assert.Empty(activity.Events));
        Assert.All(ended, activity => Assert.Null(activity.StatusDescription));
    }

    private Task<Outcome> MigrateAsync(TestDatabase database) =>
        new Schemagate { Input = database.UrlText(), Traceparent = $"00-{trace}-1111111111111111-01" }.InvokeAsync(
            ["migrate", shop.Root, "--database", "-"], TestContext.Current.CancellationToken);
}
