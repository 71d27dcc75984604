using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

namespace SchemaGate.Tests.Kubernetes;

public sealed class AccessReviewsTests : IAsyncLifetime
{
    private static readonly V1ResourceAttributes What = new() { Verb = "get", Resource = "secrets" };

    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await StartAsync();

    [Theory]
    [InlineData("""{"spec":{},"status":{"allowed":true}}""", true, "")]
    [InlineData("""{"spec":{},"status":{"allowed":true,"evaluationError":"one authorizer is down"}}""", true, "one authorizer is down")]
    [InlineData("""{"spec":{},"status":{"allowed":true,"denied":true,"reason":"no"}}""", false, "no")]
    [InlineData("""{"spec":{},"status":{"allowed":false,"reason":"no rule"}}""", false, "no rule")]
    [InlineData("""{"spec":{}}""", false, "gave no answer")]
    [InlineData("nonsense", false, "cannot be read")]
    public async Task Only_a_plain_yes_is_a_yes(string answer, bool allowed, string words)
    {
        server.List(Text(201, answer));
        var access = await MayAsync("me");
        Assert.Equal(allowed, access.Allowed);
        Assert.Contains(words, access.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_a_no_that_says_so()
    {
        server.List(Text(500, "broken"));
        var access = await MayAsync("me");
        Assert.Equal((false, StatusReason.InternalError), (access.Allowed, access.Failure?.Reason));
    }

    [Fact]
    public async Task A_token_that_cannot_be_asked_about_is_in_no_message()
    {
        server.List(Text(422, """{"kind":"Status","reason":"Invalid","message":"it is invalid","code":422}"""));
        var who = await new AccessReviews(server.Client()).WhoAsync("s3cret", null, TestContext.Current.CancellationToken);
        Assert.Contains("it is invalid", who.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", $"{who} {who.Failure}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Nobody_may_do_anything(string? name)
    {
        Assert.False((await MayAsync(name)).Allowed);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(
        """{"spec":{},"status":{"authenticated":true,"user":{"username":"me","groups":["a"],"extra":{"b":["c"]}},"audiences":["x"]}}""",
        true)]
    [InlineData("""{"spec":{},"status":{"authenticated":true,"user":{"username":"me"}}}""", false)]
    [InlineData("""{"spec":{},"status":{"authenticated":true,"user":{"username":""},"audiences":["x"]}}""", false)]
    [InlineData("""{"spec":{},"status":{"user":{"username":"me"},"audiences":["x"]}}""", false)]
    [InlineData("""{"spec":{}}""", false)]
    public async Task A_token_for_an_audience_is_known_only_if_the_server_says_both(string answer, bool known)
    {
        server.List(Text(201, answer));
        var who = await new AccessReviews(server.Client()).WhoAsync("t", ["x"], TestContext.Current.CancellationToken);
        Assert.Equal(known, who.User is not null);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task<AccessAnswer> MayAsync(string? name) =>
        new AccessReviews(server.Client()).MayAsync(new() { Username = name }, What, TestContext.Current.CancellationToken);
}
