using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The webhooks' registration before an API server that stores what it is sent.</summary>
public sealed class HousekeepingTests : IAsyncLifetime
{
    private const string Mutating = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/schemagate";
    private const string Validating = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/schemagate";
    private const string Certificates = "/api/v1/namespaces/s/secrets/schemagate-webhook-tls";

    private readonly ConcurrentDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private readonly UnaskedTimes unasked = new();
    private readonly ManualTime time = new();
    private readonly CancellationTokenSource ending = new();
    private FakeApiServer api = null!;
    private KubernetesClient client = null!;
    private Task running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        api = await FakeApiServer.StartAsync();
        for (int request = 0; request < 5_000; request++)
        {
            api.List(AnswerAsync);
        }

        client = api.Client();
    }

    private async Task StartAsync(OperatorOptions? given = null)
    {
        SealKey key = new(new byte[32]);
        OperatorOptions options = given ?? Options(new WebhookEndpoint.Outside(new("https://127.0.0.1:9443")));
        Replica replica = new(options, client, key, NullLoggerFactory.Instance, time) { HasPodGates = true };
        ClusterView view = new(client, new(key), ["shop"], _ => { }, time);
        running = new Housekeeping(replica, view, new(client, _ => { }, time), unasked).RunAsync(ending.Token);
        await UntilAsync(() => Decoded("tls.crt").Length > 0 && Find(Mutating) is not null && Find(Validating) is not null);
    }

    private static OperatorOptions Options(WebhookEndpoint endpoint) => new("s", new(IPAddress.Loopback, 9443), endpoint)
    {
        Identity = "test",
        Pod = new("s", "new-1"),
    };

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        await running;
        client.Dispose();
        await api.DisposeAsync();
        ending.Dispose();
    }

    [Fact]
    public async Task The_first_registration_is_no_gap_and_names_secret_paths()
    {
        await StartAsync();
        Assert.Empty(Decoded("admission.unasked"));
        string secret = Decoded("admission.paths").Split(' ')[0];
        Assert.All(
            Hooks(Mutating).Concat(Hooks(Validating)),
            hook => Assert.StartsWith(
                $"https://127.0.0.1:9443/admission/{secret}/", hook["clientConfig"]!["url"]!.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Mutating)]
    [InlineData(Validating)]
    public async Task A_configuration_that_was_deleted_is_put_back_and_what_was_made_meanwhile_is_known(string path)
    {
        await StartAsync();
        string first = Decoded("admission.paths");
        DateTime earlier = time.GetUtcNow().UtcDateTime;
        time.Advance(AdmissionPaths.Lifetime + TimeSpan.FromHours(3));
        await UntilAsync(() => Decoded("admission.paths").Split('\n')[0].Split(' ') is [var secret, _, { Length: > 0 }]
            && secret != first[..64]);
        objects.TryRemove(path, out _);
        DateTime meanwhile = time.GetUtcNow().UtcDateTime;
        await UntilAsync(() => Find(path) is not null);
        Assert.True(unasked.Cover(meanwhile));
        Assert.False(unasked.Cover(earlier));
        UnaskedTimes next = new();
        next.Follow(Decoded("admission.unasked"));
        Assert.True(next.Cover(meanwhile));
    }

    /// <summary>What another manager has added is not taken away by applying.</summary>
    [Theory]
    [InlineData("namespaceSelector", """{"matchLabels":{"a":"b"}}""")]
    [InlineData("objectSelector", """{"matchLabels":{"a":"b"}}""")]
    [InlineData("matchConditions", """[{"name":"never","expression":"false"}]""")]
    [InlineData("failurePolicy", "\"Ignore\"")]
    [InlineData("rules", "[]")]
    public async Task What_keeps_objects_from_a_webhook_is_taken_away_again(string member, string value)
    {
        await StartAsync();
        objects[Validating]["webhooks"]![0]![member] = JsonNode.Parse(value);
        await UntilAsync(() => Hooks(Validating).First()[member] is var now && !JsonNode.DeepEquals(now, JsonNode.Parse(value)));
        Assert.True(unasked.Cover(time.GetUtcNow().UtcDateTime));
    }

    /// <summary>A replica of an older version would not answer at a secret path, nor one that is not ready yet but will be.</summary>
    [Theory]
    [InlineData("/admission/pods", "addresses")]
    [InlineData("/admission/pods", "notReadyAddresses")]
    [InlineData(null, "addresses")]
    public async Task While_replicas_of_another_version_are_asked_the_paths_stay_as_they_know_them(string? path, string addresses)
    {
        Add("/api/v1/namespaces/s/pods/new-1", """{"metadata":{"name":"new-1","labels":{"pod-template-hash":"new"}}}""");
        Add("/api/v1/namespaces/s/pods/old-1", """{"metadata":{"name":"old-1","labels":{"pod-template-hash":"old"}}}""");
        Add("/api/v1/namespaces/s/endpoints/schemagate", $$"""
            {"metadata":{"name":"schemagate"},"subsets":[{"addresses":[{"targetRef":{"name":"new-1"} }]},
             {"{{addresses}}":[{"targetRef":{"name":"old-1"} }]}]}
            """);
        foreach (string configuration in (string[])[Mutating, Validating])
        {
            Add(configuration, """{"metadata":{"name":"schemagate"},"webhooks":[{"name":"a","clientConfig":{"service":{}}}]}""");
            objects[configuration]["webhooks"]![0]!["clientConfig"]!["service"]!["path"] = path;
        }

        await StartAsync(Options(new WebhookEndpoint.InCluster("schemagate", "s")));
        await UntilAsync(() => Hooks(Validating).Count() > 1);
        time.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => Decoded("tls.crt").Length > 0);
        Assert.All(Paths(), registered => Assert.Equal(3, registered.Split('/').Length));

        objects["/api/v1/namespaces/s/endpoints/schemagate"]["subsets"]!.AsArray().RemoveAt(1);
        await UntilAsync(() => Paths().All(registered => registered.Split('/').Length == 4));
        Assert.Empty(Decoded("admission.unasked"));

        IEnumerable<string> Paths() => Hooks(Mutating).Concat(Hooks(Validating))
            .Select(hook => hook["clientConfig"]!["service"]!["path"]!.ToString());
    }

    [Fact]
    public void Gaps_that_touch_are_one_and_the_oldest_are_forgotten()
    {
        string text = "";
        DateTimeOffset start = DateTimeOffset.FromUnixTimeSeconds(1_000_000);
        for (int second = 0; second < 10; second++)
        {
            text = UnaskedTimes.With(text, start.AddSeconds(second), start.AddSeconds(second + 5));
        }

        Assert.Equal("1000000 1000014\n", text);
        for (int hour = 1; hour < 40; hour++)
        {
            text = UnaskedTimes.With(text, start.AddHours(hour), start.AddHours(hour).AddSeconds(5));
        }

        Assert.Equal(20, text.Count(letter => letter == '\n'));
        UnaskedTimes times = new();
        times.Follow(text + "no gap\n1 x\n");
        Assert.True(times.Cover(start.AddHours(39).AddSeconds(5).UtcDateTime));
        Assert.False(times.Cover(start.UtcDateTime) || times.Cover(null));
    }

    private void Add(string path, string json) => objects[path] = (JsonObject)JsonNode.Parse(json)!;

    private JsonObject? Find(string path) => objects.GetValueOrDefault(path);

    private IEnumerable<JsonNode> Hooks(string path) => objects[path]["webhooks"]!.AsArray().OfType<JsonNode>();

    private string Decoded(string key) =>
        Encoding.ASCII.GetString(Convert.FromBase64String(Find(Certificates)?["data"]?[key]?.ToString() ?? ""));

    private Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(500));
        return condition();
    });

    /// <summary>Applying keeps what others have added to the webhooks; a JSON patch replaces them.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        using StreamReader reader = new(context.Request.Body);
        JsonNode? body = await reader.ReadToEndAsync() is { Length: > 0 } text ? JsonNode.Parse(text) : null;
        JsonObject? found = Find(path);
        switch (context.Request.Method)
        {
            case "POST":
                found = (JsonObject)body!;
                path = $"{path}/{found["metadata"]!["name"]}";
                break;
            case "PUT":
                found = (JsonObject)body!;
                break;
            case "PATCH" when body is JsonArray operations:
                found = (JsonObject)found!.DeepClone();
                found["webhooks"] = operations[^1]!["value"]!.DeepClone();
                break;
            case "PATCH":
                found = Applied(found, (JsonObject)body!);
                break;
            default:
                await FakeApiServer.Text(found is null ? 404 : 200, found?.ToJsonString()
                    ?? """{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""")(context);
                return;
        }

        found["metadata"]!["resourceVersion"] = "1";
        objects[path] = found;
        await FakeApiServer.Text(200, found.ToJsonString())(context);
    }

    private static JsonObject Applied(JsonObject? present, JsonObject wanted)
    {
        JsonObject applied = (JsonObject)wanted.DeepClone();
        foreach ((JsonNode? had, JsonNode? has) in (present?["webhooks"]?.AsArray() ?? []).Zip(applied["webhooks"]!.AsArray()))
        {
            foreach ((string member, JsonNode? value) in had!.AsObject().Where(each => !has!.AsObject().ContainsKey(each.Key)))
            {
                has![member] = value?.DeepClone();
            }
        }

        return applied;
    }
}
