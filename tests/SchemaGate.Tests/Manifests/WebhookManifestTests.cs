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
        var written = WebhookRegistration.Wanted(endpoint, "bundle", unasked: []).ToList();
        Assert.Equal(2, written.Count);
        Assert.All(written, configuration =>
        {
            Manifest applied = Manifest.OfKind(configuration.Type.Kind).Single();
            foreach (JsonNode? webhook in configuration.Content["webhooks"]!.AsArray())
            {
                Assert.True(webhook!["clientConfig"]!.AsObject().Remove("caBundle"));
            }

            Assert.True(JsonNode.DeepEquals(
                configuration.Content["webhooks"], applied.Content["webhooks"]), $"{configuration.Content}\n{applied.Content}");
        });
    }

    [Fact]
    public void Only_the_pods_of_revisions_that_run_are_made_with_nobody_there_to_ask()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        IEnumerable<JsonNode> hooks = WebhookRegistration.Wanted(endpoint, "bundle", ["db-5d"])
            .SelectMany(configuration => configuration.Content["webhooks"]!.AsArray()).OfType<JsonNode>();

        Assert.Equal(
            ["""Fail {"key":"controller-revision-hash","operator":"NotIn","values":["db-5d"]}""",
             """Ignore {"key":"controller-revision-hash","operator":"In","values":["db-5d"]}"""],
            hooks.Where(hook => hook["name"]!.ToString().StartsWith("podset-pods", StringComparison.Ordinal))
                .Select(hook => $"{hook["failurePolicy"]} {hook["objectSelector"]!["matchExpressions"]![3]!.ToJsonString()}"),
            StringComparer.Ordinal);
    }
}
