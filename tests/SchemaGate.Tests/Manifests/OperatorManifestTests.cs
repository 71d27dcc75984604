using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Operator;

namespace SchemaGate.Tests.Manifests;

/// <summary>The manifests that run the operator, against what it is and what clusters ask of it.</summary>
public sealed class OperatorManifestTests
{
    private static readonly JsonNode s_deployment = Single("Deployment");
    private static readonly JsonNode s_pod = s_deployment["spec"]!["template"]!["spec"]!;
    private static readonly JsonNode s_container = Assert.Single(Manifest.Items(s_pod["containers"]))!;

    public static TheoryData<string> Patches => ["", "namespaced/watched.yaml", "demo/operator/plain-http.yaml"];

    /// <summary>
    /// https://kubernetes.io/docs/concepts/security/pod-security-standards, restricted, as far as a pod without volumes goes.
    /// </summary>
    [Fact]
    public void Its_pods_satisfy_the_restricted_profile()
    {
        Assert.Empty(s_pod.AsObject().Select(member => member.Key)
            .Intersect(["hostNetwork", "hostPID", "hostIPC", "volumes", "initContainers"], StringComparer.Ordinal));
        Assert.Equal("""{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}""", s_pod["securityContext"]!.ToJsonString());
        Assert.Equal(
            """{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}""",
            s_container["securityContext"]!.ToJsonString());
        Assert.All(Manifest.Items(s_container["ports"]), port => Assert.Null(port!["hostPort"]));
    }

    [Fact]
    public void Its_namespace_asks_for_the_restricted_profile() =>
        Assert.Equal("restricted", Single("Namespace")["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]!.ToString());

    [Theory]
    [MemberData(nameof(Patches))]
    public void The_operator_takes_its_arguments(string patch) =>
        Assert.Empty(OperatorCommand.Create().Parse(Arguments(patch)).Errors);

    [Fact]
    public void Its_ports_are_those_it_listens_on() => Assert.Equal(
        Arguments("").Where(argument => argument.Contains("listen", StringComparison.Ordinal))
            .Select(argument => argument[(argument.LastIndexOf(':') + 1)..])
            .Append(OperatorCommand.Create().Parse(Arguments("")).GetValue<int>("--metrics-port").ToString(CultureInfo.InvariantCulture)),
        Manifest.Items(s_container["ports"]).Select(port => port!["containerPort"]!.ToString()), StringComparer.Ordinal);

    [Theory]
    [InlineData("livenessProbe", "/healthz")]
    [InlineData("readinessProbe", "/readyz")]
    public void It_is_probed_where_it_answers_without_TLS(string probe, string path)
    {
        JsonNode request = s_container[probe]!["httpGet"]!;
        Assert.Equal((path, "health"), (request["path"]!.ToString(), request["port"]!.ToString()));
    }

    [Fact]
    public void The_webhooks_ask_the_Service_and_the_Service_asks_the_operator()
    {
        JsonNode service = Single("Service");
        JsonNode port = Assert.Single(Manifest.Items(service["spec"]!["ports"]))!;
        Assert.Equal(Port("webhook"), port["targetPort"]!.ToString());
        Assert.Contains($"--service={service["metadata"]!["name"]}", Arguments(""), StringComparer.Ordinal);
        Assert.True(JsonNode.DeepEquals(service["spec"]!["selector"], s_deployment["spec"]!["template"]!["metadata"]!["labels"]));
        Assert.All(Manifest.OfKind("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"), configuration =>
        {
            JsonNode target = Manifest.Items(configuration.Content["webhooks"])[0]!["clientConfig"]!["service"]!;
            Assert.Equal(service["metadata"]!["name"]!.ToString(), target["name"]!.ToString());
            Assert.Equal(service["metadata"]!["namespace"]!.ToString(), target["namespace"]!.ToString());
            Assert.Equal(port["port"]!.ToString(), target["port"]!.ToString());
        });
    }

    [Fact]
    public void What_cannot_be_asked_about_is_refused_from_the_first_second() => Assert.All(
        Manifest.OfKind("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
            .SelectMany(manifest => Manifest.Items(manifest.Content["webhooks"])),
        webhook => Assert.Equal(
            // What is there already is scaled with every replica of the operator gone, and its pods are made.
            webhook!["name"]!.ToString() is "revisions.schemagate.dev" or "pod-template-hash.schemagate.dev"
                or "rollouts-pod-template-hash.schemagate.dev" ? "Ignore" : "Fail", webhook["failurePolicy"]!.ToString()));

    private static string Port(string name) =>
        Manifest.Items(s_container["ports"]).Single(port => port!["name"]!.ToString() == name)!["name"]!.ToString();

    private static JsonNode Single(string kind) => Assert.Single(Manifest.OfKind(kind)).Content;

    private static string[] Arguments(string patch)
    {
        IEnumerable<string> added = patch is "" ? [] : Manifest.Read(Path.Combine(Manifest.Folder, patch))
            .SelectMany(manifest => Manifest.Items(manifest.Content["patch"])).Select(step => step!["value"]!.ToString());
        return [.. Manifest.Texts(s_container["args"]).Concat(added).Skip(1)];
    }
}
