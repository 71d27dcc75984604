using System.Buffers.Binary;
using System.Text;

namespace SchemaGate.Tests.Telemetry;

/// <summary>A span as a collector is sent it (opentelemetry/proto/trace/v1/trace.proto): the fields that tests look at.</summary>
internal sealed record OtlpSpan(string TraceId, string SpanId, string ParentId, string Name)
{
    public IReadOnlyDictionary<string, string> Attributes { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The spans of other traces that it names.</summary>
    public IReadOnlyList<string> Links { get; private init; } = [];

    public bool IsFailed { get; private init; }

    /// <summary>In nanoseconds since 1970.</summary>
    public (ulong From, ulong To) Time { get; private init; }

    /// <summary>All spans of an ExportTraceServiceRequest: resource_spans, scope_spans, spans.</summary>
    public static IEnumerable<OtlpSpan> All(byte[] request) => Items(request).Select(Read);

    /// <summary>The values of trace_id in an ExportLogsServiceRequest: resource_logs, scope_logs, log_records.</summary>
    public static IEnumerable<string> TracesOfLogs(byte[] request) =>
        Items(request).SelectMany(record => Parts(record, 9)).Select(Hex);

    private static IEnumerable<ReadOnlyMemory<byte>> Items(byte[] request) =>
        Parts(request, 1).SelectMany(resource => Parts(resource, 2)).SelectMany(scope => Parts(scope, 2));

    private static OtlpSpan Read(ReadOnlyMemory<byte> span) => new(
        Hex(Parts(span, 1).Single()), Hex(Parts(span, 2).Single()), Hex(Parts(span, 4).SingleOrDefault()), Text(Parts(span, 5).Single()))
    {
        // key: string; value: AnyValue, of which a string is field 1 and a boolean is field 2.
        Attributes = Parts(span, 9).ToDictionary(
            pair => Text(Parts(pair, 1).Single()), pair => Value(Parts(pair, 2).Single()), StringComparer.Ordinal),
        Links = [.. Parts(span, 13).Select(link => Hex(Parts(link, 2).Single()))],
        IsFailed = Parts(span, 15).SelectMany(Fields).Any(field => field is { Number: 3, Value: 2 }),
        Time = (Fields(span).Single(field => field.Number == 7).Value, Fields(span).Single(field => field.Number == 8).Value),
    };

    private static string Value(ReadOnlyMemory<byte> any) => Fields(any).Single() switch
    {
        { Number: 1, Part: var text } => Text(text),
        { Number: 2, Value: var truth } => truth == 1 ? "true" : "false",
        var other => throw new InvalidOperationException($"an attribute of another type: field {other.Number}"),
    };

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Part);

    /// <summary>The fields of a message of protocol buffers (https://protobuf.dev/programming-guides/encoding/).</summary>
    private static List<Field> Fields(ReadOnlyMemory<byte> message)
    {
        List<Field> fields = [];
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message.Span, ref at);
            (ulong value, int length) = (tag & 7) switch
            {
                0 => (Varint(message.Span, ref at), 0),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), 8),
                2 => (0UL, (int)Varint(message.Span, ref at)),
                _ => (BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), 4),
            };
            fields.Add(new((int)(tag >> 3), value, message.Slice(at, length)));
            at += length;
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }

    private readonly record struct Field(int Number, ulong Value, ReadOnlyMemory<byte> Part);
}
