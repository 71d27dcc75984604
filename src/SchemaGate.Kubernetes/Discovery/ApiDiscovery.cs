using System.Collections.Concurrent;
using System.Globalization;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Discovery;

/// <summary>Asks a server what it serves, by /version, /api, /apis and one list for each group and version.</summary>
public static class ApiDiscovery
{
    private const int MaxGroupVersions = 1000;
    private const int AtATime = 4;

    /// <exception cref="KubernetesException">
    /// The server does not say its version or its groups. A single group's failure is in the answer.
    /// </exception>
    public static async Task<ServerFeatures> ReadAsync(KubernetesClient client, CancellationToken cancellation = default)
    {
        var version = await client.GetVersionAsync(cancellation);
        var core = await client.ReadAsync("api", ModelContext.Default.V1APIVersions, cancellation);
        var groups = await client.ReadAsync("apis", ModelContext.Default.V1APIGroupList, cancellation);
        var wanted = (core.Versions ?? []).Select(name => (Name: name, Path: $"api/{name}"))
            .Concat(
                (groups.Groups ?? []).SelectMany(group => group.Versions ?? [])
                    .Select(one => (Name: one.GroupVersion, Path: $"apis/{one.GroupVersion}")))
            .Where(one => IsPlain(one.Name)).Take(MaxGroupVersions);
        var served = new ConcurrentBag<ServedResource>();
        var unreadable = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(wanted, limits, async (one, token) =>
        {
            try
            {
                var list = await client.ReadAsync(one.Path, ModelContext.Default.V1APIResourceList, token);
                foreach (var resource in list.Resources ?? [])
                {
                    served.Add(Served(one.Name, resource.Name));
                }
            }
            catch (KubernetesException e)
            {
                // As an aggregated server that is down: the others are no less there.
                unreadable[one.Name] = e.Message;
            }
        });
        return new(version.GitVersion, Number(version.Major), Number(version.Minor), served.ToHashSet(), unreadable);
    }

    /// <summary>Whether a server has a type: one request, which costs it no look at an object.</summary>
    /// <exception cref="KubernetesException">It does not say.</exception>
    public static async Task<bool> HasAsync<T>(KubernetesClient client, ResourceType<T> type, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var path = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.ApiVersion}";
        try
        {
            var list = await client.ReadAsync(path, ModelContext.Default.V1APIResourceList, cancellation);
            return (list.Resources ?? []).Any(resource => resource.Name == type.Plural);
        }
        catch (KubernetesException e) when (e.Reason == StatusReason.NotFound)
        {
            return false;
        }
    }

    /// <summary>As <see cref="ServerFeatures.IsAtLeast"/>, for who needs nothing else of a server.</summary>
    public static bool IsAtLeast(VersionInfo version, int major, int minor) =>
        (Number(version.Major), Number(version.Minor)).CompareTo((major, minor)) >= 0;

    private static ServedResource Served(string groupVersion, string resource) => groupVersion.Split('/') is [var group, var version]
        ? new(group, version, resource)
        : new("", groupVersion, resource);

    // What is put into a path.
    private static bool IsPlain(string groupVersion) =>
        groupVersion.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '-' or '/')
            && !groupVersion.Contains("..", StringComparison.Ordinal);

    // "20+" on hosted clusters.
    private static int Number(string text) =>
        int.TryParse(text.AsSpan().TrimEnd("+"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
