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

    // A watch is silent for minutes, and there may be a thousand: none holds a buffer before there is something to read.
    private readonly PipeReader reader = PipeReader.Create(body, new(bufferSize: 16 << 10, useZeroByteReads: true));

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

    private WatchEvent<T> Parse(ReadOnlySequence<byte> text)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = ResourceJson.MaxDepth });
        var line = JsonSerializer.Deserialize(ref json, ResourceJson.Default.WatchLine) ?? throw new JsonException("an event is null");
        return line.Type switch
        {
            "ADDED" => Change(WatchEventKind.Added, line.Object),
            "MODIFIED" => Change(WatchEventKind.Modified, line.Object),
            "DELETED" => Change(WatchEventKind.Deleted, line.Object),
            "BOOKMARK" => Bookmark(line.Object),
            "ERROR" => throw StatusReading.ToException(what, line.Object.Deserialize(ResourceJson.Default.Status) ?? new()),
            _ => throw new JsonException("an event's type is none of the five"),
        };
    }

    private WatchEvent<T> Change(WatchEventKind kind, JsonElement element)
    {
        var value = element.Deserialize(type.Json) ?? throw new JsonException("an event has no object");
        return new(kind, Version(value.Metadata), value);
    }

    private static WatchEvent<T> Bookmark(JsonElement element) =>
        new(WatchEventKind.Bookmark, Version(element.Deserialize(ResourceJson.Default.BookmarkObject)?.Metadata), null);

    // Without one a watch would begin again with everything, and call it new.
    private static string Version(ObjectMeta? metadata) => metadata?.ResourceVersion is { Length: > 0 } version
        ? version
        : throw new JsonException("an event has no resourceVersion");
}

internal sealed record WatchLine
{
    public required string Type { get; init; }

    public required JsonElement Object { get; init; }
}

/// <summary>A bookmark's object has a kind and a version, and need not be readable as the type watched.</summary>
internal sealed record BookmarkObject
{
    public ObjectMeta? Metadata { get; init; }
}
