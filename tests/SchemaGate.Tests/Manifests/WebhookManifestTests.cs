using System.Text.Json.Nodes;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Manifests;

public sealed class WebhookManifestTests
{
    /// <summary>The operator writes the webhooks again once it serves: what was applied before must not mean anything else.</summary>
    [Fact]
    public void The_webhooks_that_are_applied_are_those_that_the_operator_writes()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        var written = WebhookContent.Wanted(endpoint, "bundle", unasked: [], hasMatchConditions: false).ToList();
        Assert.Equal(2, written.Count);
        Assert.All(written, configuration =>
        {
            Manifest applied = Manifest.OfKind(configuration.Type.Kind).Single();
            foreach (JsonNode? webhook in configuration.Content["webhooks"]!.AsArray())
            {
                Assert.True(webhook!["clientConfig"]!.AsObject().Remove("caBundle"));
                Assert.True(webhook["clientConfig"]!["service"]!.AsObject().Remove("path"));
            }

            Assert.True(JsonNode.DeepEquals(
                configuration.Content["webhooks"], applied.Content["webhooks"]), $"{configuration.Content}\n{applied.Content}");
        });
    }

    /// <summary>kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers: matchConditions.</summary>
    [Fact]
    public void Where_the_server_can_tell_a_pod_of_a_ReplicaSet_is_told_by_its_owner_and_not_by_a_label_that_anybody_may_copy()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        List<JsonNode> hooks = [.. WebhookContent.Wanted(endpoint, "bundle", [], hasMatchConditions: true)
            .SelectMany(configuration => configuration.Content["webhooks"]!.AsArray()).OfType<JsonNode>()];
        JsonNode pods = hooks.Single(hook => hook["name"]!.ToString() == "pods.schemagate.dev");
        // A Job's controller takes its finalizer off a pod that waits with every replica gone, too.
        JsonNode waiting = hooks.Single(hook => hook["name"]!.ToString() == "held-pods.schemagate.dev");
        Assert.Equal("hold-changed", Assert.Single(waiting["matchConditions"]!.AsArray())!["name"]!.ToString());

        Assert.Equal(
            ["schemagate.dev/gated Exists", "controller-revision-hash DoesNotExist"],
            pods["objectSelector"]!["matchExpressions"]!.AsArray().Select(term => $"{term!["key"]} {term["operator"]}"),
            StringComparer.Ordinal);
        JsonNode condition = Assert.Single(pods["matchConditions"]!.AsArray())!;
        Assert.Equal("not-born", condition["name"]!.ToString());
        Assert.StartsWith("!(has(object.metadata.ownerReferences) && ", condition["expression"]!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// What is deleted with its dependents loses its finalizer with nobody there to ask, too: that is an update of nothing that is judged.
    /// </summary>
    [Fact]
    public void Where_the_server_can_tell_it_asks_about_no_update_of_finalizers_alone()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        List<JsonNode> hooks = [.. WebhookContent.Wanted(endpoint, "bundle", [], hasMatchConditions: true)
            .SelectMany(configuration => configuration.Content["webhooks"]!.AsArray()).OfType<JsonNode>()
            .Where(hook => hook["name"]!.ToString() != "held-pods.schemagate.dev" && hook["failurePolicy"]!.ToString() == "Fail")
            .Where(hook => hook["rules"]!.AsArray().Any(rule =>
                Manifest.Texts(rule!["operations"]).Contains("UPDATE", StringComparer.Ordinal)
                && !rule["resources"]![0]!.ToString().Contains('/', StringComparison.Ordinal)))];
        Assert.Equal(5, hooks.Count);
        Assert.All(hooks, hook =>
        {
            string expression = Assert.Single(hook["matchConditions"]!.AsArray())!["expression"]!.ToString();
            Assert.DoesNotContain("finalizers", expression, StringComparison.Ordinal);
            // What stands may be changed by a webhook that comes later.
            Assert.Contains(" || !has(object.metadata.deletionTimestamp) || ", expression, StringComparison.Ordinal);
            Assert.All((string[])["spec", "metadata.labels", "metadata.annotations"], member => Assert.Contains(
                $"object.{member} != oldObject.{member}", expression, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Only_the_pods_of_revisions_that_run_are_made_with_nobody_there_to_ask()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        IEnumerable<JsonNode> hooks = WebhookContent.Wanted(endpoint, "bundle", ["db-5d"], hasMatchConditions: false)
            .SelectMany(configuration => configuration.Content["webhooks"]!.AsArray()).OfType<JsonNode>();

        Assert.Equal(
            ["""Fail {"key":"controller-revision-hash","operator":"NotIn","values":["db-5d"]}""",
             """Ignore {"key":"controller-revision-hash","operator":"In","values":["db-5d"]}"""],
            hooks.Where(hook => hook["name"]!.ToString().StartsWith("podset-pods", StringComparison.Ordinal))
                .Select(hook => $"{hook["failurePolicy"]} {hook["objectSelector"]!["matchExpressions"]![2]!.ToJsonString()}"),
            StringComparer.Ordinal);
    }
}
