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
    /// <summary>An object of the largest size, and what is around it.</summary>
    private const int MaxLineBytes = ModelJson.MaxBytes + (64 << 10);

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
                var (kind, unread) = Beginning(buffer);
                reader.AdvanceTo(buffer.End);
                await PassAsync(cancellation);
                return new(kind, unread.ResourceVersion!, null) { Unread = unread };
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => reader.CompleteAsync();

    /// <summary>Reads over the rest of a line that nobody keeps.</summary>
    private async Task PassAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return;
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new IOException("the watch was cut in the middle of an event");
            }
        }
    }

    /// <summary>The object whose event is larger than any that is read: its name stands near its beginning.</summary>
    /// <exception cref="KubernetesException">TooLarge: not even its name can be read; a list tells it.</exception>
    private (WatchEventKind Kind, UnreadObject Unread) Beginning(ReadOnlySequence<byte> line)
    {
        var (kind, start) = ListReading.BeginningOfEvent(line);
        var unread = ListReading.TooLarge(type, line.Slice(start));
        return KindOf(kind) is { } change and not WatchEventKind.Bookmark && IsNamed(unread)
            ? (change, unread)
            : throw new KubernetesException(StatusReason.TooLarge, $"{what}: an event is larger than {ModelJson.MaxBytes >> 20} MiB");
    }

    private WatchEvent<T> Parse(ReadOnlySequence<byte> text)
    {
        var (kind, value) = ListReading.Event(text.IsSingleSegment ? text.First : text.ToArray());
        return KindOf(kind) switch
        {
            WatchEventKind.Bookmark => new(WatchEventKind.Bookmark, Version(Head(value, "").ResourceVersion), null),
            { } change => Change(change, value),
            null when kind == "ERROR" => throw Error(value),
            null => throw new JsonException("an event's type is none of the five"),
        };
    }

    private static WatchEventKind? KindOf(string? kind) => kind switch
    {
        "ADDED" => WatchEventKind.Added,
        "MODIFIED" => WatchEventKind.Modified,
        "DELETED" => WatchEventKind.Deleted,
        // It has a kind and a version, and need not be readable as the type watched.
        "BOOKMARK" => WatchEventKind.Bookmark,
        _ => null,
    };

    private WatchEvent<T> Change(WatchEventKind kind, ReadOnlyMemory<byte> json)
    {
        var (value, unread) = ListReading.One(type, json);
        if (unread is not null && !IsNamed(unread))
        {
            throw new JsonException(unread.Problem);
        }

        return new(kind, Version(value is null ? unread!.ResourceVersion : value.Metadata.ResourceVersion), value) { Unread = unread };
    }

    private KubernetesException Error(ReadOnlyMemory<byte> json)
    {
        using var status = JsonDocument.Parse(json, ModelJson.Reading);
        return StatusReading.ToException(what, ModelJson.Value(status.RootElement, ModelContext.Default.V1Status));
    }

    private UnreadObject Head(ReadOnlyMemory<byte> json, string problem) =>
        UnreadObject.Of(type.ApiVersion, type.Kind, new(json), problem);

    /// <summary>What is passed over must be told by its name, and a watch must go on after it.</summary>
    private static bool IsNamed(UnreadObject unread) => unread is { Key.Name.Length: > 0, ResourceVersion.Length: > 0 };

    // Without one a watch would begin again with everything, and call it new.
    private static string Version(string? version) => version is { Length: > 0 }
        ? version
        : throw new JsonException("an event has no resourceVersion");
}
