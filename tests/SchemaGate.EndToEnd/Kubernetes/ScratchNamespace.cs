using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>A namespace of a test's own in the cluster that KUBECONFIG names, deleted after.</summary>
public sealed class ScratchNamespace : IAsyncDisposable
{
    internal static readonly ResourceType<RawObject> Namespaces = RawObject.Resource(
        "",
        "v1",
        "Namespace",
        "namespaces",
        namespaced: false);

    private ScratchNamespace(KubernetesClient client, string name)
    {
        Client = client;
        Name = name;
    }

    public KubernetesClient Client { get; }

    public string Name { get; }

    public static KubernetesConfiguration Configuration()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
        {
            Prerequisite.Missing("KUBECONFIG names no cluster; bring one up with tests/cluster/up");
        }

        return KubernetesConfiguration.FromKubeconfig(path: null, context: null);
    }

    public static Task<ScratchNamespace> CreateAsync() => CreateAsync(new(Configuration(), "schemagate-tests"));

    public static async Task<ScratchNamespace> CreateAsync(KubernetesClient client)
    {
        var wanted = RawObject.From(new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "client-test-" } });
        var created = await client.CreateAsync(Namespaces, wanted, TestContext.Current.CancellationToken);
        return new(client, created.Metadata.Name!);
    }

    public Task<V1Secret> AddAsync(string name, params (string Name, string Value)[] labels) => Client.CreateAsync(Kinds.Secret, new()
    {
        Metadata = new()
        {
            Name = name,
            NamespaceProperty = Name,
            Labels = labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal)
        },
        Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["key"] = [0, 1, 255] },
    }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Client.DeleteAsync(Namespaces, null, Name, cancellation: CancellationToken.None);
        Client.Dispose();
    }
}

internal static class Prerequisite
{
    /// <summary>Skips the test; where continuous integration runs it, fails it.</summary>
    public static void Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(what);
        }

        Assert.Skip(what);
    }
}
