using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Discovery;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class DiscoveryTests
{
    [Fact]
    public async Task A_server_is_asked_what_it_has()
    {
        using var client = new KubernetesClient(ScratchNamespace.Configuration(), "schemagate-tests");
        var features = await ApiDiscovery.ReadAsync(client, TestContext.Current.CancellationToken);
        Assert.True(features.IsAtLeast(1, 20), features.GitVersion);
        Assert.True(features.Has("", "v1", "pods/eviction") && features.Has("apps", "v1", "deployments")
            && features.Has("events.k8s.io", "v1", "events"));
        Assert.False(features.Has("apps", "v1", "schemagates"));
        // The two came in one release.
        Assert.Equal(features.IsAtLeast(1, 21), features.Has("policy", "v1", "poddisruptionbudgets"));
        Assert.Equal(features.IsAtLeast(1, 21), features.Has("batch", "v1", "cronjobs"));
        Assert.Empty(features.Unreadable);
    }
}
