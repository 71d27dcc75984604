using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Tests.Gates;

namespace SchemaGate.Tests.Api;

/// <summary>What a run's next step needs is in status, and nowhere else.</summary>
public sealed class RunMappingTests
{
    private static readonly RunRecord Whole = new("shop-migrate-0123456789", "plan", "scope", Attempt: 7, Failures: 2)
    {
        StartedAt = Given.Now,
        FinishedAt = Given.Now.AddSeconds(5),
        Result = RunResult.Failed,
        Error = new(FailureClass.Transient, "LockUnavailable", "a lock.")
        {
            Migration = "m",
            File = "prisma/migrations/m/migration.sql",
            Line = 3,
            Statement = "ALTER TABLE a ADD b int",
            SqlState = "55P03",
            Hint = "wait",
            RolledBack = true,
            Next = ["schemagate migrate"],
        },
        NextAttemptAt = Given.Now.AddMinutes(1),
        History = "history",
        Retry = "now",
        Image = "registry.test/shop:1",
        Settings = "settings",
    };

    [Fact]
    public void A_record_comes_back_from_status_as_it_was()
    {
        // A property that is added and not told of would be null here.
        JsonElement known = JsonSerializer.SerializeToElement(Whole);
        Assert.All(known.EnumerateObject(), property => Assert.False(property.Value.ValueKind == JsonValueKind.Null, property.Name));
        Assert.All(known.GetProperty("Error")
            .EnumerateObject(), property => Assert.False(property.Value.ValueKind == JsonValueKind.Null, property.Name));
        string status = JsonSerializer.Serialize(RunMapping.Status(Whole), ApiJson.Default.RunStatus);
        RunRecord read = RunMapping.Record(JsonSerializer.Deserialize(status, ApiJson.Default.RunStatus))!;
        Assert.Equal(JsonSerializer.Serialize(Whole), JsonSerializer.Serialize(read));
    }

    [Fact]
    public void A_run_that_is_at_work_comes_back_as_such()
    {
        RunRecord record = new("job", "plan", "scope", 1, 0);
        Assert.Equal(record, RunMapping.Record(RunMapping.Status(record)));
        Assert.True(RunMapping.Record(RunMapping.Status(record))!.IsActive);
    }
}
