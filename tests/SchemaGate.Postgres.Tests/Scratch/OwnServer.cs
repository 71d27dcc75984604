using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Tests.Scratch;

/// <summary>A server of a class's own: how many scratch databases and templates there are is the whole server's.</summary>
public sealed class OwnServer : IAsyncLifetime
{
    private ThrowawayServer? _server;

    public string Url => _server!.Url;

    public async ValueTask InitializeAsync() => _server = await ThrowawayServer.StartAsync();

    internal DatabaseUrl Database(string name) => TestDatabase.Parse(new UriBuilder(Url) { Path = name }.Uri.AbsoluteUri);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    internal Task<IReadOnlyList<string>> LeftAsync(string prefix = "schemagate_") =>
        TestDatabase.QueryAsync(Url, $"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}') ORDER BY 1");

    internal async Task ExecuteAsync(params string[] statements)
    {
        foreach (string statement in statements)
        {
            await TestDatabase.QueryAsync(Url, statement);
        }
    }
}
