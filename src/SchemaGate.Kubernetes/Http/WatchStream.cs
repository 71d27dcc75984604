using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Kubernetes.Http;

/// <summary>The body of a watch: one JSON object on each line, {"type": …, "object": …}.</summary>
internal sealed class WatchStream<T>(string what, ResourceType<T> type, Stream body) : IAsyncDisposable
    where T : class, IMetadata<V1ObjectMeta>
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
        using var line = JsonDocument.Parse(text, ModelJson.Reading);
        if (line.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("object", out var value)
            || !root.TryGetProperty("type", out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("an event has no type or no object");
        }

        return kind.GetString() switch
        {
            "ADDED" => Change(WatchEventKind.Added, value),
            "MODIFIED" => Change(WatchEventKind.Modified, value),
            "DELETED" => Change(WatchEventKind.Deleted, value),
            // It has a kind and a version, and need not be readable as the type watched.
            "BOOKMARK" => new(WatchEventKind.Bookmark, Version(RawObject.From(value).Metadata), null),
            "ERROR" => throw StatusReading.ToException(what, ModelJson.Value(value, ModelContext.Default.V1Status)),
            _ => throw new JsonException("an event's type is none of the five"),
        };
    }

    private WatchEvent<T> Change(WatchEventKind kind, JsonElement element)
    {
        var value = type.Read(element);
        return new(kind, Version(value.Metadata), value);
    }

    // Without one a watch would begin again with everything, and call it new.
    private static string Version(V1ObjectMeta metadata) => metadata.ResourceVersion is { Length: > 0 } version
        ? version
        : throw new JsonException("an event has no resourceVersion");
}
