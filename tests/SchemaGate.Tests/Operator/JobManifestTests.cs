using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Running;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The Job that a gate makes, and what is read from its pods.</summary>
public sealed class JobManifestTests
{
    private const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Source = """{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"} }""";

    [Fact]
    public void Our_own_runner_applies_the_digest_that_was_judged_and_is_tried_once()
    {
        JsonObject job = Job(
            """{"mode":"Job","lockTimeout":"3s","deadline":"10m","statementTimeout":"1m"}""",
            more: ""","require":{"through":"m2"},"policy":{"ignoreUnknown":["other_*","x"]}""");
        string[] arguments = Arguments(job);
        Assert.Equal("migrate", arguments[0]);
        Assert.Contains($"--image=registry.test/shop:1@{Digest}", arguments, StringComparer.Ordinal);
        Assert.Contains("--through=m2", arguments, StringComparer.Ordinal);
        Assert.Contains("--lock-timeout=120s", arguments, StringComparer.Ordinal);
        Assert.Contains("--table-lock-timeout=3s", arguments, StringComparer.Ordinal);
        Assert.Contains("--deadline=600s", arguments, StringComparer.Ordinal);
        Assert.Contains("--statement-timeout=60s", arguments, StringComparer.Ordinal);
        Assert.Contains("--report-file=/dev/termination-log", arguments, StringComparer.Ordinal);
        Assert.Contains("--ignore-unknown=other_* --ignore-unknown=x", string.Join(' ', arguments), StringComparison.Ordinal);
        Assert.Equal(0, (int)job["spec"]!["backoffLimit"]!);
        Assert.Null(job["spec"]!["activeDeadlineSeconds"]);
        Assert.Equal("u-1", (string?)job["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Theory]
    [InlineData(Source, "tenant", "--schema=tenant --expect-database=7/shop/tenant")]
    [InlineData(Source, null, "")]
    [InlineData("""{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"},"schema":"asked"}""", null, "--schema=asked")]
    public void Our_own_runner_is_told_the_database_and_the_schema_that_were_judged(string source, string? schema, string told)
    {
        string[] arguments = Arguments(
            Job("""{"mode":"Job"}""", source: source, database: schema is null ? null : new("7", "shop", schema)));
        Assert.Equal(told, string.Join(' ', arguments.Where(argument => argument.StartsWith("--schema", StringComparison.Ordinal)
            || argument.StartsWith("--expect", StringComparison.Ordinal))));
    }

    [Fact]
    public void Resources_tolerations_and_the_time_to_end_are_the_gate_s_or_our_own()
    {
        JsonObject job = Job("""{"mode":"Job","resources":{"limits":{"memory":"1Gi"}},"tolerations":[{"key":"db","operator":"Exists"}]}""");
        Assert.Equal("""{"limits":{"memory":"1Gi"}}""", Container(job)["resources"]!.ToJsonString());
        Assert.Equal("""[{"key":"db","operator":"Exists"}]""", Pod(job)["tolerations"]!.ToJsonString());
        Assert.Equal(75, (int)Pod(job)["terminationGracePeriodSeconds"]!);
        JsonObject usual = Job("""{"mode":"Job"}""");
        Assert.Equal(
            """{"requests":{"cpu":"50m","memory":"64Mi"},"limits":{"memory":"512Mi"}}""",
            Container(usual)["resources"]!.ToJsonString());
        Assert.Null(Pod(usual)["tolerations"]);
    }

    [Fact]
    public void The_URL_goes_straight_from_the_Secret_to_the_container()
    {
        JsonNode variable = Assert.Single(
            Container(Job("""{"mode":"Job","urlFrom":{"name":"owner","key":"DIRECT_URL"}}"""))["env"]!.AsArray())!;
        Assert.Equal("DATABASE_URL", (string?)variable["name"]);
        Assert.Equal(
            ("owner", "DIRECT_URL"),
            ((string?)variable["valueFrom"]!["secretKeyRef"]!["name"], (string?)variable["valueFrom"]!["secretKeyRef"]!["key"]));
        Assert.Null(variable["value"]);
    }

    [Fact]
    public void It_satisfies_the_restricted_profile_and_has_no_token()
    {
        JsonObject job = Job("""{"mode":"Job"}""");
        JsonNode pod = Pod(job);
        JsonNode context = Container(job)["securityContext"]!;
        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
        Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
        Assert.False((bool)context["allowPrivilegeEscalation"]!);
        Assert.Equal("ALL", (string?)context["capabilities"]!["drop"]![0]);
        Assert.Equal("Never", (string?)pod["restartPolicy"]);
    }

    [Fact]
    public void Logins_and_authorities_are_mounted_where_there_are_some()
    {
        JsonObject job = Job("""{"mode":"Job"}""", changelog: ""","pullSecretRef":{"name":"pull"}""", authorities: "PEM");
        string[] arguments = Arguments(job);
        Assert.Contains("--registry-config=/etc/schemagate/registry/config.json", arguments, StringComparer.Ordinal);
        Assert.Contains("--registry-ca-file=/etc/schemagate/authorities/ca.pem", arguments, StringComparer.Ordinal);
        Assert.Equal(2, Pod(job)["volumes"]!.AsArray().Count);
        Assert.Equal("PEM", (string?)job["spec"]!["template"]!["metadata"]!["annotations"]!["schemagate.dev/registry-authorities"]);
        Assert.Empty(Pod(Job("""{"mode":"Job"}"""))["volumes"]!.AsArray());
    }

    [Fact]
    public void A_template_is_the_user_s_but_for_what_every_run_must_be()
    {
        JsonObject job = Job("""
            {"mode":"Job","deadline":"5m","serviceAccountName":"ours",
             "nodeSelector":{"a":"b"},"tolerations":[{"operator":"Exists"}],"imagePullSecrets":[{"name":"p"}],
             "template":{
              "metadata":{
               "labels":{"schemagate.dev/gated":"true","app":"shop"},"annotations":{"schemagate.dev/requires":"shop=a:1"}},
              "spec":{"serviceAccountName":"theirs","containers":[
               {"name":"a","image":"app:1","args":["prisma"]},
               {"name":"b","image":"b:1","env":[{"name":"DATABASE_URL","value":"x"}]}]}}}
            """);
        JsonNode template = job["spec"]!["template"]!;
        Assert.Null(template["metadata"]!["labels"]![Names.Gated]);
        Assert.Null(template["metadata"]!["annotations"]![Names.Requires]);
        Assert.Equal(
            ("shop", "false"),
            ((string?)template["metadata"]!["labels"]!["app"], (string?)template["metadata"]!["annotations"]!["sidecar.istio.io/inject"]));
        Assert.Equal(("theirs", "b", "p"), ((string?)Pod(job)["serviceAccountName"], (string?)Pod(job)["nodeSelector"]!["a"], (string?)Pod(
            job)["imagePullSecrets"]![0]!["name"]));
        Assert.Equal(300, (long)job["spec"]!["activeDeadlineSeconds"]!);
        Assert.NotNull(Pod(job)["containers"]![0]!["env"]![0]!["valueFrom"]);
        Assert.Equal("x", (string?)Assert.Single(Pod(job)["containers"]![1]!["env"]!.AsArray())!["value"]);
        Assert.Equal("prisma", (string?)Pod(job)["containers"]![0]!["args"]![0]);
        Assert.Equal("Exists", (string?)Pod(job)["tolerations"]![0]!["operator"]);
    }

    [Theory]
    [InlineData("""[{"name":5432}]""", """{"name":5432}""")]
    [InlineData("""[1,null,{}]""", "1")]
    public void What_makes_no_sense_in_a_template_is_left_to_the_API_server(string environment, string first)
    {
        JsonArray variables = Container(
            Job($$"""{"mode":"Job","template":{"spec":{"containers":[{"name":"a","env":{{environment}} }] } } }"""))["env"]!.AsArray();
        Assert.Equal(first, variables[0]!.ToJsonString());
        Assert.Equal("DATABASE_URL", (string?)variables[^1]!["name"]);
    }

    [Fact]
    public void Variables_that_are_no_list_are_left_to_the_API_server_and_not_replaced() =>
        Assert.Equal(
            """{"A":"b"}""",
            Container(Job("""{"mode":"Job","template":{"spec":{"containers":[{"name":"a","env":{"A":"b"}}]}}}"""))["env"]!.ToJsonString());

    [Theory]
    [InlineData("{}", "must be a PodTemplateSpec")]
    [InlineData("""{"spec":{"containers":[]}}""", "must have a container")]
    [InlineData("""{"spec":{"containers":[1]}}""", "must have a container")]
    [InlineData("""{"spec":{"restartPolicy":"OnFailure","containers":[{"name":"a"}]}}""", "restartPolicy Never")]
    [InlineData("""{"spec":{"restartPolicy":5,"containers":[{"name":"a"}]}}""", "restartPolicy Never")]
    public void A_template_that_can_run_nothing_is_refused(string template, string words) =>
        Assert.Contains(
            words,
            string.Join(' ', SpecReader.Read(Gate($$"""{"mode":"Job","template":{{template}} }""").Spec).Problems),
            StringComparison.Ordinal);

    [Fact]
    public void A_trace_is_continued_by_every_container_that_has_none_of_its_own()
    {
        JsonObject job = JobManifest.Traced(
            Job("""
                {"mode":"Job","template":{"spec":{"containers":[{"name":"a"},{"name":"b","env":[{"name":"TRACEPARENT","value":"x"}]}]}}}
                """), "00-a-b-01");
        Assert.Equal("00-a-b-01", (string?)job["metadata"]!["annotations"]![Names.Traceparent]);
        Assert.Equal(["00-a-b-01", "x"], Pod(job)["containers"]!.AsArray().Select(container => (string)container!["env"]!.AsArray()
            .Single(variable => (string?)variable!["name"] == "TRACEPARENT")!["value"]!), StringComparer.Ordinal);
    }

    [Fact]
    public void Without_a_trace_a_Job_says_nothing_of_one() =>
        Assert.DoesNotContain(
            "trace", JobManifest.Traced(Job("""{"mode":"Job"}"""), null).ToJsonString(), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Our_own_runner_is_told_the_collector_of_runs()
    {
        SchemaGateResource gate = Gate("""{"mode":"Job"}""", "", "", Source);
        JsonObject template = OwnRunner.Template(gate, SpecReader.Read(gate.Spec).Spec, Digest, null, new("schemagate:1", null)
        {
            Collector = new("http://collector:4318/$(X)"),
            CollectorProtocol = "http/protobuf",
        });
        Assert.Equal(
            """
            [{"name":"OTEL_EXPORTER_OTLP_ENDPOINT","value":"http://collector:4318/$$(X)"},
             {"name":"OTEL_EXPORTER_OTLP_PROTOCOL","value":"http/protobuf"}]
            """.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal),
            template["spec"]!["containers"]![0]!["env"]!.ToJsonString());
    }

    [Fact]
    public void A_template_cannot_stop_at_a_migration() => Assert.Contains(
        "spec.require.through and spec.migrate.template exclude each other",
        string.Join(' ', SpecReader.Read(Gate(
            """{"mode":"Job","template":{"spec":{"containers":[{"name":"a"}]}}}""",
            """,  "require":{"through":"m2"}""").Spec).Problems),
        StringComparison.Ordinal);

    [Fact]
    public void What_a_container_reported_is_found_among_what_others_wrote()
    {
        const string report = """
            {"applied":[],"appliedCount":0,"alreadyApplied":2,
             "failure":{"class":"Transient","kind":"Unreachable","message":"away","next":[]}}
            """;
        V1Pod pod = ReadPod($$"""
            {"metadata":{"name":"p"},"status":{"phase":"Failed","containerStatuses":[
              {"name":"side","state":{"terminated":{"exitCode":0,"message":"bye"} } },
              {"name":"migrate","state":{"terminated":{"exitCode":1,"reason":"Error","message":"{{JsonEncodedText.Encode(report)}}"} } }]} }
            """);
        Assert.Equal("away", PodStory.Report([pod], RunReport.FromJson)!.Failure!.Message);
    }

    [Theory]
    [InlineData(
        """
        {"phase":"Pending","containerStatuses":[
          {"name":"migrate","state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}]}
        """,
        "does not start: ImagePullBackOff. no such image")]
    [InlineData(
        """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes"}]}""",
        "finds no node: 0/3 nodes")]
    [InlineData(
        """{"phase":"Failed","containerStatuses":[{"name":"migrate","state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}""",
        "raise spec.migrate.resources")]
    [InlineData("""{"phase":"Failed","reason":"Evicted","message":"low on disk"}""", "was ended: Evicted. low on disk")]
    [InlineData(
        """{"phase":"Pending","containerStatuses":[{"name":"migrate","state":{"waiting":{"reason":"ContainerCreating"}}}]}""",
        null)]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"migrate","state":{}}]}""", null)]
    public void What_keeps_a_pod_from_its_work_is_said_in_a_sentence(string status, string? words)
    {
        string? trouble = PodStory.Trouble([ReadPod($$"""{"metadata":{"name":"p","namespace":"shop"},"status":{{status}} }""")]);
        Assert.Equal(words is null, trouble is null);
        Assert.Contains(words ?? "", trouble ?? "", StringComparison.Ordinal);
    }

    private static V1Pod ReadPod(string json) => Kinds.Pod.Read(JsonElement.Parse(json));

    private static JsonNode Pod(JsonObject job) => job["spec"]!["template"]!["spec"]!;

    private static JsonNode Container(JsonObject job) => Pod(job)["containers"]![0]!;

    private static string[] Arguments(JsonObject job) => [.. Container(job)["args"]!.AsArray().Select(argument => (string)argument!)];

    private static JsonObject Job(
        string migrate, string more = "", string changelog = "", string? authorities = null, string source = Source,
        DatabaseIdentity? database = null)
    {
        SchemaGateResource gate = Gate(migrate, more, changelog, source);
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec);
        Assert.Empty(problems);
        return JobManifest.Of(gate, spec, new("shop-migrate-1", "plan", "scope", 1, 0), Digest, database, new("schemagate:1", authorities));
    }

    private static SchemaGateResource Gate(
        string migrate,
        string more = "",
        string changelog = "",
        string source = Source) => SchemaGateResource.Resource.Read(JsonElement.Parse(
        $$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"u-1"},
         "spec":{"changelog":{"image":"registry.test/shop:1"{{changelog}} },"database":{{source}},"migrate":{{migrate}}{{more}} } }
        """));
}
