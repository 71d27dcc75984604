using k8s.Models;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// The headers that ask in another's name. This runtime sends a header's several values as one line with commas, where the server
/// would read a single group of that odd name: several are refused.
/// </summary>
internal static class Impersonation
{
    /// <exception cref="KubernetesException">InvalidConfiguration: several groups or values, or what no header can hold.</exception>
    public static IReadOnlyList<(string Name, string Value)> Headers(V1UserInfo? user)
    {
        var headers = user is null ? [] : All(user);
        return headers.CountBy(header => header.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(name => name.Value > 1) is { Key: { } repeated }
            ? throw YamlFile.Invalid($"the kubeconfig's impersonation has several values for {repeated}; only one can be sent")
            : headers;
    }

    private static IReadOnlyList<(string Name, string Value)> All(V1UserInfo user) =>
    [
        Checked("Impersonate-User", user.Username ?? ""),
        .. user.Uid is { Length: > 0 } uid ? [Checked("Impersonate-Uid", uid)] : Array.Empty<(string, string)>(),
        .. (user.Groups ?? []).Select(group => Checked("Impersonate-Group", group)),
        .. (user.Extra ?? new Dictionary<string, IList<string>>(StringComparer.Ordinal))
            .SelectMany(extra => extra.Value.Select(value => Checked($"Impersonate-Extra-{Uri.EscapeDataString(extra.Key)}", value))),
    ];

    private static (string Name, string Value) Checked(string name, string value) =>
        value.Length > 0 && value.All(sign => sign is >= ' ' and <= '~')
            ? (name, value)
            : throw YamlFile.Invalid(
                $"the kubeconfig's impersonation has a value that {name} cannot carry: it is empty, or not printable ASCII");
}
