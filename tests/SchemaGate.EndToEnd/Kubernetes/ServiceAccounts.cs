using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.EndToEnd.Support;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>Real service accounts in a test's namespace, and the directory that a pod of theirs would have.</summary>
internal static class ServiceAccounts
{
    private static readonly ResourceType<RawObject> Type = RawObject.Resource(
        "",
        "v1",
        "ServiceAccount",
        "serviceaccounts",
        namespaced: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes an account, and gives the Secret that the cluster fills with its token, certificate and namespace.</summary>
    public static async Task<V1Secret> AddAccountAsync(this ScratchNamespace scratch, string name)
    {
        await scratch.Client.CreateAsync(Type, Named(scratch, name), Cancellation);
        var secret = new V1Secret
        {
            Type = "kubernetes.io/service-account-token",
            Metadata = new()
            {
                Name = $"{name}-token",
                NamespaceProperty = scratch.Name,
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/service-account.name"] = name },
            },
        };
        await scratch.Client.CreateAsync(Kinds.Secret, secret, Cancellation);
        await Eventually.TrueAsync(
            async () => (secret = await scratch.Client.GetAsync(Kinds.Secret, scratch.Name, $"{name}-token", Cancellation)).Data
                .ContainsKey("token"),
            () => "the cluster makes a token");
        return secret;
    }

    public static void Mount(this V1Secret secret, string directory)
    {
        foreach (var (file, content) in secret.Data)
        {
            File.WriteAllBytes(Path.Join(directory, file), content);
        }
    }

    public static string Token(this V1Secret secret) => Encoding.UTF8.GetString(secret.Data["token"]);

    /// <summary>Lets an account get Secrets by name in its namespace.</summary>
    public static async Task AllowSecretAsync(this ScratchNamespace scratch, string account, string secret)
    {
        var role = Named(scratch, account, JsonNode.Parse($$"""
            {"rules":[{"apiGroups":[""],"resources":["secrets"],"resourceNames":["{{secret}}"],"verbs":["get"]}]}
            """)!.AsObject());
        var binding = Named(scratch, account, JsonNode.Parse($$"""
            {"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"{{account}}"},
            "subjects":[{"kind":"ServiceAccount","name":"{{account}}","namespace":"{{scratch.Name}}"}]}
            """)!.AsObject());
        await scratch.Client
            .CreateAsync(RawObject.Resource("rbac.authorization.k8s.io", "v1", "Role", "roles", namespaced: true), role, Cancellation);
        await scratch.Client.CreateAsync(
            RawObject.Resource("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", namespaced: true), binding, Cancellation);
    }

    private static RawObject Named(ScratchNamespace scratch, string name, JsonObject? content = null)
    {
        content ??= [];
        content["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = scratch.Name };
        return RawObject.From(content);
    }
}
