using System.Net;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What keeps an operator from starting at all.</summary>
public sealed class OperatorStartTests
{
    [Fact]
    public async Task One_outside_of_a_cluster_whose_webhooks_have_a_Service_does_not_begin_and_says_what_to_do()
    {
        await using FakeApiServer server = await FakeApiServer.StartAsync();
        const string registered = """
            {"metadata":{"name":"schemagate"},"webhooks":[{"name":"a","clientConfig":{"service":{"namespace":"s","name":"g"}}}]}
            """;
        server.List(FakeApiServer.Text(200, registered)).List(FakeApiServer.Text(200, registered));
        string kubeconfig = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(kubeconfig, $$"""
                { "current-context": "c", "contexts": [{ "name": "c", "context": { "cluster": "c" } }],
                  "clusters": [{ "name": "c", "cluster": { "server": "{{server.Url}}" } }] }
                """, TestContext.Current.CancellationToken);
            OperatorOptions options = new("s", new(IPAddress.Loopback, 0), new WebhookEndpoint.Outside(new("https://127.0.0.1")))
            {
                Identity = "test",
                Kubeconfig = kubeconfig,
            };
            KubernetesException refused = await Assert.ThrowsAsync<KubernetesException>(
                () => OperatorProcess.RunAsync(options, TestContext.Current.CancellationToken));
            Assert.StartsWith("the webhooks are registered with the Service s/g", refused.Message, StringComparison.Ordinal);
            Assert.Contains("`kubectl delete mutatingwebhookconfiguration,validating", refused.Message, StringComparison.Ordinal);
            Assert.Equal(2, server.Requests.Count);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }
}
