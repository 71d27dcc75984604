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
using SchemaGate.Tests.Manifests;

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
    private WebhookWatch webhooks = null!;
    private Task running = Task.CompletedTask;

    /// <summary>What somebody does to each configuration as soon as it is written.</summary>
    private Action<JsonObject> meddling = _ => { };

    /// <summary>How often the operator has taken somebody's change away.</summary>
    private int mended;
    private string? forbidden;

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
        await BeginAsync(given);
        await UntilAsync(() => Decoded("tls.crt").Length > 0 && Find(Mutating) is not null && Find(Validating) is not null);
    }

    private async Task BeginAsync(OperatorOptions? given = null)
    {
        SealKey key = new(new byte[32]);
        OperatorOptions options = given ?? Options(new WebhookEndpoint.Outside(new("https://127.0.0.1:9443")));
        Replica replica = new(options, client, key, NullLoggerFactory.Instance, time) { HasPodGates = true };
        ClusterView view = new(client, new(key), ["shop"], _ => { }, time);
        webhooks = new(client, _ => { }, time);
        Task seeing = forbidden is null ? Task.CompletedTask : view.RunAsync(ending.Token);
        await Eventually.TrueAsync(() => forbidden is null || view.Refused(null) is not null);
        running = Task.WhenAll(new Housekeeping(replica, view, webhooks, unasked).RunAsync(ending.Token), seeing);
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

    /// <summary>As <c>kubectl apply</c> and GitOps tools do, with what config/webhook holds: it asks about as much.</summary>
    [Fact]
    public async Task What_the_manifests_say_is_put_right_and_is_no_gap()
    {
        await StartAsync();
        await UntilAsync(() => Decoded("admission.paths").Split('\n')[0].Split(' ') is [_, _, { Length: > 0 }]);
        foreach (string path in (string[])[Mutating, Validating])
        {
            string kind = path == Mutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
            Manifest manifest = Manifest.OfKind(kind).Single();
            JsonArray hooks = objects[path]["webhooks"]!.AsArray();
            foreach (JsonObject applied in manifest.Content["webhooks"]!.AsArray().OfType<JsonObject>())
            {
                JsonObject? present = hooks.OfType<JsonObject>()
                    .FirstOrDefault(hook => hook["name"]!.ToString() == applied["name"]!.ToString());
                JsonObject written = (JsonObject)(present ?? applied).DeepClone();
                foreach (string member in (string[])["objectSelector", "failurePolicy", "rules", "timeoutSeconds", "matchPolicy"])
                {
                    written[member] = applied[member]?.DeepClone();
                }

                written["clientConfig"] = (present ?? hooks[0])!["clientConfig"]!.DeepClone();
                written["clientConfig"]!["url"] = present is null
                    ? $"https://127.0.0.1:9443/admission/{Decoded("admission.paths").Split(' ')[0]}/pods"
                    : present["clientConfig"]!["url"]!.ToString();
                hooks.Remove(present);
                hooks.Add((JsonNode)written);
            }
        }

        int before = Hooks(Mutating).Count();
        await UntilAsync(() => Hooks(Mutating).Count() < before);
        await UntilAsync(() => Terms("pods.schemagate.dev") == 2);
        Assert.Empty(Decoded("admission.unasked"));

        int Terms(string name) => Hooks(Mutating).First(hook => hook["name"]!.ToString() == name)["objectSelector"]!["matchExpressions"]!
            .AsArray().Count;
    }

    /// <summary>As an upgrade of the chart adds those again that only an older server needs, without a path and an authority.</summary>
    [Fact]
    public async Task A_webhook_that_the_manifests_add_takes_the_secret_from_no_other_s_path()
    {
        await StartAsync();
        await UntilAsync(() => Decoded("admission.paths").Split('\n')[0].Split(' ') is [_, _, { Length: > 0 }]);
        bool isPlain = false;
        meddling = configuration => isPlain |= configuration["webhooks"]!.AsArray().Any(
            hook => WebhookEndpoint.SecretIn(hook!["clientConfig"]!["url"]!.ToString()) is not { Length: > 0 });
        JsonArray hooks = objects[Mutating]["webhooks"]!.AsArray();
        int before = hooks.Count;
        hooks.Add(JsonNode.Parse("""{"name":"pod-template-hash.schemagate.dev","clientConfig":{"url":"https://127.0.0.1:9443/"} }"""));
        await UntilAsync(() => Hooks(Mutating).Count() == before && objects[Mutating]["webhooks"] != hooks);
        Assert.False(isPlain);
    }

    /// <summary>As a cloud provider does that adds a selector to every webhook, as often as it is taken away.</summary>
    [Fact]
    public async Task Who_changes_the_webhooks_as_often_as_they_are_mended_is_answered_ever_more_seldom_and_it_is_a_gap()
    {
        meddling = configuration => configuration["webhooks"]![0]!["namespaceSelector"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["a"] = "b" },
        };
        await StartAsync();
        DateTimeOffset began = time.GetUtcNow();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return time.GetUtcNow() - began > TimeSpan.FromMinutes(30);
        });
        // The leader looks sixty times, and mends two configurations.
        Assert.InRange(mended, MendPace.Patience, 40);
        Assert.True(unasked.Cover(time.GetUtcNow().AddMinutes(-1).UtcDateTime));
    }

    /// <summary>Every second, as often as the leader would look.</summary>
    [Fact]
    public void What_is_mended_again_and_again_is_left_alone_for_longer_and_longer_and_what_is_new_is_not()
    {
        MendPace pace = new();
        (int mends, int told) = (0, 0);
        DateTimeOffset now = time.GetUtcNow();
        for (DateTimeOffset end = now.AddHours(1); now < end; now += TimeSpan.FromSeconds(1))
        {
            if (!pace.Holds("a namespaceSelector", now))
            {
                mends++;
                told += pace.Mended("a namespaceSelector", now) ? 1 : 0;
            }
        }

        Assert.InRange(mends, MendPace.Patience + 5, MendPace.Patience + 10);
        Assert.Equal(1, told);
        Assert.True(pace.Holds("a namespaceSelector", now));
        Assert.False(pace.Holds("b rules", now));
        now += TimeSpan.FromHours(1);
        Assert.False(pace.Mended("a namespaceSelector", now) || pace.Holds("a namespaceSelector", now));
    }

    [Fact]
    public async Task A_certificate_that_somebody_else_makes_is_served_and_goes_on_being_served_where_it_goes()
    {
        const string given = "/api/v1/namespaces/s/secrets/given";
        KeyPair authority = KeyPair.NewAuthority(time.GetUtcNow(), TimeSpan.FromDays(365));
        KeyPair serving = authority.NewServing(new(["127.0.0.1"]), time.GetUtcNow(), TimeSpan.FromDays(90));
        await BeginAsync(Options(new WebhookEndpoint.Outside(new("https://127.0.0.1:9443"))) with { CertificateSecret = "given" });
        DateTimeOffset later = time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await UntilAsync(() => time.GetUtcNow() > later);
        Assert.Null(Find(Certificates));
        Add(given, SecretOf(authority.CertificatePem, serving.CertificatePem, serving.KeyPem));
        await UntilAsync(() => Decoded("tls.crt") == serving.CertificatePem && Find(Validating) is not null);
        Assert.Empty(Decoded("ca.key"));
        string bundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(authority.CertificatePem + "\n"));
        Assert.All(
            Hooks(Mutating).Concat(Hooks(Validating)), hook => Assert.Equal(bundle, hook["clientConfig"]!["caBundle"]!.ToString()));

        // Neither a key of another certificate nor none is a reason to stop.
        Add(given, SecretOf(authority.CertificatePem, serving.CertificatePem, authority.KeyPem));
        objects.TryRemove(Validating, out _);
        await UntilAsync(() => Find(Validating) is not null);
        objects.TryRemove(given, out _);
        objects.TryRemove(Mutating, out _);
        await UntilAsync(() => Find(Mutating) is not null);
        Assert.Equal(serving.CertificatePem, Decoded("tls.crt"));
    }

    [Theory]
    [InlineData(Mutating)]
    [InlineData(Validating)]
    public async Task An_operator_outside_of_the_cluster_says_that_it_cannot_take_over_what_has_a_Service_and_what_to_do(string path)
    {
        Add(path, """
            {"metadata":{"name":"schemagate"},
             "webhooks":[{"name":"a","clientConfig":{"service":{"namespace":"schemagate-system","name":"schemagate"} } }]}
            """);
        await BeginAsync();
        await UntilAsync(() => webhooks.Unmended is not null);
        Assert.Contains("with the Service schemagate-system/schemagate", webhooks.Unmended, StringComparison.Ordinal);
        Assert.Contains("kubectl delete mutatingwebhookconfiguration", webhooks.Unmended, StringComparison.Ordinal);
        objects.TryRemove(path, out _);
        await UntilAsync(() => Find(Mutating) is not null && Find(Validating) is not null && webhooks.Unmended is null);
    }

    /// <summary>What runs there is made again with nobody there to ask.</summary>
    [Fact]
    public async Task The_hashes_that_are_registered_are_kept_while_a_namespace_may_not_be_seen()
    {
        forbidden = "/schemagates";
        WebhookEndpoint endpoint = new WebhookEndpoint.Outside(new("https://127.0.0.1:9443")) { Secret = new('7', 64) };
        foreach ((string path, JsonObject content) in new[] { Mutating, Validating }
            .Zip(WebhookContent.Wanted(endpoint, "bundle", ["db-5d"], hasMatchConditions: true).Select(wanted => wanted.Content)))
        {
            content["metadata"] = new JsonObject { ["name"] = "schemagate" };
            Add(path, content.ToJsonString());
        }

        await BeginAsync();
        string bundle = Hooks(Mutating).First()["clientConfig"]!["caBundle"]!.ToString();
        await UntilAsync(() => Hooks(Mutating).All(hook => hook["clientConfig"]!["caBundle"]!.ToString() != bundle));
        Assert.Contains("\"db-5d\"", objects[Mutating].ToJsonString(), StringComparison.Ordinal);
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

        // One that is about to answer is not in the Endpoints yet: they must say the same for a while.
        JsonArray subsets = objects["/api/v1/namespaces/s/endpoints/schemagate"]["subsets"]!.AsArray();
        JsonNode old = subsets[1]!;
        subsets.RemoveAt(1);
        for (int second = 0; second < 8; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.All(Paths(), registered => Assert.Equal(3, registered.Split('/').Length));
        subsets.Add(old);
        time.Advance(TimeSpan.FromSeconds(2));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        subsets.RemoveAt(1);
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

    private static string SecretOf(string authorities, string certificate, string key)
    {
        static string Encoded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        return $$"""
            {"metadata":{"name":"given","namespace":"s"},
             "data":{"ca.crt":"{{Encoded(authorities)}}","tls.crt":"{{Encoded(certificate)}}","tls.key":"{{Encoded(key)}}"} }
            """;
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
                mended++;
                found = (JsonObject)found!.DeepClone();
                found["webhooks"] = operations[^1]!["value"]!.DeepClone();
                break;
            case "PATCH":
                found = Applied(found, (JsonObject)body!);
                break;
            default:
                if (forbidden is not null && path.EndsWith(forbidden, StringComparison.Ordinal))
                {
                    await FakeApiServer.Text(403, """{"kind":"Status","status":"Failure","reason":"Forbidden","code":403}""")(context);
                    return;
                }

                await FakeApiServer.Text(found is null ? 404 : 200, found?.ToJsonString()
                    ?? """{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""")(context);
                return;
        }

        found["metadata"]!["resourceVersion"] = "1";
        if (path is Mutating or Validating)
        {
            meddling(found);
        }

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
