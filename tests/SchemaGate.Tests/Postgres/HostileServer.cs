using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Tests.Postgres;

/// <summary>
/// Speaks as much of PostgreSQL's protocol (documentation, chapter 55) as a look at Prisma's history needs, and answers the question for
/// its rows with whatever a test likes, without regard to what was asked.
/// </summary>
internal sealed class HostileServer : IDisposable
{
    private static readonly (string Name, int Type)[] s_about =
        [("system", 25), ("database", 25), ("standby", 16), ("version", 23), ("history", 16), ("tables", 16), ("invalid", 25)];

    private static readonly (string Name, int Type)[] s_rows =
    [
        ("id", 25), ("name", 25), ("checksum", 25), ("started", 1184), ("finished", 1184), ("rolled_back", 1184), ("steps", 23),
        ("logs", 25), ("covers", 16),
    ];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Func<HostileServer, Stream, Task> rows;

    /// <param name="rows">Sends the rows, once.</param>
    public HostileServer(Func<HostileServer, Stream, Task> rows)
    {
        this.rows = rows;
        listener.Start();
        _ = AcceptAsync();
    }

    public CancellationToken Ended => ended.Token;

    /// <summary>Whether it ends a connection on which nothing more is asked: what it sent may pass for half of something.</summary>
    public bool IsBrief { get; init; }

    /// <summary>Connections whose other end is gone.</summary>
    public int Closed { get; private set; }

    public string UrlText => $"postgresql://u:p@{listener.LocalEndpoint}/d?sslmode=disable";

    public DatabaseUrl Url
    {
        get
        {
            Assert.True(DatabaseUrl.TryParse(UrlText, out DatabaseUrl? url, out _, DatabaseUrlOptions.CommandLine));
            return url!;
        }
    }

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        ended.Dispose();
    }

    /// <summary>A row of the history, finished in 2000.</summary>
    public static byte[] Row(string name, string? logs = null) => RowOf(name, logs);

    /// <param name="name">Its name.</param>
    /// <param name="logs">Its error.</param>
    /// <param name="startedAt">In microseconds since 2000.</param>
    public static byte[] RowOf(string name = "1_a", string? logs = null, long startedAt = 0)
    {
        byte[] started = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(started, startedAt);
        return Message('D', Values(
            "id"u8.ToArray(), Encoding.UTF8.GetBytes(name), "sum"u8.ToArray(), started, new byte[8], null, [0, 0, 0, 1],
            logs is null ? null : Encoding.UTF8.GetBytes(logs), [0]));
    }

    /// <summary>A message: its letter, and its length with the four bytes of that.</summary>
    public static byte[] Message(char letter, params byte[][] parts) =>
        [(byte)letter, .. Int(4 + parts.Sum(part => part.Length)), .. parts.SelectMany(part => part)];

    /// <summary>The beginning of a row whose name has so many bytes; the rest is the test's to send.</summary>
    public static byte[] RowOfName(int bytes) =>
        [(byte)'D', .. Int(4 + 2 + 4 + 4 + bytes + (7 * 4)), 0, 9, .. Int(0), .. Int(bytes)];

    private static byte[] Int(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Values(params byte[]?[] values) =>
        [0, (byte)values.Length, .. values.SelectMany(value => value is null ? Int(-1) : [.. Int(value.Length), .. value])];

    private static byte[] Description((string Name, int Type)[] columns) => Message('T', [
        [0, (byte)columns.Length], .. columns.Select(column => (byte[])[
            .. Encoding.UTF8.GetBytes(column.Name), 0, 0, 0, 0, 0, 0, 0, .. Int(column.Type), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 1,
        ]),
    ]);

    private async Task AcceptAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await listener.AcceptTcpClientAsync(ended.Token);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await AnswerAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or EndOfStreamException)
            {
                Closed++;
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        await ReadAsync(stream, await LengthAsync(stream));
        await stream.WriteAsync(
            (byte[])[
                .. Message('R', Int(0)), .. Message('S', "server_version\015.4\0"u8.ToArray()),
                .. Message('S', "client_encoding\0UTF8\0"u8.ToArray()), .. Message('K', Int(1), Int(2)), .. Message('Z', "I"u8.ToArray()),
            ],
            ended.Token);
        bool hasAnswered = false;
        while (await NextAsync(stream, hasAnswered) is [var letter])
        {
            await ReadAsync(stream, await LengthAsync(stream));
            if (letter == 'S')
            {
                await AnswerBatchAsync(stream);
                hasAnswered = true;
            }
        }
    }

    /// <summary>The letter of the next message; nothing where none comes.</summary>
    private async Task<byte[]> NextAsync(NetworkStream stream, bool hasAnswered)
    {
        Task<byte[]> next = ReadAsync(stream, 1);
        return IsBrief && hasAnswered && await Task.WhenAny(next, Task.Delay(20, ended.Token)) != next ? [] : await next;
    }

    private async Task AnswerBatchAsync(NetworkStream stream)
    {
        byte[] bound = [.. Message('1'), .. Message('2')];
        byte[] complete = Message('C', "SELECT 1\0"u8.ToArray());
        await stream.WriteAsync(
            (byte[])[
                .. bound, .. Description([("a", 25), ("b", 25)]), .. Message('D', Values("on"u8.ToArray(), "10s"u8.ToArray())), .. complete,
                .. bound, .. Description(s_about),
                .. Message('D', Values("7"u8.ToArray(), "d"u8.ToArray(), [0], [0, 0, 0, 15], [1], [1], null)), .. complete,
                .. bound, .. Description(s_rows),
            ],
            ended.Token);
        await rows(this, stream);
        await stream.WriteAsync(
            (byte[])[.. complete, .. bound, .. Description([("key", 20)]), .. complete, .. Message('Z', "I"u8.ToArray())], ended.Token);
    }

    private async Task<int> LengthAsync(NetworkStream stream) =>
        BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(stream, 4)) - 4;

    private async Task<byte[]> ReadAsync(NetworkStream stream, int bytes)
    {
        byte[] content = new byte[bytes];
        await stream.ReadExactlyAsync(content, ended.Token);
        return content;
    }
}
