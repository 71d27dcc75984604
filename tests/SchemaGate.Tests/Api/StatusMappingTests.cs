using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates;

namespace SchemaGate.Tests.Api;

public sealed class StatusMappingTests
{
    private static readonly DateTimeOffset s_now = Given.Now.AddMilliseconds(678);
    private static readonly SchemaGateResource s_new = new()
    {
        Metadata = new() { Name = "shop", NamespaceProperty = "shop", Generation = 7 },
    };

    public static TheoryData<string> Worlds => ["open", "pending", "failed", "database out", "registry out", "bad spec"];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void When_nothing_changes_nothing_is_written(string world)
    {
        SchemaGateResource first = Look(s_new, World(world), s_now);
        SchemaGateResource second = Look(first, World(world), s_now.AddHours(5));
        Assert.True(StatusMapping.Same(second.Status!, first.Status));
        Assert.False(StatusMapping.Same(second.Status!, null));
    }

    [Fact]
    public void An_outage_is_written_once()
    {
        SchemaGateResource open = Look(s_new, World("open"), s_now);
        SchemaGateResource first = Look(open, World("open").DatabaseOut(), s_now.AddMinutes(1));
        SchemaGateResource second = Look(first, World("open").DatabaseOut(), s_now.AddMinutes(2));
        Assert.False(StatusMapping.Same(first.Status!, open.Status));
        Assert.True(StatusMapping.Same(second.Status!, first.Status));
        Assert.Equal("Open", second.Status!.Verdict);
    }

    [Fact]
    public void A_change_is_written()
    {
        SchemaGateResource pending = Look(s_new, World("pending"), s_now);
        SchemaGateResource open = Look(pending, World("open"), s_now.AddMinutes(1));
        Assert.False(StatusMapping.Same(open.Status!, pending.Status));
        Assert.Equal("3/3", open.Status!.Migrations!.Progress);
    }

    [Fact]
    public void What_is_read_is_what_was_decided()
    {
        SchemaGateResource gate = Look(s_new, World("open"), s_now);
        GateMemory memory = StatusMapping.Memory(gate);
        Assert.Equal(
            (true, Verdict.Open, Given.Digest, Given.Identity.ToString()),
            (memory.SameSpec, memory.Verdict, memory.Digest, memory.Identity));
        Assert.Equal(Given.Now, memory.Conditions.Single(condition => condition.Type == "Ready").Since);
        Assert.Equal([Given.Release(through: Given.M(1)) with { At = Given.Now.AddHours(-1) }], StatusMapping.Released(gate));
    }

    [Fact]
    public void A_new_generation_forgets_the_decision_and_remembers_the_database()
    {
        SchemaGateResource gate = Look(s_new, World("open"), s_now);
        SchemaGateResource changed = gate with { Metadata = gate.Metadata with { Generation = 8 } };
        Assert.False(StatusMapping.Memory(changed).SameSpec);
        Assert.Equal(Given.Identity.ToString(), Look(changed, World("open").DatabaseOut(), s_now).Status!.Database!.Identity);
        Assert.Equal("Unknown", Look(changed, World("open").DatabaseOut(), s_now).Status!.Verdict);
    }

    [Fact]
    public void Of_another_database_nothing_is_known_until_it_answers()
    {
        SchemaGateResource gate = Look(s_new, World("open"), s_now);
        SchemaGateResource changed =
            gate with { Spec = gate.Spec with { Database = new() { UrlFrom = new() { Name = "other", Key = "URL" } } } };
        Assert.Equal(DatabaseStatus.Unread, Look(changed, World("open").DatabaseOut(), s_now).Status!.Database!.Identity);
        Assert.Equal(Given.Identity.ToString(), Look(changed, World("open"), s_now).Status!.Database!.Identity);
    }

    [Fact]
    public void Of_another_URL_in_the_same_Secret_nothing_is_known_until_it_answers()
    {
        GateInput one = World("open") with { Fingerprint = "one" };
        SchemaGateResource gate = Look(s_new, one, s_now);
        Assert.Equal("one", gate.Status!.Database!.Fingerprint);
        Assert.Equal(Given.Identity.ToString(), Look(gate, one.DatabaseOut(), s_now).Status!.Database!.Identity);
        // Nobody says that it is another one while the Secret is gone.
        Assert.Equal(gate.Status.Database, Look(gate, (one with { Fingerprint = null }).DatabaseOut(), s_now).Status!.Database);
        SchemaGateResource changed = Look(gate, (one with { Fingerprint = "two", KnownIdentity = null }).DatabaseOut(), s_now);
        Assert.Equal((DatabaseStatus.Unread, "two"), (changed.Status!.Database!.Identity, changed.Status.Database.Fingerprint));
        // What an older version wrote has none, and gets this one.
        SchemaGateResource old = Look(s_new, World("open"), s_now);
        Assert.Equal(old.Status!.Database! with { Fingerprint = "one" }, Look(old, one.DatabaseOut(), s_now).Status!.Database);
    }

    [Fact]
    public void Who_waits_for_a_tag_that_has_moved_to_what_cannot_be_read_waits()
    {
        SchemaGateResource gate = Look(s_new with { Spec = new() { Changelog = new() { Image = Given.Reference } } }, World("open"), s_now);
        gate = gate with
        {
            Status = gate.Status! with
            {
                Released = [.. gate.Status.Released!.Select(release => release with { Through = gate.Status.Migrations!.Through })],
            },
        };
        GateInput Out(string? digest) => World("registry out") with { ResolvedDigest = digest };
        VerdictAnswer Answer(SchemaGateResource now) =>
            VerdictDecision.Decide(new("shop", Given.Reference), StatusMapping.Standing(now), []);
        Assert.IsType<VerdictAnswer.Satisfied>(Answer(Look(gate, Out(null), s_now)));
        Assert.IsType<VerdictAnswer.Satisfied>(Answer(Look(gate, Out(Given.Digest), s_now)));
        SchemaGateResource moved = Look(gate, Out("sha256:2"), s_now);
        Assert.Equal(Reasons.RegistryUnreachable, Assert.IsType<VerdictAnswer.OnRecord>(Answer(moved)).Reason);
        Assert.True(StatusMapping.Same(Look(moved, Out("sha256:2"), s_now.AddHours(1)).Status!, moved.Status));
        Assert.IsType<VerdictAnswer.Satisfied>(Answer(Look(moved, World("open"), s_now)));
    }

    [Fact]
    public void A_gate_without_a_status_remembers_nothing()
    {
        Assert.Equal(GateMemory.None, StatusMapping.Memory(s_new));
        Assert.Empty(StatusMapping.Released(s_new));
    }

    [Fact]
    public void Lists_of_names_are_cut()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(number => $"2024{number:00}_m")];
        SchemaGateResource gate = Look(s_new, Given.Input(Given.Image(names), Given.Applied()), s_now);
        Assert.Equal((60, 50), (gate.Status!.Migrations!.Required, gate.Status.Migrations.Pending!.Count));
    }

    private static GateInput World(string name) => name switch
    {
        "pending" => Given.Input(3, 1),
        "failed" =>
            Given.Input(Given.Image(Given.Ms(1, 3)), Given.State(Given.Row(Given.M(1)), Given.Row(Given.M(2), HistoryRowState.Unfinished))),
        "database out" => Given.Input(3, 3).DatabaseOut(),
        "registry out" => Given.Input(3, 3).RegistryOut(),
        "bad spec" => Given.Input(3, 3) with { SpecProblems = ["spec.changelog.image is missing."], Changelog = null, Database = null },
        _ => Given.Input(3, 3),
    };

    /// <summary>One look of the operator: read what status says, decide, write, and read back what the API server has stored.</summary>
    private static SchemaGateResource Look(SchemaGateResource gate, GateInput input, DateTimeOffset now)
    {
        input = input with { Now = now, Previous = StatusMapping.Memory(gate), Released = StatusMapping.Released(gate) };
        SchemaGateStatus status = StatusMapping.Status(
            gate, input, GateDecision.Decide(input), ReleasedList.Of(input.Released, [Given.Release(through: Given.M(1))]),
            new([], []), asked: null);
        string stored = JsonSerializer.Serialize(gate with { Status = status }, ApiJson.Default.SchemaGateResource);
        return JsonSerializer.Deserialize(stored, ApiJson.Default.SchemaGateResource)!;
    }
}
