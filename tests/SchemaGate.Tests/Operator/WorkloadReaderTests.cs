using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class WorkloadReaderTests
{
    [Fact]
    public void A_deployment_and_its_replica_set_have_one_template()
    {
        Workload workload = Cluster.Read(Cluster.Deployment());
        Revision revision = Cluster.ReadRevision(Cluster.ReplicaSet());
        Assert.Equal((workload.Template, workload.Requires), (revision.Template, revision.Requires));
        Assert.Equal("shop=x:1", workload.Requires);
        Assert.True(workload is { Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, Hold: null, Record: null });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"metadata":null}""")]
    [InlineData("""{"metadata":{"labels":[],"annotations":"x"}}""")]
    [InlineData("""{"metadata":{"labels":{"schemagate.dev/gated":true},"annotations":{"schemagate.dev/requires":1}}}""")]
    public void A_template_of_another_shape_names_no_gate(string template)
    {
        Workload workload = Cluster.Read(Cluster.Deployment(template: template));
        Assert.Equal((false, null), (workload.TemplateGated, workload.Requires));
        Assert.Empty(WorkloadReader.Gates(workload.Requires));
    }

    [Fact]
    public void What_was_noted_is_read_and_rubbish_is_not()
    {
        Hold hold = new(Paused: true, "t1", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Reasons.MigrationsPending, "words");
        string annotations = new JsonObject
        {
            [Names.Hold] = hold.ToJson(),
            [Names.Paused] = "true",
            [Names.Released] = """{"releases":[null]}"""
        }.ToJsonString();
        Workload workload = Cluster.Read(Cluster.Deployment(annotations, paused: true));
        Assert.Equal((hold, true, true, null), (workload.Hold, workload.Paused, workload.PauseAsked, workload.Record));
        Assert.Null(Cluster.Read(Cluster.Deployment("""{"schemagate.dev/hold":"{}","schemagate.dev/released":"[]"}""")).Hold);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(0, 1, true)]
    public void A_revision_is_active_while_it_has_or_is_to_have_pods(int replicas, int running, bool active) =>
        Assert.Equal(active, Cluster.ReadRevision(Cluster.ReplicaSet(replicas: replicas, running: running)).Active);

    [Fact]
    public void A_revision_whose_pods_are_asked_about_runs_by_its_record_or_by_a_pod_that_does_not_wait()
    {
        ReplicaSet set = Cluster.ReplicaSet(replicas: 2, running: 2).AsReplicaSet();
        set = set with { Template = set.Template with { HoldsPods = true } };
        Assert.False(Cluster.Reader.Read(set).Active);
        Assert.True(Cluster.Reader.Read(set, hasPods: true).Active);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("""[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-1","controller":true}]""", true)]
    [InlineData("""[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-2","controller":true}]""", false)]
    [InlineData("""[{"apiVersion":"v1","kind":"ConfigMap","name":"x","uid":"c-1"}]""", true)]
    public void A_replica_set_belongs_to_its_controller_or_to_whom_may_adopt_it(string owners, bool belongs) =>
        Assert.Equal(belongs, WorkloadReader.IsOf(Cluster.ReplicaSet(owners: owners).AsReplicaSet(), Cluster.Deployment().AsDeployment()));
}
