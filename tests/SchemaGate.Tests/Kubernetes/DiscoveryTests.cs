using Microsoft.AspNetCore.Http;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Discovery;
using static SchemaGate.Tests.Kubernetes.FakeApiServer;

namespace SchemaGate.Tests.Kubernetes;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await StartAsync();

    [Fact]
    public async Task One_broken_group_does_not_hide_the_others()
    {
        var features = await ReadAsync(
            "27+",
            """{"versions":[{"groupVersion":"apps/v1"}]},{"versions":[{"groupVersion":"metrics.k8s.io/v1beta1"}]}""");
        Assert.True(features.Has("", "v1", "pods/eviction") && features.Has("apps", "v1", "deployments"));
        Assert.False(features.Has("apps", "v1", "pods") || features.Has("metrics.k8s.io", "v1beta1", "nodes"));
        Assert.Contains(
            "ServiceUnavailable",
            Assert.Single(features.Unreadable, one => one.Key == "metrics.k8s.io/v1beta1").Value,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("27+", 26, true)]
    [InlineData("27", 27, true)]
    [InlineData("9", 27, false)]
    [InlineData("", 1, false)]
    public async Task A_version_is_compared_by_its_numbers(string minor, int wanted, bool atLeast) =>
        Assert.Equal(atLeast, (await ReadAsync(minor, "")).IsAtLeast(1, wanted));

    [Fact]
    public async Task A_group_whose_name_leads_elsewhere_is_not_asked_for()
    {
        await ReadAsync("27", """{"versions":[{"groupVersion":"../../version?x=1"}]}""");
        Assert.Equal(["/api", "/api/v1", "/apis", "/version"], server.Requests.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_say_its_groups_is_an_error()
    {
        server.List(Text(403, """{"kind":"Status","reason":"Forbidden","message":"no","code":403}"""));
        var refused = await Assert.ThrowsAsync<KubernetesException>(
            () => ApiDiscovery.ReadAsync(server.Client(), TestContext.Current.CancellationToken));
        Assert.Equal(StatusReason.Forbidden, refused.Reason);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task<ServerFeatures> ReadAsync(string minor, string groups)
    {
        RequestDelegate answer = context => (context.Request.Path.Value switch
        {
            "/version" => Text(200, $$"""{"major":"1","minor":"{{minor}}","gitVersion":"v1.{{minor}}"}"""),
            "/api" => Text(200, """{"versions":["v1"]}"""),
            "/apis" => Text(200, $$"""{"groups":[{{groups}}]}"""),
            "/api/v1" => Text(200, """{"resources":[{"name":"pods"},{"name":"pods/eviction"}]}"""),
            "/apis/apps/v1" => Text(200, """{"resources":[{"name":"deployments"}]}"""),
            _ => Text(503, "service unavailable"),
        })(context);
        for (var i = 0; i < 8; i++)
        {
            server.List(answer).Group(answer);
        }

        return ApiDiscovery.ReadAsync(server.Client(), TestContext.Current.CancellationToken);
    }
}
