using System.Buffers;
using System.Globalization;
using System.Text;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// One page of a list. A page that is larger than is read at once is asked for again with half of its objects, down to one; of one that is
/// too large alone only the metadata is asked for, which has its name, and what comes after it.
/// </summary>
internal sealed class PagedReading<T>(ApiTransport transport, ResourceType<T> type, string? ns, TimeSpan timeout)
    where T : class, IMetadata<V1ObjectMeta>
{
    /// <summary>Several informers may read at once, and a pod has a limit: room for two objects of the largest size.</summary>
    private const int MaxBytes = 2 * ModelJson.MaxBytes;

    /// <summary>What a list without a limit is cut into first.</summary>
    private const int UsualLimit = 500;

    private const string MetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    public async Task<ResourceList<T>> ReadAsync(ListOptions options, CancellationToken cancellation)
    {
        int? tooLarge = options.TooLarge;
        for (int? limit = options.Limit; ; limit = limit is null ? UsualLimit : Math.Max(1, limit.Value / 2))
        {
            try
            {
                return await transport.SendAsync(
                    Request(options, limit),
                    body => ListReading.List(type, body) with { Limit = limit, TooLarge = tooLarge },
                    MaxBytes, timeout, cancellation);
            }
            catch (KubernetesException exception) when (exception.Reason == StatusReason.TooLarge && limit != 1)
            {
                // Asked for again, smaller.
                tooLarge = limit;
            }
            catch (KubernetesException exception) when (exception.Reason == StatusReason.TooLarge)
            {
                return await transport.SendAsync(
                    Request(options, limit) with { Accept = MetadataOnly }, Named, MaxBytes, timeout, cancellation);
            }
        }
    }

    private ApiRequest Request(ListOptions options, int? limit) => new(HttpMethod.Get, type.CollectionPath(ns), Query.Of(
        ("labelSelector", options.LabelSelector),
        ("fieldSelector", options.FieldSelector),
        ("limit", limit?.ToString(CultureInfo.InvariantCulture)),
        ("continue", options.Continue)));

    private ResourceList<T> Named(ReadOnlyMemory<byte> body)
    {
        ResourceList<RawObject> heads = ListReading.List(Whole, body);
        return new()
        {
            Metadata = heads.Metadata,
            Items = [],
            Unread = [.. heads.Items.Select(head => head.Content.ToString()).Select(
                head => ListReading.TooLarge(type, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(head)))), .. heads.Unread],
            Limit = 1,
        };
    }

    private ResourceType<RawObject> Whole => RawObject.Whole(type);
}
