using System.Text.Json.Nodes;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Charts;

/// <summary>What real Helms make of the chart, without a cluster.</summary>
public sealed class RenderingTests
{
    /// <summary>Everything that is off at first.</summary>
    private static readonly string[] s_all =
    [
        "watchNamespaces={shop,billing}", "rbac.secretNames.shop={shop-db}", "rbac.argoRollouts=true", "certificates.from=CertManager",
        "networkPolicy.enabled=true", "metrics.serviceMonitor.enabled=true", "metrics.prometheusRule.enabled=true",
        "metrics.dashboard.enabled=true", "operator.allowPlainHttp=true", "operator.allowRegistries={registry.example.com}",
        "operator.allowReceivers={hooks.example.com}",
        "operator.registryAuthorities.configMap=ca", "operator.runnerImage=r", "operator.shutdownDelay=7s", "operator.extraArgs={--help}",
        "telemetry.otlp.endpoint=http://collector:4317", "telemetry.otlp.headersFrom.name=otlp", "telemetry.otlp.headersFrom.key=headers",
        "telemetry.otlp.protocol=grpc", "telemetry.resourceAttributes=a=b", "image.pullSecrets[0].name=regcred", "image.pullPolicy=Always",
        "priorityClassName=system-cluster-critical", "podAntiAffinity=required", "nodeSelector.a=b", "tolerations[0].operator=Exists",
        "extraEnv[0].name=A", "extraEnv[0].value=b", "labels.team=a", "podLabels.team=a", "podAnnotations.a=b",
        "serviceAccount.annotations.a=b", "metrics.serviceMonitor.labels.release=p", "metrics.port=9500", "replicas=3",
        "--api-versions policy/v1",
    ];

    /// <summary>What is on at first, off.</summary>
    private static readonly string[] s_none =
    [
        "crds.install=false", "rbac.create=false", "serviceAccount.create=false", "metrics.enabled=false",
        "podDisruptionBudget.enabled=false", "podAntiAffinity=", "uninstall.liftHolds=false", "image.tag=1.2.3",
    ];

    public static TheoryData<string> Helms => [Helm.Oldest, Helm.Newest];

    [Theory, MemberData(nameof(Helms))]
    public async Task Lint_has_nothing_to_say(string version)
    {
        using Helm helm = new(version);
        Assert.DoesNotContain("[WARNING]", await helm.RunAsync("lint", "--strict", Helm.Chart), StringComparison.Ordinal);
        await helm.RunAsync(["lint", "--strict", Helm.Chart, .. s_all.SkipLast(1).SelectMany(value => (string[])["--set", value])]);
    }

    /// <summary>Objects of the same name say the same, whichever way they are installed.</summary>
    [Theory]
    [InlineData(Helm.Oldest, "config/default")]
    [InlineData(Helm.Newest, "config/default")]
    [InlineData(Helm.Newest, "config/namespaced", "watchNamespaces={shop}")]
    public async Task It_makes_what_config_makes(string version, string folder, params string[] values)
    {
        using Helm helm = new(version);
        IReadOnlyList<RenderedObject> config = RenderedObject.Read(await TestEnvironment.RunAsync(
            "kubectl", ["kustomize", Path.Combine(TestEnvironment.Checkout, folder)]));
        // A release cannot make the namespace that it is in. The budget's version depends on the server's: it is config/optional.
        Same(
            config.Where(one => one.Kind != "Namespace"),
            (await helm.RenderAsync(values)).Where(one => !one.IsHook && one.Kind != "PodDisruptionBudget"));
    }

    [Theory, MemberData(nameof(Helms))]
    public async Task It_makes_what_config_has_for_those_who_want_it(string version)
    {
        using Helm helm = new(version);
        IReadOnlyList<RenderedObject> rendered = await helm.RenderAsync(
            "--api-versions policy/v1", "networkPolicy.enabled=true", "pages.enabled=true", "rbac.argoRollouts=true");
        IReadOnlyList<RenderedObject> optional =
        [
            .. Directory.EnumerateFiles(Path.Combine(TestEnvironment.Checkout, "config/optional"))
                .SelectMany(file => RenderedObject.Read(File.ReadAllText(file))).Where(one => one.Kind != "PodMonitor"),
        ];
        Same(optional, rendered.Where(one => optional.Any(other => other.Key == one.Key)));
    }

    [Theory, MemberData(nameof(Helms))]
    public async Task Each_switch_gives_whole_objects_whose_pods_satisfy_the_restricted_profile(string version)
    {
        using Helm helm = new(version);
        string[][] switches = [[], s_all, s_none, .. s_none.Select(one => (string[])[one]), .. s_all[4..9].Select(one => (string[])[one])];
        foreach (string[] values in switches)
        {
            IReadOnlyList<RenderedObject> rendered = await helm.RenderAsync(values);
            Assert.NotEmpty(rendered);
            Assert.All(
                rendered, one => Assert.Equal(Helm.Release, one.Content["metadata"]!["labels"]!["app.kubernetes.io/instance"]!.ToString()));
            Assert.Equal(rendered.Count, rendered.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count());
            Assert.All(rendered.Select(one => one.Pod).OfType<JsonObject>(), IsRestricted);
        }
    }

    /// <summary>The operator's Service would take a pod of the same labels for a replica.</summary>
    [Fact]
    public async Task No_other_pod_has_the_operator_s_label()
    {
        using Helm helm = new(Helm.Newest);
        IReadOnlyList<RenderedObject> rendered = await helm.RenderAsync(s_all);
        JsonNode[] labels =
        [
            rendered.Single(one => one.Kind == "Pod").Content["metadata"]!["labels"]!,
            rendered.Single(one => one.Kind == "Job").Content["spec"]!["template"]!["metadata"]!["labels"]!,
        ];
        Assert.All(labels, one => Assert.NotEqual("schemagate", one["app.kubernetes.io/name"]!.ToString(), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("true", "keep")]
    [InlineData("false", null)]
    public async Task The_definition_is_kept_where_that_is_wanted(string keep, string? policy)
    {
        using Helm helm = new(Helm.Newest);
        RenderedObject definition = (await helm.RenderAsync($"crds.keep={keep}")).Single(one => one.Kind == "CustomResourceDefinition");
        Assert.Equal(policy, definition.Content["metadata"]!["annotations"]?["helm.sh/resource-policy"]?.ToString());
    }

    [Fact]
    public async Task Secrets_are_read_by_name_where_they_are_named()
    {
        using Helm helm = new(Helm.Newest);
        IReadOnlyList<RenderedObject> rendered =
            await helm.RenderAsync("watchNamespaces={shop,billing}", "rbac.secretNames.shop={shop-db}");
        Assert.DoesNotContain(
            rendered.Where(one => one.Kind == "ClusterRole").SelectMany(one => one.Content["rules"]!.AsArray()),
            rule => rule!["resources"]!.AsArray().Any(resource => resource!.ToString() == "secrets"));
        Assert.Equal("""["shop-db"]""", Names("shop")?.ToJsonString());
        Assert.Null(Names("billing"));

        JsonNode? Names(string ns) =>
            rendered.Single(one => one.Key == $"Role {ns}/schemagate-secrets").Content["rules"]![0]!["resourceNames"];
    }

    [Theory]
    [InlineData("nosuch=1", "nosuch")]
    [InlineData("image.nosuch=1", "nosuch")]
    [InlineData("metrics.port=many", "port")]
    [InlineData("certificates.from=Nobody", "from")]
    [InlineData("watchNamespaces={Shop}", "watchNamespaces")]
    [InlineData("rbac.secretNames.shop={shop-db}", "shop is not among watchNamespaces")]
    public async Task A_value_that_means_nothing_is_refused(string value, string word)
    {
        using Helm helm = new(Helm.Oldest);
        (int code, string _, string error) = await helm.TryAsync(Helm.Template(value));
        Assert.NotEqual(0, code);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    private static void Same(IEnumerable<RenderedObject> expected, IEnumerable<RenderedObject> actual) => Assert.Equal(
        expected.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Comparable()),
        actual.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Comparable()), StringComparer.Ordinal);

    /// <summary>https://kubernetes.io/docs/concepts/security/pod-security-standards, as far as these pods go.</summary>
    private static void IsRestricted(JsonObject pod)
    {
        Assert.Empty(pod.Select(member => member.Key).Intersect(["hostNetwork", "hostPID", "hostIPC"], StringComparer.Ordinal));
        Assert.Equal("""{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}""", pod["securityContext"]!.ToJsonString());
        Assert.All(pod["containers"]!.AsArray(), container =>
        {
            Assert.Equal(
                """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true}""",
                container!["securityContext"]!.ToJsonString());
            Assert.All(container["ports"]?.AsArray() ?? [], port => Assert.Null(port!["hostPort"]));
        });
        Assert.All(
            pod["volumes"]?.AsArray() ?? [],
            volume => Assert.Empty(
                volume!.AsObject().Select(member => member.Key).Except(["name", "secret", "configMap"], StringComparer.Ordinal)));
    }
}
