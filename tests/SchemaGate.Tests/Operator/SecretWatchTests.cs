using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class SecretWatchTests
{
    [Fact]
    public async Task A_Secret_that_cannot_be_read_is_told_as_such_and_not_as_missing()
    {
        using CancellationTokenSource stopping = new();
        await using FakeApiServer server = (await FakeApiServer.StartAsync())
            .List("10", FakeApiServer.Secret("odd", "5")[..^1] + ",\"type\":5}");
        using KubernetesClient client = server.Client();
        SecretWatch secrets = new(client, (_, _) => { }, TimeProvider.System, stopping.Token);
        KubernetesException refused = await Assert.ThrowsAsync<KubernetesException>(
            () => secrets.GetAsync("n", "odd", TestContext.Current.CancellationToken));
        Assert.Equal("The Secret n/odd cannot be read: type has another shape than its type promises.", refused.Message);
        await stopping.CancelAsync();
    }
}
