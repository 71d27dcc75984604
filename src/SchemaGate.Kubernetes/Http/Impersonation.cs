using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Http;

/// <summary>The headers that ask in another's name.</summary>
internal static class Impersonation
{
    /// <exception cref="KubernetesException">InvalidConfiguration: a name that no header can hold.</exception>
    public static IReadOnlyList<(string Name, string Value)> Headers(UserInfo? user) => user is null ? [] :
    [
        Checked("Impersonate-User", user.Username ?? ""),
        .. user.Uid is { Length: > 0 } uid ? [Checked("Impersonate-Uid", uid)] : Array.Empty<(string, string)>(),
        .. user.Groups.Select(group => Checked("Impersonate-Group", group)),
        .. user.Extra.SelectMany(extra => extra.Value.Select(value => Checked($"Impersonate-Extra-{Uri.EscapeDataString(extra.Key)}", value))),
    ];

    private static (string Name, string Value) Checked(string name, string value) =>
        value.Length > 0 && value.All(sign => sign is >= ' ' and <= '~')
            ? (name, value)
            : throw YamlFile.Invalid($"the kubeconfig's impersonation has a value that {name} cannot carry: it is empty, or not printable ASCII");
}
