using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class WorkloadPatchTests
{
    private static readonly Hold s_hold = new(
        Paused: false,
        "t",
        new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Reasons.MigrationsPending,
        "words \"/~ 😀");

    [Fact]
    public void After_the_patch_the_deployment_is_as_it_is_to_be_and_nothing_else_has_changed() => Check.One(Config.QuickThrowOnFailure,
        Prop.ForAll(
        Worlds().ToArbitrary(),
        world =>
        {
            (JsonObject before, Pause pause, RevisionRecord? record) = world;
            JsonObject after = WorkloadPatch.Guarded(Cluster.PatchOf(before, pause, record), before.AsDeployment().Metadata).Apply(before)!;
            Workload written = Cluster.Read(after);
            return written.Paused == pause.Paused && written.Hold == pause.Hold
                && (written.Record is null ? record is null : record is not null && written.Record.Releases.SequenceEqual(record.Releases))
                && Cluster.PatchOf(after, pause, record).IsEmpty
                && JsonNode.DeepEquals(Theirs(before), Theirs(after));
        }));

    [Fact]
    public void A_deployment_that_is_as_it_is_to_be_needs_no_patch()
    {
        Assert.True(Cluster.PatchOf(Cluster.Deployment(), new Pause(false, null), null).IsEmpty);
        Assert.True(Cluster.PatchOf(Cluster.Deployment(paused: false), new Pause(false, null), null).IsEmpty);
        Assert.True(Cluster.PatchOf(Cluster.Deployment(paused: true), new Pause(true, null), null).IsEmpty);
    }

    [Fact]
    public void A_hold_that_ends_leaves_the_object_as_its_owner_wrote_it()
    {
        JsonObject owned = Cluster.Deployment("""{"a":"b"}""");
        JsonObject held = Cluster.PatchOf(owned, new Pause(true, s_hold), null).Apply(owned)!;
        Assert.True(JsonNode.DeepEquals(owned, Cluster.PatchOf(held, new Pause(false, null), null).Apply(held)));
    }

    [Fact]
    public void A_history_limit_of_zero_is_raised_while_held_and_given_back()
    {
        JsonObject owned = Cluster.Deployment("""{"a":"b"}""");
        owned["spec"]!["revisionHistoryLimit"] = 0;
        Workload workload = Cluster.Read(owned);
        HoldOutcome held = new HoldOutcome.Held("shop", new HoldReason.GateNotFound("shop"));
        JsonObject raised = Cluster.PatchOf(
            owned, Pause.For(held, workload, null, needed: false, DateTimeOffset.UnixEpoch), null).Apply(owned)!;
        Assert.Equal(1, (int)raised["spec"]!["revisionHistoryLimit"]!);
        Workload read = Cluster.Read(raised);
        Pause ended = Pause.For(new HoldOutcome.Pass(), read, read, needed: false, DateTimeOffset.UnixEpoch);
        Assert.True(JsonNode.DeepEquals(owned, Cluster.PatchOf(raised, ended, null).Apply(raised)));
    }

    [Fact]
    public void A_patch_against_an_object_that_has_changed_since_fails()
    {
        JsonObject read = Cluster.Deployment();
        JsonObject changed = (JsonObject)read.DeepClone();
        changed["metadata"]!["resourceVersion"] = "8";
        Assert.Null(
            WorkloadPatch.Guarded(Cluster.PatchOf(read, new Pause(true, s_hold), null), read.AsDeployment().Metadata).Apply(changed));
    }

    [Fact]
    public void A_record_of_a_replica_set_is_written_and_removed()
    {
        JsonObject before = Cluster.ReplicaSet();
        JsonObject marked = Cluster.PatchOf(before, Record(before)).Apply(before)!;
        Assert.Equal(Record(before).Releases, Cluster.ReadRevision(marked).Record!.Releases);
        Assert.Null(Cluster.ReadRevision(Cluster.PatchOf(marked, null).Apply(marked)!).Record);
    }

    private static RevisionRecord Record(JsonObject owner) => new(
        owner["spec"]!["selector"] is null ? Cluster.ReadRevision(owner).Template : Cluster.Read(owner).Template,
        [new("shop", "x:1", "sha256:1", "m1", "7301/shop/public", s_hold.Since, Reasons.Satisfied)]);

    /// <summary>An object without what is SchemaGate's.</summary>
    private static JsonObject Theirs(JsonObject value)
    {
        JsonObject theirs = (JsonObject)value.DeepClone();
        theirs["spec"]!.AsObject().Remove("paused");
        JsonObject annotations = theirs["metadata"]!["annotations"] as JsonObject ?? [];
        theirs["metadata"]!.AsObject().Remove("annotations");
        annotations.Remove(Names.Hold);
        annotations.Remove(Names.Released);
        theirs["annotations"] = annotations.DeepClone();
        return theirs;
    }

    private static Gen<(JsonObject Before, Pause Pause, RevisionRecord? Record)> Worlds() =>
        from annotations in Gen.Elements(
            "null",
            "{}",
            """{"a":"b"}""",
            """{"schemagate.dev/hold":"rubbish","schemagate.dev/released":"{}"}""")
        from was in Gen.Elements<bool?>(null, true, false)
        from wasHeld in Gen.Elements(true, false)
        from paused in Gen.Elements(true, false)
        from held in Gen.Elements(true, false)
        from recorded in Gen.Elements(true, false)
        let clean = Cluster.Deployment(annotations, was)
        let before = wasHeld ? Cluster.PatchOf(clean, new Pause(true, s_hold), Record(clean)).Apply(clean)! : clean
        select (before, new Pause(paused, held ? s_hold with { Message = "new" } : null), recorded ? Record(clean) : null);
}
