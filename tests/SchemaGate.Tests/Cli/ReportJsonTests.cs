using SchemaGate.Cli;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Verify;
using SchemaGate.Core.Gates;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Tests.Cli;

/// <summary>The shapes that programs rely on: a change here is a change of the product.</summary>
public sealed class ReportJsonTests
{
    private static readonly DatabaseChoice s_choice = new("postgresql://u:secret@db/shop", "DATABASE_URL", Schema: null);

    private static string Compact(Action<TextWriter> write)
    {
        using StringWriter output = new();
        write(output);
        return Lines(output.ToString());
    }

    /// <summary>Without line breaks and indentation.</summary>
    private static string Lines(string json) => string.Concat(json.Split('\n').Select(line => line.Trim()));

    [Fact]
    public void Verify()
    {
        VerifyReport report = new(
            "Blocked", "PendingChanges", "It's \"pending\".", ".",
            new("C.md", 1, 1, 0, 0, "m", 1), new("DATABASE_URL", null, null, null), [new("ChangelogResolved", "True", "AsExpected", "")],
            [new("pending-change", "blocking", "x", "C.md", 9, 1, 15, null)], new MigrationSummary(1, 0, ["a"], [], [], [], "a"), new("High", 2, [new("a", "High", "It drops t.")]), ["n"], ["x"]);
        Assert.Equal(
            Lines("""
            {"verdict": "Blocked","reason": "PendingChanges","message": "It's \"pending\".","path": ".",
            "changelog": {"document": "C.md","entries": 1,"pending": 1,"migrated": 0,"deployed": 0,"directory": "m","migrations": 1},
            "database": {"from": "DATABASE_URL","location": null,"identity": null,"standby": null},
            "conditions": [{"type": "ChangelogResolved","status": "True","reason": "AsExpected","message": ""}],
            "findings": [{"id": "pending-change","severity": "blocking","message": "x","file": "C.md","line": 9,"column": 1,"length": 15,"migration": null}],
            "migrations": {"required": 1,"applied": 0,"pending": ["a"],"failed": [],"edited": [],"unknown": [],"through": "a"},
            "plan": {"risk": "High","findings": 2,"migrations": [{"name": "a","risk": "High","message": "It drops t."}]},
            "notes": ["n"],"next": ["x"]}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.VerifyReport)));
    }

    [Fact]
    public void Status()
    {
        StatusReport report = new(
            "Open", "fine", "DATABASE_URL", "db:5432/shop?schema=public", "7/shop/public", 15, Standby: false, RunInProgress: false,
            [new("a", "applied", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, 1, null)]);
        Assert.Equal(
            Lines("""
            {"reason": "Open","message": "fine","from": "DATABASE_URL","location": "db:5432/shop?schema=public","identity": "7/shop/public",
            "serverVersion": 15,"standby": false,"runInProgress": false,
            "history": [{"name": "a","state": "applied","startedAt": "1970-01-01T00:00:00+00:00","finishedAt": "1970-01-01T00:00:00+00:00",
            "rolledBackAt": null,"steps": 1,"error": null}]}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.StatusReport)));
    }

    [Fact]
    public void Migrate()
    {
        ApplyFailure failure = new(DatabaseFailure.MigrationFailed, "It failed.", ["schemagate resolve --rolled-back b"])
        {
            Migration = "b",
            Line = 3,
            Column = 5,
            Statement = "ALTER",
            SqlState = "42P01",
            ServerMessage = "no",
            RolledBack = true,
        };
        MigrateReport report = MigrateReport.Of(new([new("a", TimeSpan.FromSeconds(1.5))], 2, failure), s_choice, name => $"m/{name}/migration.sql");
        Assert.Equal(
            Lines("""
            {"result": "failed","from": "DATABASE_URL","location": "db:5432/shop?schema=public","applied": [{"name": "a","milliseconds": 1500}],
            "alreadyApplied": 2,"failure": {"kind": "MigrationFailed","class": "Permanent","message": "It failed.","migration": "b","file": "m/b/migration.sql","line": 3,"column": 5,
            "statement": "ALTER","sqlState": "42P01","serverMessage": "no","hint": null,"rolledBack": true,"next": ["schemagate resolve --rolled-back b"]}}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.MigrateReport)));
    }
}
