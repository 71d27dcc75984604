using System.Net;
using System.Text;
using System.Text.Json;

namespace SchemaGate.Tests.Pipelines;

/// <summary>GitHub's comments of one pull request: a hundred of people's, and one that quotes a report.</summary>
internal sealed class FakeComments : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly List<string> comments =
        [.. Enumerable.Range(1, 100).Select(id => Comment(id, "User", "<!-- schemagate verify . -->"))];
    private readonly Task serving;

    public FakeComments()
    {
        using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        listener.Prefixes.Add($"{Url}/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    public bool Refuses { get; init; }

    public int Count => comments.Count;

    public List<(string Request, string Body)> Written { get; } = [];

    public void Add(string body) => comments.Add(Comment(comments.Count + 1, "Bot", body));

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string Comment(int id, string type, string body) =>
        $$$"""{"id":{{{id}}},"user":{"type":"{{{type}}}"},"body":{{{JsonSerializer.Serialize(body)}}}}""";

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context = await listener.GetContextAsync();
            using StreamReader reader = new(context.Request.InputStream);
            string text = await reader.ReadToEndAsync();
            string answer = "{}";
            context.Response.StatusCode = Refuses || context.Request.Headers["Authorization"] != "Bearer t0ken" ? 403 : 200;
            if (context.Request.HttpMethod == "GET")
            {
                int page = int.Parse(context.Request.QueryString["page"]!, System.Globalization.CultureInfo.InvariantCulture);
                answer = $"[{string.Join(',', comments.Skip((page - 1) * 100).Take(100))}]";
            }
            else
            {
                Written.Add((
                    $"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}",
                    JsonElement.Parse(text).GetProperty("body").GetString()!));
            }

            context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: false);
        }
    }
}
