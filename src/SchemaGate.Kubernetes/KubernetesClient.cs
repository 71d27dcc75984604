using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Http;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Kubernetes;

/// <summary>
/// The Kubernetes API by type. Every method throws <see cref="KubernetesException"/> and nothing else for what the
/// server or the network does, and <see cref="ArgumentException"/> for a name that cannot be one.
/// Thread-safe; one for a process is enough.
/// </summary>
public sealed class KubernetesClient : IDisposable
{
    private readonly ApiTransport transport;
    private readonly TimeProvider time;
    private readonly string fieldManager;
    private readonly Func<bool>? permitted;

    /// <param name="configuration">Where the server is and who asks.</param>
    /// <param name="fieldManager">Recorded by the server as the owner of every field that this client writes.</param>
    /// <param name="userAgent">Null means the field manager.</param>
    /// <param name="time">Measures the time limits.</param>
    /// <exception cref="KubernetesException">InvalidConfiguration: a token or a name that cannot be sent.</exception>
    public KubernetesClient(
        KubernetesConfiguration configuration, string fieldManager, string? userAgent = null, TimeProvider? time = null)
    {
        this.fieldManager = fieldManager;
        this.time = time ?? TimeProvider.System;
        transport = new(configuration, userAgent ?? fieldManager, this.time);
    }

    private KubernetesClient(KubernetesClient origin, Func<bool> permitted)
    {
        (transport, time, fieldManager, RequestTimeout) = (origin.transport, origin.time, origin.fieldManager, origin.RequestTimeout);
        this.permitted = origin.permitted is { } outer ? () => outer() && permitted() : permitted;
    }

    /// <summary>For every request; a watch has it for its beginning only.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// This client, whose every write (create, replace, patch, delete; reviews too, which the API creates) asks immediately before
    /// it is sent, and is refused with <see cref="StatusReason.NotLeading"/> where the answer is no. Reads pass. What is paused
    /// between the question and the sending still writes: where that matters, the write must carry a resourceVersion (replace), a test
    /// of it (patch) or a precondition (delete).
    /// </summary>
    /// <returns>A view over the same connections, which live as long as this client; disposing it does nothing.</returns>
    public KubernetesClient Fenced(Func<bool> permitted) => new(this, permitted);

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellation = default) =>
        ReadAsync("version", ModelContext.Default.VersionInfo, cancellation);

    /// <exception cref="KubernetesException">NotFound, among others.</exception>
    public Task<T> GetAsync<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta> =>
        SendAsync(type, new(HttpMethod.Get, type.ObjectPath(ns, name, null)), cancellation);

    /// <returns>Null where there is none.</returns>
    public async Task<T?> FindAsync<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        try
        {
            return await GetAsync(type, ns, name, cancellation);
        }
        catch (KubernetesException e) when (e.Reason == StatusReason.NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// One page, as large as <paramref name="options"/> say; a smaller one where that is more than this client reads at once.
    /// </summary>
    /// <param name="type">The objects' type.</param>
    /// <param name="ns">Null means every namespace.</param>
    /// <param name="options">Everything at once where null.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="KubernetesException">MalformedResponse, with the name of an object that cannot be read, among others.</exception>
    public async Task<ResourceList<T>> ListAsync<T>(
        ResourceType<T> type, string? ns, ListOptions? options = null, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var page = await PageAsync(type, ns, options ?? new(), cancellation);
        return page.Unread is [var unread, ..] ? throw new KubernetesException(StatusReason.MalformedResponse, unread.ToString()) : page;
    }

    /// <summary>
    /// As <see cref="ListAsync"/>, for who goes on without the objects that cannot be read, and closes what they stand for.
    /// </summary>
    public Task<ResourceList<T>> PageAsync<T>(
        ResourceType<T> type, string? ns, ListOptions options, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta> =>
        new PagedReading<T>(transport, type, ns, RequestTimeout).ReadAsync(options, cancellation);

    /// <summary>All pages, of one moment. Where the server forgets that moment between two pages, everything is read at once.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<ResourceList<T>> ListAllAsync<T>(
        ResourceType<T> type, string? ns, ListOptions? options = null, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var wished = (options ?? new()) with { Limit = options?.Limit ?? 500, Continue = null };
        options = wished;
        var items = new List<T>();
        try
        {
            while (true)
            {
                var page = await ListAsync(type, ns, options, cancellation);
                items.AddRange(page.Items);
                if (page.Metadata.ContinueProperty is not { Length: > 0 })
                {
                    return page with { Items = items };
                }

                options = page.Next(wished);
            }
        }
        catch (KubernetesException e) when (options.Continue is not null && e.Reason is StatusReason.Expired or StatusReason.Gone)
        {
            var all = await ListAsync(type, ns, options with { Limit = null, Continue = null }, cancellation);
            // A part must not be taken for all of it.
            return all.Metadata.ContinueProperty is not { Length: > 0 } ? all : throw new KubernetesException(
                StatusReason.TooLarge, $"all {type.Plural} at once are more than this client reads", retryable: true, inner: e);
        }
    }

    /// <summary>
    /// The changes from a moment on, until the server ends the watch (which is regular: watch again from the last
    /// <see cref="WatchEvent{T}.ResourceVersion"/>). Bookmarks are asked for.
    /// </summary>
    /// <exception cref="KubernetesException">Expired or Gone: list again. Unreachable, Timeout: watch again.</exception>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type, string? ns, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        options ??= new();
        var request = new ApiRequest(HttpMethod.Get, type.CollectionPath(ns), Query.Of(
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", Math.Ceiling(options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("resourceVersion", options.ResourceVersion)));
        var what = $"watch {request}";
        using var deadline = new Deadline(RequestTimeout, time, cancellation);
        using var response = await deadline.GuardAsync(what, token => transport.OpenAsync(request, token));
        deadline.Restart(options.Timeout + RequestTimeout);
        options.Opened?.Invoke();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await using var events = new WatchStream<T>(what, type, body);
        while (await deadline.GuardAsync(what, events.NextAsync) is { } next)
        {
            yield return next;
        }
    }

    /// <summary>In the namespace that the object's metadata names.</summary>
    public Task<T> CreateAsync<T>(ResourceType<T> type, T value, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        if (type.Namespaced && value.Metadata?.NamespaceProperty is null)
        {
            throw new ArgumentException($"a {type.Kind} lives in a namespace; name it", nameof(value));
        }

        var path = type.CollectionPath(value.Metadata?.NamespaceProperty);
        return SendAsync(type, new(HttpMethod.Post, path, Managed(), Body(type, value)), cancellation);
    }

    /// <summary>Writes the object whole: what its record does not name is dropped. Conflict if its resourceVersion is an old one.</summary>
    public Task<T> ReplaceAsync<T>(
        ResourceType<T> type, T value, string? subresource = null, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var path = type.ObjectPath(value.Metadata?.NamespaceProperty, value.Metadata?.Name ?? "", subresource);
        return SendAsync(type, new(HttpMethod.Put, path, Managed(), Body(type, value)), cancellation);
    }

    /// <param name="type">The object's type.</param>
    /// <param name="ns">Null for cluster-scoped types.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="patch">The change.</param>
    /// <param name="subresource">"status", "scale"; null for the object itself.</param>
    /// <param name="cancellation">Ends the request; the change may have been made all the same.</param>
    /// <returns>The object after the change.</returns>
    public Task<T> PatchAsync<T>(
        ResourceType<T> type, string? ns, string name, Patch patch, string? subresource = null, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var path = type.ObjectPath(ns, name, subresource);
        return SendAsync(type, patch switch
        {
            JsonPatch json => new(HttpMethod.Patch, path, Managed(), json.ToUtf8Json(), JsonPatch.ContentType),
            MergePatch merge => new(HttpMethod.Patch, path, Managed(), Utf8(merge.Content), "application/merge-patch+json"),
            ApplyPatch apply => new(
                HttpMethod.Patch, path, Applied(apply), Utf8(Named(type, name, apply.Content)), "application/apply-patch+yaml"),
            _ => throw new ArgumentException($"{patch.GetType().Name} is not a patch", nameof(patch)),
        }, cancellation);
    }

    /// <summary>Asks for the deletion; finalizers may delay it.</summary>
    public Task DeleteAsync<T>(
        ResourceType<T> type, string? ns, string name, DeleteOptions? options = null, CancellationToken cancellation = default)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = options?.PropagationPolicy,
            ["gracePeriodSeconds"] = options?.GracePeriodSeconds,
        };
        if (options?.Uid is not null || options?.ResourceVersion is not null)
        {
            body["preconditions"] = new JsonObject { ["uid"] = options.Uid, ["resourceVersion"] = options.ResourceVersion };
        }

        var request = new ApiRequest(HttpMethod.Delete, type.ObjectPath(ns, name, null), Body: Utf8(body));
        // Answered with a Status or with the object, whichever the type does.
        return SendAsync(request, json => json.ValueKind, cancellation);
    }

    public void Dispose()
    {
        if (permitted is null)
        {
            transport.Dispose();
        }
    }

    internal Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) => transport.SendAsync(
        new(HttpMethod.Get, path), json => ModelJson.Value(json, type), ModelJson.MaxBytes, RequestTimeout, cancellation);

    private Task<T> SendAsync<T>(ResourceType<T> type, ApiRequest request, CancellationToken cancellation)
        where T : class, IMetadata<V1ObjectMeta> =>
        SendAsync(request, type.Read, cancellation);

    private Task<T> SendAsync<T>(ApiRequest request, Func<JsonElement, T> read, CancellationToken cancellation) =>
        transport.SendAsync(
            request.Method == HttpMethod.Get
                ? request
                : request with { Permitted = permitted }, read, ModelJson.MaxBytes, RequestTimeout, cancellation);

    private string Managed() => Query.Of(("fieldManager", fieldManager));

    private string Applied(ApplyPatch apply) =>
        Query.Of(("fieldManager", apply.FieldManager ?? fieldManager), ("force", apply.Force ? "true" : null));

    private static byte[] Body<T>(ResourceType<T> type, T value)
        where T : class, IMetadata<V1ObjectMeta> =>
        Utf8(Typed(type, type.Write(value)));

    private static JsonObject Named<T>(ResourceType<T> type, string name, JsonObject content)
        where T : class, IMetadata<V1ObjectMeta>
    {
        var named = Typed(type, content.DeepClone().AsObject());
        if (named["metadata"] is not JsonObject metadata)
        {
            named["metadata"] = metadata = [];
        }

        metadata["name"] = name;
        return named;
    }

    private static JsonObject Typed<T>(ResourceType<T> type, JsonObject content)
        where T : class, IMetadata<V1ObjectMeta>
    {
        content["apiVersion"] = type.ApiVersion;
        content["kind"] = type.Kind;
        return content;
    }

    private static byte[] Utf8(JsonObject content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            content.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
