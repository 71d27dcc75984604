using System.Text.Json.Nodes;
using SchemaGate.Cli;
using SchemaGate.Cli.Approve;
using SchemaGate.Cli.Explain;
using SchemaGate.Cli.GoBack;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Open;
using SchemaGate.Cli.Rehearse;
using SchemaGate.Cli.Prove;
using SchemaGate.Cli.Resolve;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Undo;
using SchemaGate.Cli.Uninstall;
using SchemaGate.Cli.Verify;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

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
            [new("pending-change", "blocking", "x", "C.md", 9, 1, 15, null)], new MigrationSummary(
                1, 0, ["a"], [], [], [], "a"), new("High", 2, [new("a", "High", "It drops t.")]), ["n"], ["x"])
        {
            Manifests = new(
                "All is well.", 1, 2, 1, [new("a.yaml", 3, "Job", null, "seed", "shop=x:1", [new("i", "information", "m")])], [], ["n"]),
            Branch = new("origin/main", "b2", "a1", ["m"]),
        };
        Assert.Equal(
            Lines("""
            {"verdict": "Blocked","reason": "PendingChanges","message": "It's \"pending\".","path": ".",
            "changelog": {"document": "C.md","entries": 1,"pending": 1,"migrated": 0,"deployed": 0,"directory": "m","migrations": 1},
            "database": {"from": "DATABASE_URL","location": null,"identity": null,"standby": null},
            "conditions": [{"type": "ChangelogResolved","status": "True","reason": "AsExpected","message": ""}],
            "findings": [{"id": "pending-change","severity": "blocking","message": "x","file": "C.md",
              "line": 9,"column": 1,"length": 15,"migration": null}],
            "migrations": {"required": 1,"applied": 0,"pending": ["a"],"failed": [],"edited": [],"unknown": [],"through": "a"},
            "plan": {"risk": "High","findings": 2,"migrations": [{"name": "a","risk": "High","message": "It drops t."}]},
            "notes": ["n"],"next": ["x"],
            "manifests": {"message": "All is well.","files": 1,"objects": 2,"gated": 1,
            "judged": [{"file": "a.yaml","line": 3,"kind": "Job","namespace": null,"name": "seed","requires": "shop=x:1",
              "findings": [{"id": "i","severity": "information","message": "m"}]}],
            "problems": [],"notes": ["n"]},
            "branch": {"since": "origin/main","revision": "b2","origin": "a1","migrations": ["m"]}}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.VerifyReport)));
        IsDocumented("verify`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.VerifyReport)));
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
            "rolledBackAt": null,"steps": 1,"error": null}],"pending": null}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.StatusReport)));
        IsDocumented("status`, of a database", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.StatusReport)));
    }

    [Fact]
    public void Rehearse()
    {
        ObjectName table = new("public", "t");
        ObservedLock held = new(table, LockMode.AccessExclusive, LockWork.Rewrite);
        RehearsedMigration migration = new(
            new("a", [new(0, 3, "ALTER TABLE t", 1, TimeSpan.FromMilliseconds(4), [held])]), TimeSpan.FromMilliseconds(7), null,
            ["makes table public.u"], new RollbackOutcome.Differs(["table public.u is left"], ["Tell others"]) { Loses = ["It drops t."] })
        {
            Locks = [new(held, 3, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), new(table, 9, 8, 16), "t is locked")],
        };
        RehearsedMigration failed = migration with { Failure = new("It fails.", 1, 2, "DROP", "42P01"), Rollback = null };
        RehearseReport report = RehearseReport.Of([migration, failed], ["a", "b", "c"], 2, "db:5432/shop?schema=public", ["n"]);
        report = report with { Migrations = [report.Migrations[0] with { SeenOtherwise = [new("public.t", true, "m")] }] };
        string json = Compact(output => CliJson.Write(output, report, CliJson.Relaxed.RehearseReport));
        Assert.Equal(
            Lines("""
            {"result": "failed","message": "a fails on a scratch database.","location": "db:5432/shop?schema=public","applied": 2,
            "migrations": [{"name": "a","result": "ran","milliseconds": 7,"failure": null,"changes": ["makes table public.u"],
            "locks": [{"table": "public.t","index": null,"mode": "AccessExclusive","work": ["rewrite"],"line": 3,"blocksReads": true,
              "blocksWrites": true,"leastSeconds": 1,"mostSeconds": 20,"rows": 9,"bytes": 8,"totalBytes": 16,"message": "t is locked"}],
            "seenOtherwise": [{"table": "public.t","settled": true,"message": "m"}],
            "rollback": {"result": "differs","message": "it ran, and the schema is not as it was: table public.u is left","line": null,
              "statement": null,"differences": ["table public.u is left"],"byHand": ["Tell others"],"loses": ["It drops t."]},
            "statements": [{"line": 3,"text": "ALTER TABLE t","transaction": 1,"milliseconds": 4}]}],"notRun": ["c"],"notes": ["n"]}
            """),
            json);
        IsDocumented("rehearse`", json);
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
        MigrateReport report = MigrateReport.Of(
            new([new("a", TimeSpan.FromSeconds(1.5))], 2, failure) { Notes = ["n"] }, s_choice, name => $"m/{name}/migration.sql") with
        {
            Planned = [new("b", "Low", "m", ["l"])],
        };
        Assert.Equal(
            Lines("""
            {"result": "failed","from": "DATABASE_URL","location": "db:5432/shop?schema=public",
            "applied": [{"name": "a","milliseconds": 1500}],"alreadyApplied": 2,
            "failure": {"kind": "MigrationFailed","class": "Permanent","message": "It failed.","migration": "b",
            "file": "m/b/migration.sql","line": 3,"column": 5,"statement": "ALTER","sqlState": "42P01","serverMessage": "no","hint": null,
            "rolledBack": true,"next": ["schemagate resolve --rolled-back b"]},"notes": ["n"],
            "planned": [{"name": "b","risk": "Low","message": "m","locks": ["l"]}]}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.MigrateReport)));
        IsDocumented("migrate`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.MigrateReport)));
    }

    [Fact]
    public void Resolve()
    {
        ResolveReport report = ResolveReport.Of(
            new([new("a", ResolutionKind.RolledBack, "a is marked.")], CreatesHistory: false, Failure: null), s_choice, isDryRun: false);
        const string Head = """
            "from": "DATABASE_URL","location": "db:5432/shop?schema=public","createsHistory": false,
            """;
        Assert.Equal(
            Lines($$$"""
            {"result": "resolved",{{{Head}}}
            "migrations": [{"name": "a","change": "rolledBack","message": "a is marked."}],"failure": null,"notes": []}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ResolveReport)));
        report = ResolveReport.Of(
            new([], CreatesHistory: false, new ApplyFailure(DatabaseFailure.ResolveRefused, "No.", [])), s_choice, isDryRun: false);
        Assert.Equal(
            Lines($$$"""
            {"result": "failed",{{{Head}}}
            "migrations": [],"failure": {"kind": "ResolveRefused","message": "No.","sqlState": null},"notes": []}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ResolveReport)));
        IsDocumented("resolve`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ResolveReport)));
    }

    [Fact]
    public void Approve()
    {
        ApproveReport report =
            new("shop", "g", "0123", "High", ["a"], [new("a", "High", "It drops t.")], Problem: null) { Approved = true, By = "alice" };
        Assert.Equal(
            Lines("""
            {"namespace": "shop","gate": "g","plan": "0123","risk": "High","pending": ["a"],
            "migrations": [{"name": "a","risk": "High","message": "It drops t."}],"problem": null,"approved": true,"by": "alice"}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ApproveReport)));
        IsDocumented("approve`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ApproveReport)));
    }

    [Fact]
    public void Open()
    {
        OpenReport report = new("shop", "g", "x:1", "INC-4711", "bob", DateTimeOffset.UnixEpoch);
        Assert.Equal(
            Lines("""
            {"namespace": "shop","gate": "g","requires": "x:1","reason": "INC-4711","by": "bob",
            "until": "1970-01-01T00:00:00+00:00","problem": null}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.OpenReport)));
        IsDocumented("open`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.OpenReport)));
    }

    [Fact]
    public void Undo()
    {
        UndoReport report = new("shop", "s", "undone", 3, "s-5d", "g=x:1", Paused: false);
        Assert.Equal(
            Lines("""
            {"namespace": "shop","deployment": "s","result": "undone","revision": 3,"replicaSet": "s-5d","requires": "g=x:1",
            "paused": false,"held": null,"problem": null}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.UndoReport)));
        IsDocumented("undo`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.UndoReport)));
    }

    [Fact]
    public void Uninstall()
    {
        UninstallReport report = new("incomplete", [new("deployment", "shop", "s", ["hold", "pause"], "no")]);
        Assert.Equal(
            Lines("""
            {"result": "incomplete",
            "objects": [{"kind": "deployment","namespace": "shop","name": "s","lifted": ["hold","pause"],"problem": "no"}],"problem": null}
            """),
            Compact(output => CliJson.Write(output, report, CliJson.Relaxed.UninstallReport)));
        IsDocumented("uninstall`", Compact(output => CliJson.Write(output, report, CliJson.Relaxed.UninstallReport)));
    }

    [Fact]
    public void Prove()
    {
        Proof proof = new(
            [
                new(new("SELECT a", 7, "shop"), ["t"], new ProofOutcome.Broken("42703", "No a.", new("1_m", "DROP a", 2))),
                new(new("SELECT b"), [], new ProofOutcome.Unproven("no")),
            ],
            ["1_m"]);
        ProveReport report = ProveReport.Of(proof, new ShapeReading([]) { Lost = 1 }, "h:1/d?schema=s", name => $"{name}.sql");
        string json = Compact(output => CliJson.Write(output, report, CliJson.Relaxed.ProveReport));
        Assert.StartsWith(
            Lines("""
            {"result": "failed","location": "h:1/d?schema=s","migrations": [{"name": "1_m","file": "1_m.sql"}],
            "summary": {"statements": 2,"surviving": 0,"broken": 1,"changed": 0,"unproven": 1,
            "utility": 0,"hidden": 0,"lost": 1,"beyond": 0},
            "statements": [{"outcome": "broken","statement": "SELECT a","calls": 7,"role": "shop","tables": ["t"],
            "migration": "1_m","file": "1_m.sql","line": 2,"change": "DROP a","sqlState": "42703",
            "message": "It fails after the migration: No a (42703)."},
            """),
            json, StringComparison.Ordinal);
        IsDocumented("prove`", json);
    }

    [Fact]
    public void Explain_whether_going_back_is_safe()
    {
        GoBackReport report = new(
            "deployment/s", "shop", "x:1", "unsafe", "proof", "m", "g=x:1", "x:1@sha256:1", [new(1, "s-5d", "g=x:1")],
            [new("b", "x:2/b.sql", "Breaks", "It drops t.", 1)], ["c"], Held: true, "h", 2, Statements: null,
            [new("SELECT a", 3, "shop", "42703", "No a.")], ["n"], ["x"]);
        string json = Compact(output => CliJson.Write(output, report, CliJson.Relaxed.GoBackReport));
        Assert.Equal(
            Lines("""
            {"target": "deployment/s","namespace": "shop","to": "x:1","result": "unsafe","basis": "proof","message": "m",
            "requires": "g=x:1","image": "x:1@sha256:1","revisions": [{"revision": 1,"name": "s-5d","requires": "g=x:1"}],
            "migrations": [{"name": "b","file": "x:2/b.sql","risk": "Breaks","message": "It drops t.","broken": 1}],"missing": ["c"],
            "held": true,"hold": "h","newer": 2,"statements": null,
            "drifted": [{"statement": "SELECT a","calls": 3,"role": "shop","sqlState": "42703","message": "No a."}],
            "notes": ["n"],"next": ["x"]}
            """),
            json);
        IsDocumented("explain --to`", json);
    }

    [Fact]
    public void Explain_a_reason() => Assert.Equal(
        """
        {"reason": "R","verdict": "Blocked","ready": false,"reconciling": true,"stalled": false,"meaning": "M.","next": ["n"]}
        """,
        Compact(output => CliJson.Write(output, new ReasonReport(
            "R", "Blocked", Ready: false, Reconciling: true, Stalled: false, "M.", ["n"]), CliJson.Relaxed.ReasonReport)));

    [Fact]
    public void Gates()
    {
        GateLine gate = new(
            "shop", "g", "Open", "Open", "m", Current: true, 1, 1, [], 0, DateTimeOffset.UnixEpoch, "x:1", "7/shop/public", "Flyway",
            new("j", 1, "Failed", DateTimeOffset.UnixEpoch, null, "a", "no"),
            new("0123", "High", "Approved", "alice", DateTimeOffset.UnixEpoch), new(
                "x:1", "INC-4711", "bob", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))
        {
            Rehearsal = new("r", "Failed", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 2, 1, "no"),
            Drift = new(DateTimeOffset.UnixEpoch, 1, ["table public.t is there"], 0),
        };
        string json = Compact(output => CliJson.Write(output, new GatesReport("shop", [gate]), CliJson.Relaxed.GatesReport));
        Assert.StartsWith("""{"namespace": "shop","gates": [{"namespace": "shop","name": "g",""", json, StringComparison.Ordinal);
        IsDocumented("status`, of gates", json);
    }

    /// <summary>Each key stands in the README's block of that command.</summary>
    private static void IsDocumented(string command, string json)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "SchemaGate", "README.md"));
        string block = readme[readme.IndexOf($"\n`{command}\n\n```\n", StringComparison.Ordinal)..].Split("```")[1];
        HashSet<string> words = block.Split([.. block.Where(symbol => !char.IsAsciiLetter(symbol)).Distinct()])
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(Keys(JsonNode.Parse(json)), key => Assert.Contains(key, words));
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Keys(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Keys),
        _ => [],
    };
}
