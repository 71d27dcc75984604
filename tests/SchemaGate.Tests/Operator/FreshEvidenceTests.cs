using SchemaGate.Kubernetes.Resources;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Oci;
using SchemaGate.Tests.Postgres;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>A release rests on what a database is when it is given, however long the image took that it was read beside.</summary>
[Collection(Alone.Name)]
public sealed class FreshEvidenceTests
{
    private const string Document = "# Schema\n\n## Pending\n\n## Migrated\n\n### 1_a\n\n- **Status**: MIGRATED\n\n## Deployed\n";

    [Theory]
    [InlineData("1_a", "Open")]
    [InlineData("0_restored", "Blocked")]
    public async Task A_history_that_was_read_before_a_slow_image_is_read_again_before_it_is_judged(string then, string verdict)
    {
        string applied = "1_a";
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using HostileServer database = new(async (own, stream) =>
        {
            await stream.WriteAsync(HostileServer.Row(applied), own.Ended);
            asked.TrySetResult();
        });
        using FakeRegistry fake = new();
        fake.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", Document), ("prisma/migrations/1_a/migration.sql", "SELECT 1;")));
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(fake);
        registry.Fault = async context =>
        {
            if (context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
            {
                await asked.Task;
                applied = then;
                // Longer than a history stays fresh.
                await Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted);
            }

            return false;
        };
        ObjectKey gate = new("shop", "shop");
        await using GateWorld world = await GateWorld.StartAsync([(gate, $"{registry.Repository}:1", database.UrlText)]);
        world.Queue.Add(gate);
        await Eventually.TrueAsync(() => world.Written(gate).Count > 0);
        Assert.Equal(verdict, (string?)world.Written(gate)[0]["verdict"]);
    }
}
