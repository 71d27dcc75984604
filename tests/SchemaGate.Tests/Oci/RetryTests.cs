using System.Net;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class RetryTests : IDisposable
{
    private readonly FakeRegistry registry = new();
    private readonly Digest digest;

    public RetryTests() => digest = registry.Push(Archive.Tar(("a", "1")));

    public void Dispose() => registry.Dispose();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task An_answer_that_will_pass_is_waited_out(HttpStatusCode status)
    {
        registry.Fault = _ => registry.Requests.Count < 3 ? FakeRegistry.Answer(status) : null;
        Assert.Equal("a=1", await registry.TextAsync(digest));
        Assert.Equal(4, registry.Requests.Count);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, 3)]
    [InlineData(HttpRequestError.ResponseEnded, 3)]
    [InlineData(HttpRequestError.SecureConnectionError, 1)]
    [InlineData(HttpRequestError.NameResolutionError, 1)]
    public async Task A_connection_that_breaks_is_opened_again_twice_and_no_more(HttpRequestError error, int requests)
    {
        registry.Fault = _ => throw new HttpRequestException(error, "broken");
        await registry.FailAsync(digest, OciFailure.Unreachable);
        Assert.Equal(requests, registry.Requests.Count);
    }

    [Theory]
    [InlineData("0", 3)]
    [InlineData("1", 3)]
    [InlineData("3600", 1)]
    [InlineData("Tue, 31 Dec 2999 23:59:59 GMT", 1)]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT", 3)]
    [InlineData("soon", 3)]
    public async Task Retry_After_is_honoured_where_it_is_soon(string after, int requests)
    {
        registry.Fault = _ =>
        {
            var answer = FakeRegistry.Answer(HttpStatusCode.TooManyRequests);
            answer.Headers.TryAddWithoutValidation("Retry-After", after);
            return answer;
        };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await registry.FailAsync(digest, OciFailure.Unreachable);
        Assert.Equal(requests, registry.Requests.Count);
        // Two pauses of a second; a timer may fire a little early by another clock.
        Assert.InRange(watch.Elapsed.TotalSeconds, after == "1" ? 1.5 : 0, 10);
    }

    [Fact]
    public async Task Repeating_ends_with_the_time_for_the_whole()
    {
        registry.Fault = _ =>
        {
            var answer = FakeRegistry.Answer(HttpStatusCode.ServiceUnavailable);
            answer.Headers.TryAddWithoutValidation("Retry-After", "10");
            return answer;
        };
        var fault = await registry.FailAsync(digest, OciFailure.Unreachable, new RegistryLimits { Total = TimeSpan.FromMilliseconds(200) });
        Assert.Contains("within", fault.Message, StringComparison.Ordinal);
    }
}
