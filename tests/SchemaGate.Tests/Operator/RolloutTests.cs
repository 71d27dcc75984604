using System.Text.Json;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Tests.Operators;

/// <summary>Argo's Rollouts: https://argo-rollouts.readthedocs.io/en/stable/features/specification/.</summary>
public sealed class RolloutTests
{
    private const string Template = """
        {"metadata":{"labels":{"app":"shop","schemagate.dev/gated":"true"},"annotations":{"schemagate.dev/requires":"shop=x:2"} },
         "spec":{"containers":[{"name":"app","image":"shop:2"}]} }
        """;

    [Fact]
    public void A_Rollout_and_its_ReplicaSet_with_every_default_are_of_one_revision()
    {
        Workload workload = Cluster.Reader.Read(Rollout(Template));
        Revision revision = Cluster.Reader.Read(ReplicaSet("""
            {"metadata":{"creationTimestamp":null,"labels":{"app":"shop","schemagate.dev/gated":"true","rollouts-pod-template-hash":"5d",
              "role":"canary"},"annotations":{"schemagate.dev/requires":"shop=x:2"} },
             "spec":{"containers":[{"name":"app","image":"shop:2","imagePullPolicy":"IfNotPresent","resources":{} }],
              "restartPolicy":"Always","affinity":{"podAntiAffinity":{} } } }
            """));
        Assert.Equal((workload.Template, workload.Requires), (revision.Template, revision.Requires));
        Assert.True(workload is { Gated: true, TemplateGated: true, Brake: Brake.Refusal });
    }

    [Theory]
    [InlineData("x:2", "x:3")]
    [InlineData("shop:2", "shop:3")]
    public void Another_image_or_requirement_is_another_revision(string before, string now) => Assert.NotEqual(
        Cluster.Reader.Read(Rollout(Template)).Template,
        Cluster.Reader.Read(Rollout(Template.Replace(before, now, StringComparison.Ordinal))).Template, StringComparer.Ordinal);

    [Fact]
    public void A_Rollout_that_takes_a_Deployment_s_template_says_so_and_requires_nothing_itself()
    {
        Deployment rollout = Read(Deployment.Rollouts, """
            {"metadata":{"name":"shop","namespace":"shop","uid":"r-1"},
             "spec":{"workloadRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"shop-template"} } }
            """);
        Assert.Equal(("shop-template", (string?)null), (rollout.TemplateOf, rollout.Template.Requires));
    }

    [Fact]
    public void A_Rollout_that_is_held_is_not_paused_and_is_taken_back_by_Argo_s_own_command()
    {
        Workload workload = Cluster.Reader.Read(Rollout(Template));
        Assert.False(PauseNeed.Of(workload, [new("shop-5d", workload.Template, "shop=x:2", Active: false, Record: null)]));
        Assert.Equal("kubectl argo rollouts undo shop -n shop --to-revision=3", Rollout(Template).WayBack(isPaused: false));
    }

    private static Deployment Rollout(string template) => Read(Deployment.Rollouts, $$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"r-1","labels":{"schemagate.dev/gated":"true"},
          "annotations":{"rollout.argoproj.io/revision":"3"} },
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"shop"} },"template":{{template}} } }
        """);

    private static ReplicaSet ReplicaSet(string template) => Read(SchemaGate.Api.ReplicaSet.Resource, $$"""
        {"metadata":{"name":"shop-5d","namespace":"shop","uid":"s-1","ownerReferences":[
          {"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"shop","uid":"r-1","controller":true}]},
         "spec":{"replicas":2,"template":{{template}} },"status":{"replicas":2} }
        """);

    private static T Read<T>(ResourceType<T> type, string json)
        where T : class, IMetadata<V1ObjectMeta> => type.Read(JsonDocument.Parse(json).RootElement);
}
