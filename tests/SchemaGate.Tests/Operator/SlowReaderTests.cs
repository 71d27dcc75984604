using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Pages that their readers do not take are few, and not kept for long.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task A_ninth_reader_waits_for_one_of_eight_who_are_cut_off_in_time()
    {
        ManualTime time = new();
        await using PagesServer server = await PagesServer.StartAsync(
            "## Pending\n\n## Migrated\n\n## Deployed\n", "SELECT 1;", time: time);
        Slow[] slow = [.. Enumerable.Range(0, 8).Select(_ => new Slow())];
        Task[] writes = [.. slow.Select(reader => server.AnswerAsync(reader.Context, "/"))];
        Slow ninth = new();
        Task refused = server.AnswerAsync(ninth.Context, "/");
        await Eventually.TrueAsync(() => ninth.Context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable);
        Assert.All(slow, reader => Assert.Equal(StatusCodes.Status302Found, reader.Context.Response.StatusCode));
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(30));
        await Task.WhenAll([.. writes, refused]).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.All(slow, reader => Assert.True(reader.IsAborted));
    }

    /// <summary>A request whose answer nobody takes.</summary>
    private sealed class Slow : MemoryStream, IHttpRequestLifetimeFeature
    {
        public Slow()
        {
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
            Context.Response.Body = this;
        }

        public DefaultHttpContext Context { get; } = new();

        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
