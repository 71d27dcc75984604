using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;
using Entry = SchemaGate.Kubernetes.Configuration.Kubeconfig.Entry;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>A kubeconfig's <c>exec</c>, as client.authentication.k8s.io/v1 describes it.</summary>
internal static class KubeconfigExec
{
    private const string Group = "client.authentication.k8s.io";

    public static ExecPlugin Read(Entry user, Entry cluster, Uri server, string? authorities)
    {
        var exec = user.Content.Mapping("exec");
        var version = exec.Text("apiVersion");
        if (version is not ($"{Group}/v1" or $"{Group}/v1beta1"))
        {
            throw YamlFile.Invalid($"the kubeconfig's exec has apiVersion '{version}'; {Group}/v1 and {Group}/v1beta1 are spoken");
        }

        if (exec.Text("interactiveMode") is "Always")
        {
            throw YamlFile.Invalid("the kubeconfig's exec has interactiveMode Always, and nobody is here to be asked");
        }

        var info = new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = "ExecCredential",
            ["spec"] = exec.Flag("provideClusterInfo")
                ? new JsonObject { ["interactive"] = false, ["cluster"] = Cluster(cluster.Content, server, authorities) }
                : new JsonObject { ["interactive"] = false },
        };
        return new(
            version, Command(exec, user.Directory), exec.Texts("args"),
            [.. exec.Mappings("env").Select(variable => (
                variable.Text("name") ?? throw YamlFile.Invalid("one of the kubeconfig's 'env' has no name"), variable.Text("value")
                    ?? ""))],
            info.ToJsonString(), exec.Text("installHint"));
    }

    // As in client-go, only a name without any directory is looked for along PATH.
    private static string Command(YamlMappingNode exec, string directory)
    {
        var command = exec.Text("command") is { Length: > 0 } given
            ? given
            : throw YamlFile.Invalid("the kubeconfig's exec has no command");
        return Path.GetFileName(command) == command ? command : Path.Combine(directory, command);
    }

    private static JsonObject Cluster(YamlMappingNode cluster, Uri server, string? authorities) => new()
    {
        ["server"] = server.OriginalString,
        ["tls-server-name"] = cluster.Text("tls-server-name"),
        ["insecure-skip-tls-verify"] = cluster.Flag("insecure-skip-tls-verify"),
        ["certificate-authority-data"] = authorities is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities)),
        ["proxy-url"] = cluster.Text("proxy-url"),
        ["config"] = cluster.Mappings("extensions").FirstOrDefault(extension => extension.Text("name") == $"{Group}/exec") is { } own
            ? YamlJson.Of(own.Mapping("extension"))
            : null,
    };
}
