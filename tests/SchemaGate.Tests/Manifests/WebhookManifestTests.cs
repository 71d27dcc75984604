using System.Text.Json.Nodes;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Manifests;

public sealed class WebhookManifestTests
{
    /// <summary>The operator writes the webhooks again once it serves: what was applied before must not mean anything else.</summary>
    [Fact]
    public void The_webhooks_that_are_applied_are_those_that_the_operator_writes()
    {
        var written = WebhookRegistration.Wanted(new WebhookEndpoint.InCluster("schemagate", "schemagate-system"), "bundle").ToList();
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
}
