using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Api;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Tests.Kubernetes;

public sealed class ResourceTests
{
    [Fact]
    public void Pointers_escape_tildes_before_slashes() =>
        Assert.Equal("/metadata/annotations/a~1b~0c~01", JsonPatch.PointerTo("metadata", "annotations", "a/b~c~1"));

    [Fact]
    public void Every_pointer_leads_back_to_its_segments() =>
        Prop.ForAll<string[]>(segments =>
        {
            var given = segments.Select(segment => segment ?? "").ToArray();
            var read = JsonPatch.PointerTo(given).Split('/').Skip(1).Select(part => part.Replace("~1", "/").Replace("~0", "~"));
            return given.SequenceEqual(read, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_patch_keeps_its_order_and_tells_null_from_nothing()
    {
        var patch = JsonPatch.Empty.Test("/a", null).Add("/b", new JsonObject { ["c"] = "é\"" }).Replace("/d/0", 5).Remove("/e");
        Assert.Equal(
            """[{"op":"test","path":"/a","value":null},{"op":"add","path":"/b","value":{"c":"é\""}},"""
            + """{"op":"replace","path":"/d/0","value":5},{"op":"remove","path":"/e"}]""", JsonNode.Parse(patch.ToString())!.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void A_patch_is_not_changed_by_what_happens_to_its_values_later()
    {
        var value = new JsonObject { ["a"] = 1 };
        var patch = JsonPatch.Empty.Add("/x", value);
        var before = patch.ToString();
        value["a"] = 2;
        _ = patch.Remove("/y");
        Assert.Equal(before, patch.ToString());
    }

    [Fact]
    public void A_selector_is_written_as_a_query()
    {
        var selector = new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "2", ["a"] = "1" },
            MatchExpressions =
            [
                new() { Key = "c", OperatorProperty = "In", Values = ["x", "y"] },
                new() { Key = "d", OperatorProperty = "NotIn", Values = ["z"] },
                new() { Key = "e", OperatorProperty = "Exists" },
                new() { Key = "f", OperatorProperty = "DoesNotExist" },
            ],
        };
        Assert.Equal("a=1,b=2,c in (x,y),d notin (z),e,!f", selector.ToQuery());
        Assert.Equal("", new V1LabelSelector().ToQuery());
    }

    [Fact]
    public void Times_are_written_in_the_form_that_the_server_gives_back()
    {
        var time = new DateTimeOffset(2024, 12, 24, 12, 0, 0, 123, 456, TimeSpan.FromHours(2));
        var whole = new DateTimeOffset(2024, 12, 24, 12, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal("2024-12-24T10:00:00.123456Z", EventTime(time));
        // A MicroTime without a fraction is refused by the server.
        Assert.Equal("2024-12-24T10:00:00.000000Z", EventTime(whole));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":null,"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"labels":null,"annotations":null,"ownerReferences":null,"finalizers":null}}""")]
    public void What_is_absent_or_null_is_empty(string json)
    {
        foreach (var metadata in (V1ObjectMeta[])[
            Deployment.Resource.Read(JsonElement.Parse(json)).Metadata, Kinds.Job.Read(JsonElement.Parse(json)).Metadata])
        {
            Assert.Empty(metadata.Labels);
            Assert.Empty(metadata.Annotations);
            Assert.Empty(metadata.OwnerReferences);
        }

        Assert.False(ReplicaSet.Resource.Read(JsonElement.Parse(json)).Runs);
    }

    [Fact]
    public void What_no_decision_needs_is_not_kept()
    {
        const string json = """
            {"metadata":{"name":"a","managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}],
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","b":"c"}},"spec":{"template":{}}}
            """;
        var metadata = Deployment.Resource.Read(JsonElement.Parse(json)).Metadata;
        Assert.Null(metadata.ManagedFields);
        Assert.Equal(("", "c"), (metadata.Annotations["kubectl.kubernetes.io/last-applied-configuration"], metadata.Annotations["b"]));
    }

    [Fact]
    public void What_the_models_cannot_read_of_a_spec_keeps_no_job_and_no_pod_from_being_followed()
    {
        const string json = """
            {"metadata":{"name":"a"},"spec":{"containers":5,"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":[]}}}]}}}}
            """;
        Assert.Equal("a", Kinds.Job.Read(JsonElement.Parse(json)).Metadata.Name);
        Assert.Equal("a", Kinds.Pod.Read(JsonElement.Parse(json)).Metadata.Name);
    }

    [Fact]
    public void A_secrets_values_are_decoded()
    {
        var read = Kinds.Secret.Read(JsonElement.Parse("""{"data":{"url":"cG9zdGdyZXM="}}"""));
        Assert.Equal("postgres"u8.ToArray(), read.Data["url"]);
    }

    [Fact]
    public void A_raw_object_keeps_every_member()
    {
        const string json = """{"kind":"Anything","metadata":{"name":"a","more":[1,2]},"spec":{"deep":{"er":null}}}""";
        var read = RawObject.From(JsonElement.Parse(json));
        Assert.Equal("a", read.Metadata.Name);
        Assert.Equal(json, RawObject.Resource("", "v1", "Anything", "anythings", namespaced: true).Write(read).ToJsonString());
    }

    private static string? EventTime(DateTimeOffset time) =>
        (string?)ModelJson.Write(new Eventsv1Event { EventTime = time.ToMicroTime() }, ModelContext.Default.Eventsv1Event)["eventTime"];
}
