using System.Text.Json;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>Finds the object that kept a page of a list from being read, so that somebody can mend it.</summary>
internal static class UnreadableObject
{
    /// <returns>The refusal with the first such object's name, or the refusal as it was where the page can be read now, or no item is at fault.</returns>
    public static async Task<KubernetesException> NameAsync<T>(
        KubernetesException refusal, KubernetesClient client, ResourceType<T> type, string? ns, ListOptions page, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        var raw = RawObject.Resource(type.Group, type.Version, type.Kind, type.Plural, type.Namespaced);
        foreach (var item in (await client.ListAsync(raw, ns, page, cancellation)).Items)
        {
            try
            {
                item.Content.Deserialize(type.Json);
            }
            catch (JsonException e)
            {
                var message
                    = $"{type.Kind} {ObjectKey.Of(item)} cannot be read, and keeps all {type.Plural} from being followed: {e.Message}";
                return new(StatusReason.MalformedResponse, message, inner: refusal);
            }
        }

        return refusal;
    }
}
