using System.Diagnostics;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Tests.Postgres;

/// <summary>A server may send anything: what it was asked for, LIMIT included, binds nobody. What is read is bounded.</summary>
[Collection(Alone.Name)]
public sealed class HostileHistoryTests
{
    private static readonly HistoryLimits s_limits = new() { Patience = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task What_is_well_is_read()
    {
        using HostileServer server = new(async (own, stream) =>
            await stream.WriteAsync((byte[])[.. HostileServer.Row("1_a"), .. HostileServer.Row("2_b", "why")], own.Ended));
        DatabaseState state = await ReadAsync(server, TestContext.Current.CancellationToken);
        Assert.Equal("1_a 2_b", string.Join(' ', state.History!.Rows.Select(row => row.Name)));
    }

    [Fact]
    public async Task Rows_without_end_are_read_to_a_number_and_their_connection_is_closed() =>
        Assert.Contains("more than 20000 rows", await RefusedAsync(RepeatAsync(HostileServer.Row("1_a"))), StringComparison.Ordinal);

    [Fact]
    public async Task Long_rows_without_end_are_read_to_a_number_of_bytes() => Assert.Contains(
        "more than 8 MiB",
        await RefusedAsync(RepeatAsync(HostileServer.Row(new string('n', 1000), new string('l', 2000)))),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_before_it_is_read() => Assert.Contains(
        "a name that is longer than 1000 characters",
        await RefusedAsync(RepeatAsync(HostileServer.Row(new string('n', 5000)))),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_name_without_end_is_refused_before_it_is_read() => Assert.Contains(
        "a name that is longer than 1000 characters",
        await RefusedAsync(async (own, stream) =>
        {
            await stream.WriteAsync(HostileServer.RowOfName(1 << 30), own.Ended);
            await RepeatAsync(new byte[8192])(own, stream);
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task Rows_that_drip_are_read_for_a_time() => Assert.Contains(
        "within 2 s",
        await RefusedAsync(async (own, stream) =>
        {
            while (true)
            {
                await stream.WriteAsync(HostileServer.Row("1_a"), own.Ended);
                await Task.Delay(200, own.Ended);
            }
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_time_out_of_range_and_rows_behind_it_are_refused() => Assert.Contains(
        "a time out of range",
        await RefusedAsync(async (own, stream) =>
        {
            await stream.WriteAsync(HostileServer.RowOf(startedAt: 800_000_000_000_000_000), own.Ended);
            await RepeatAsync(HostileServer.Row("1_a"))(own, stream);
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_error_with_notices_without_end_behind_it_is_refused() => Assert.Contains(
        "2 s",
        await RefusedAsync(async (own, stream) =>
        {
            await stream.WriteAsync(HostileServer.Message('E', "SERROR\0VERROR\0C22000\0Mno\0\0"u8.ToArray()), own.Ended);
            await RepeatAsync(HostileServer.Message('N', "SNOTICE\0VNOTICE\0C00000\0Myes\0\0"u8.ToArray()))(own, stream);
        }),
        StringComparison.Ordinal);

    private static Func<HostileServer, Stream, Task> RepeatAsync(byte[] message) => async (own, stream) =>
    {
        byte[] many = [.. Enumerable.Repeat(message, Math.Max(1, (64 << 10) / message.Length)).SelectMany(bytes => bytes)];
        while (true)
        {
            await stream.WriteAsync(many, own.Ended);
        }
    };

    /// <summary>What is said; in a moment, with little memory, and with nothing left open.</summary>
    private static async Task<string> RefusedAsync(Func<HostileServer, Stream, Task> rows)
    {
        // What others have left is not this reading's.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using HostileServer server = new(rows);
        Stopwatch watch = Stopwatch.StartNew();
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(20));
        Task<DatabaseState> reading = ReadAsync(server, late.Token);
        long most = 0;
        while (!reading.IsCompleted)
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
            await Task.WhenAny(reading, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(() => reading);
        Assert.True(failure.Kind == DatabaseFailure.HistoryUnreadable, failure.ToString());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.InRange(most - before, long.MinValue, 256L << 20);
        while (server.Closed == 0)
        {
            await Task.Delay(20, late.Token);
        }

        return failure.Message;
    }

    private static async Task<DatabaseState> ReadAsync(HostileServer server, CancellationToken cancellation)
    {
        using DatabaseConnections connections = new(TimeProvider.System);
        return await new HistoryReader(connections, s_limits).ReadAsync(server.Url, cancellation);
    }
}
