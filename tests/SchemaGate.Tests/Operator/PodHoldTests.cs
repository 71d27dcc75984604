using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Operator.Pods;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class PodHoldTests
{
    private static readonly PodHoldOptions s_options =
        new("schemagate@sha256:1", new("https://schemagate.schemagate-system.svc"), "10.96.0.7", () => "PEM", HasSchedulingGates: false);

    [Fact]
    public void An_init_container_waits_before_all_others_and_is_put_there_once()
    {
        JsonObject pod = NewPod("""{"initContainers":[{"name":"mesh"}],"containers":[{"name":"app"}]}""");
        JsonObject held = Held(pod, s_options);
        Assert.Equal([Pod.WaitContainer, "mesh"], held.AsPod().InitContainers, StringComparer.Ordinal);
        JsonNode waiting = held["spec"]!["initContainers"]![0]!;
        Assert.Equal("""["wait","shop=x:1"]""", waiting["args"]!.ToJsonString());
        Assert.Equal(
            ["shop", "https://schemagate.schemagate-system.svc", "PEM", "10.96.0.7"],
            waiting["env"]!.AsArray().Select(variable => variable!["value"]!.ToString()), StringComparer.Ordinal);
        Assert.True(JsonNode.DeepEquals(held, Held(held, s_options)));
    }

    [Theory]
    [InlineData("\"image\":\"schemagate@sha256:1\"", "\"image\":\"busybox\"", true)]
    [InlineData("\"args\":[\"wait\",\"shop=x:1\"]", "\"args\":[\"version\"]", true)]
    [InlineData("\"args\":[", "\"command\":[\"true\"],\"args\":[", true)]
    [InlineData("\"args\":[", "\"restartPolicy\":\"Always\",\"args\":[", true)]
    [InlineData("https://schemagate.schemagate-system.svc", "https://elsewhere", true)]
    [InlineData("\"env\":[", "\"env\":[{\"name\":\"SCHEMAGATE_SERVER\",\"value\":\"https://elsewhere\"},", true)]
    [InlineData("schemagate@sha256:1", "mirror.test/proxied/schemagate@sha256:1", false)]
    [InlineData("\"env\":[", "\"env\":[{\"name\":\"MESH\",\"value\":\"on\"},", false)]
    public void A_container_of_that_name_that_does_not_wait_is_ours_afterwards(string ours, string theirs, bool isMended)
    {
        JsonObject held = Held(NewPod("""{"initContainers":[{"name":"mesh"}],"containers":[{"name":"app"}]}"""), s_options);
        string text = held.ToJsonString();
        Assert.Contains(ours, text, StringComparison.Ordinal);
        JsonObject sent = (JsonObject)JsonNode.Parse(text.Replace(ours, theirs, StringComparison.Ordinal))!;
        Assert.Equal(isMended, JsonNode.DeepEquals(held, Held(sent, s_options)));
        Assert.Equal(!isMended, JsonNode.DeepEquals(sent, Held(sent, s_options)));
    }

    [Fact]
    public void A_requirement_is_no_variable_of_the_container()
    {
        JsonObject pod = NewPod("""{"containers":[]}""");
        pod["metadata"]!["annotations"]![Names.Requires] = "shop=20240101_$(SCHEMAGATE_NAMESPACE)";
        // https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/: $$ is one.
        Assert.Equal(
            "shop=20240101_$$(SCHEMAGATE_NAMESPACE)",
            Held(pod, s_options)["spec"]!["initContainers"]![0]!["args"]![1]!.ToString());
    }

    [Fact]
    public void Where_the_server_has_scheduling_gates_the_pod_is_not_scheduled()
    {
        PodHoldOptions newer = s_options with { HasSchedulingGates = true, Image = null };
        JsonObject pod = NewPod("""{"schedulingGates":[{"name":"theirs"}],"containers":[]}""");
        JsonObject held = Held(pod, newer);
        Assert.Equal([Pod.MigrationsGate, "theirs"], held.AsPod().SchedulingGates, StringComparer.Ordinal);
        Assert.Empty(held.AsPod().InitContainers);
        JsonObject lifted = held.AsPod().Lifted.Apply(held)!;
        Assert.True(JsonNode.DeepEquals(pod, lifted));
    }

    [Fact]
    public void A_pod_that_has_its_node_already_waits_in_an_init_container()
    {
        JsonObject held = Held(NewPod("""{"nodeName":"n1","containers":[]}"""), s_options with { HasSchedulingGates = true });
        Assert.Equal(Pod.WaitContainer, Assert.Single(held.AsPod().InitContainers));
        Assert.Empty(held.AsPod().SchedulingGates);
    }

    [Fact]
    public void Without_an_image_or_an_authority_nothing_is_held_and_that_is_said()
    {
        Assert.Null(new PodHold(s_options).Problem);
        Assert.Contains("--runner-image", new PodHold(s_options with { Image = null }).Problem, StringComparison.Ordinal);
        Assert.Contains("certificate", new PodHold(s_options with { Authorities = () => null }).Problem, StringComparison.Ordinal);
    }

    private static JsonObject Held(JsonObject pod, PodHoldOptions options) =>
        new PodHold(options).Of(pod.AsPod(), JsonSerializer.SerializeToElement((JsonNode)pod), "shop").Apply(pod)!;

    private static JsonObject NewPod(string spec) => (JsonObject)JsonNode.Parse($$"""
        {"metadata":{"name":"p","namespace":"shop","resourceVersion":"3","labels":{"{{Names.Gated}}":"true"},
          "annotations":{"{{Names.Requires}}":"shop=x:1"} },"spec":{{spec}} }
        """)!;
}

internal static class PodJson
{
    public static Pod AsPod(this JsonNode value) => Pod.Resource.Read(JsonSerializer.SerializeToElement(value));
}
