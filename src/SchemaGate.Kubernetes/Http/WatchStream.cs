using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Kubernetes.Http;

/// <summary>The body of a watch: one JSON object on each line, {"type": …, "object": …}.</summary>
internal sealed class WatchStream<T>(string what, ResourceType<T> type, Stream body) : IAsyncDisposable
    where T : class, IKubernetesObject
{
    /// <summary>etcd refuses objects over 1.5 MiB; as JSON they are larger.</summary>
    private const int MaxLineBytes = 8 << 20;

    private readonly PipeReader reader = PipeReader.Create(body, new(bufferSize: 64 << 10));

    /// <returns>Null at the watch's regular end.</returns>
    public async Task<WatchEvent<T>?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var watchEvent = Parse(buffer.Slice(0, end));
                reader.AdvanceTo(buffer.GetPosition(1, end));
                return watchEvent;
            }

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new IOException("the watch was cut in the middle of an event");
            }

            if (buffer.Length > MaxLineBytes)
            {
                throw new KubernetesException(StatusReason.MalformedResponse, $"{what}: an event is larger than {MaxLineBytes >> 20} MiB");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => reader.CompleteAsync();

    private WatchEvent<T> Parse(ReadOnlySequence<byte> line)
    {
        using var document = JsonDocument.Parse(line, new() { MaxDepth = ResourceJson.MaxDepth });
        var value = Member(document.RootElement, "object");
        return Member(document.RootElement, "type").GetString() switch
        {
            "ADDED" => Change(WatchEventKind.Added, value),
            "MODIFIED" => Change(WatchEventKind.Modified, value),
            "DELETED" => Change(WatchEventKind.Deleted, value),
            "BOOKMARK" => new(WatchEventKind.Bookmark, Member(Member(value, "metadata"), "resourceVersion").GetString() ?? "", null),
            "ERROR" => throw StatusReading.ToException(what, value.Deserialize(ResourceJson.Default.Status) ?? new()),
            var other => throw new JsonException($"an event has the unknown type '{other}'"),
        };
    }

    private WatchEvent<T> Change(WatchEventKind kind, JsonElement element)
    {
        var value = element.Deserialize(type.Json) ?? throw new JsonException("an event has no object");
        return new(kind, value.Metadata.ResourceVersion ?? "", value);
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
            ? member
            : throw new JsonException($"an event has no '{name}'");
}
