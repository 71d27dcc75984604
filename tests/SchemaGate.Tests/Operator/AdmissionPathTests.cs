using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The paths as they are made, registered and forgotten over time.</summary>
public sealed class AdmissionPathTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A Secret, which replicas read some seconds late, and what the API servers ask at, which follow as late.</summary>
    private sealed class World
    {
        private static readonly TimeSpan s_late = TimeSpan.FromSeconds(8);

        private readonly List<(DateTimeOffset At, IReadOnlyList<string> Secrets)> stored = [];
        private readonly List<(DateTimeOffset At, string Secret)> registered = [];

        public AdmissionPaths Paths { get; set; } = AdmissionPaths.None;

        public DateTimeOffset Now { get; private set; } = s_start;

        public string Registered => registered[^1].Secret;

        /// <summary>Steps a second apart; whatever an API server still asks at, every replica knows.</summary>
        public void Run(TimeSpan duration)
        {
            for (DateTimeOffset end = Now + duration; Now < end; Now += TimeSpan.FromSeconds(1))
            {
                // As it is written and read again.
                Paths = AdmissionPaths.Read(Paths.Next([.. registered.TakeLast(1).Select(path => path.Secret)], Now).ToString());
                stored.Add((Now, [.. Paths.Known.Select(path => path.Secret)]));
                if (Paths.ToRegister(Now) is { } secret && (registered.Count == 0 || registered[^1].Secret != secret))
                {
                    registered.Add((Now, secret));
                }

                if (Now - s_start > s_late)
                {
                    IReadOnlyList<string> known = stored.Last(state => Now - state.At >= s_late || state == stored[0]).Secrets;
                    IEnumerable<string> asked = registered.Where((path, index) => index == registered.Count - 1
                        || Now - registered[index + 1].At <= s_late).Select(path => path.Secret);
                    Assert.All(asked, secret => Assert.Contains(secret, known, StringComparer.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void The_first_path_is_registered_at_once()
    {
        World world = new();
        world.Run(TimeSpan.FromSeconds(1));
        Assert.True(AdmissionPaths.IsSecret(world.Registered));
    }

    [Fact]
    public void A_path_is_renewed_every_day_and_known_by_every_replica_for_as_long_as_it_is_asked_at()
    {
        World world = new();
        world.Run(TimeSpan.FromMinutes(1));
        string first = world.Registered;
        world.Run(AdmissionPaths.Lifetime + AdmissionPaths.Remembered + TimeSpan.FromMinutes(2));
        Assert.NotEqual(first, world.Registered, StringComparer.Ordinal);
        Assert.Equal(world.Registered, Assert.Single(world.Paths.Known).Secret, StringComparer.Ordinal);
    }

    [Fact]
    public void What_is_registered_outlives_a_lost_Secret()
    {
        World world = new();
        world.Run(TimeSpan.FromMinutes(1));
        string before = world.Registered;
        AdmissionPaths anew = AdmissionPaths.None.Next([before], world.Now);
        Assert.Equal(before, anew.Known[1].Secret, StringComparer.Ordinal);
        Assert.Equal(before, anew.ToRegister(world.Now), StringComparer.Ordinal);
    }

    /// <summary>As every exception of the API server's words is made, and what controllers repeat of them is read.</summary>
    [Fact]
    public void A_secret_is_not_repeated_where_the_API_server_quotes_it()
    {
        World world = new();
        world.Run(TimeSpan.FromSeconds(1));
        string said = SecretPaths.Without($"webhooks[0].clientConfig.url: Invalid value: \"https://h/admission/{world.Registered}/pods\"");
        Assert.Equal("webhooks[0].clientConfig.url: Invalid value: \"https://h/admission/(secret)/pods\"", said);
    }

    [Fact]
    public void A_Secret_full_of_rubbish_holds_no_paths() =>
        Assert.Empty(AdmissionPaths.Read($"no path\n{new string('a', 64)} x 0\n\0\n{new string('G', 64)} 1 0").Known);

    [Fact]
    public void A_path_that_was_registered_is_answered_for_a_moment_longer_and_one_without_a_secret_only_while_it_is()
    {
        ManualTime time = new();
        AdmissionDoor door = new(time);
        Assert.False(door.Opens(""));
        door.Follow(Configurations(""));
        Assert.True(door.Opens(""));

        string secret = new('7', 64);
        door.Follow(Configurations(secret));
        Assert.True(door.Opens(secret) && door.Opens(""));
        Assert.False(door.Opens(new string('8', 64)));
        time.Advance(CertificatePlan.Propagation);
        Assert.True(door.Opens(secret));
        Assert.False(door.Opens(""));
    }

    [Theory]
    [InlineData("https://127.0.0.1:9443/admission/pods", "")]
    [InlineData("/admission/5555/pods", "5555")]
    [InlineData("/", null)]
    [InlineData("/admission/a/b/c", null)]
    public void A_secret_is_read_from_a_path_or_a_URL(string path, string? secret) =>
        Assert.Equal(secret, WebhookEndpoint.SecretIn(path));

    [Fact]
    public void Every_webhook_is_registered_under_the_secret()
    {
        string secret = new('7', 64);
        Assert.Equal([secret], WebhookRegistration.Secrets(Configurations(secret)), StringComparer.Ordinal);
        Assert.True(WebhookRegistration.IsAsking(Configurations(secret)));
        Assert.False(WebhookRegistration.IsAsking([Configurations(secret)[0], null]));
    }

    [Fact]
    public void What_a_cloud_provider_adds_to_every_webhook_keeps_no_replica_from_being_ready() => Assert.True(
        WebhookRegistration.IsAsking(Configurations("", hook =>
            hook["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["a"] = "b" } })));

    /// <summary>The manifests hold those that only an older server needs; the leader takes them away in a moment.</summary>
    [Fact]
    public void A_webhook_that_the_operator_does_not_know_keeps_no_replica_from_being_ready()
    {
        static void LosePath(JsonNode hook) => hook["clientConfig"] = new JsonObject { ["service"] = new JsonObject() };
        Assert.True(IsAsking(hook => hook["name"]!.ToString().EndsWith("pod-template-hash.schemagate.dev", StringComparison.Ordinal)));
        Assert.False(IsAsking(hook => hook["name"]!.ToString() == "births.schemagate.dev"));
        Assert.False(WebhookRegistration.IsAsking(Configurations(new('7', 64), hook => hook["name"] = $"other-{hook["name"]}")));

        static bool IsAsking(Func<JsonNode, bool> isWithout) => WebhookRegistration.IsAsking(Configurations(
            new('7', 64),
            hook =>
            {
                if (isWithout(hook))
                {
                    LosePath(hook);
                }
            },
            hasMatchConditions: false));
    }

    private static List<RawObject> Configurations(string secret, Action<JsonNode>? change = null, bool hasMatchConditions = true)
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system") { Secret = secret };
        return [.. WebhookContent.Wanted(endpoint, "bundle", [], hasMatchConditions).Select(wanted =>
        {
            foreach (JsonNode? hook in wanted.Content["webhooks"]!.AsArray())
            {
                change?.Invoke(hook!);
            }

            wanted.Content["metadata"] = new JsonObject { ["name"] = "schemagate" };
            return wanted.Type.Read(JsonSerializer.SerializeToElement(wanted.Content));
        })];
    }
}
