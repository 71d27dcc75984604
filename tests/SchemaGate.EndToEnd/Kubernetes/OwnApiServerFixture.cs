namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>One server for the tests of a class, started by the first: a fixture cannot skip a test, a test can.</summary>
public sealed class OwnApiServerFixture : IAsyncDisposable
{
    private OwnApiServer? server;

    internal OwnApiServer Server => server ??= OwnApiServer.Start();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
