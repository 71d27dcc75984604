using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>One namespace of several that may not be seen closes what is in it, and nothing else.</summary>
public sealed class WatchedNamespaceTests : IAsyncLifetime
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, bool> forbidden = new(StringComparer.Ordinal) { ["bad"] = true };
    private readonly List<string> lines = [];
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private ClusterView view = null!;
    private Task running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        server = (await FakeApiServer.StartAsync()).Group("rollouts");
        client = server.Client();
        for (int request = 0; request < 1000; request++)
        {
            server.List(AnswerAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        client.Dispose();
        await server.DisposeAsync();
        stopping.Dispose();
    }

    [Theory]
    [InlineData("bad")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("Mis/typed")]
    public async Task A_namespace_that_may_not_be_seen_is_closed_in_words_and_the_others_are_served(string closed)
    {
        forbidden[Uri.EscapeDataString(closed)] = true;
        Run("good", closed);
        await Eventually.TrueAsync(() => view.Synced);
        Assert.Null(view.Unserved("good"));
        Assert.Equal("shop", view.Gate(new("good", "shop"))?.Metadata.Name);
        string problem = Assert.IsType<string>(view.Unserved(closed));
        Assert.StartsWith(
            $"SchemaGate cannot look after namespace {closed}, so nothing gated may begin here: ", problem, StringComparison.Ordinal);
        Readiness ready = Ready();
        Assert.True(ready.Knows);
        Assert.StartsWith($"namespace {closed} is closed: ", Assert.Single(ready.Closed), StringComparison.Ordinal);
        await new WatchedNamespaces(client, view, TimeProvider.System, new Lines(lines)).LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(problem, Assert.Single(lines));
    }

    [Fact]
    public async Task Rollouts_are_followed_where_they_may_be_and_refused_in_words_where_not()
    {
        Run("good", "bad");
        await Eventually.TrueAsync(() => view.Synced && view.Deployments.RolloutsProblem("good") is null);
        Assert.Contains("forbidden to you", view.Deployments.RolloutsProblem("bad"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_opens_once_it_may_be_seen_and_the_operator_stays_ready_meanwhile()
    {
        Run("good", "bad");
        await Eventually.TrueAsync(() => view.Synced);
        forbidden.Clear();
        await Eventually.TrueAsync(() => !view.Synced || view.Unserved("bad") is null);
        Assert.True(view.Synced);
        Assert.Equal("shop", view.Gate(new("bad", "shop"))?.Metadata.Name);
    }

    [Fact]
    public async Task Where_none_may_be_seen_nobody_is_ready_and_the_reason_is_told()
    {
        Run("bad");
        await Eventually.TrueAsync(() => view.Refused(null) is not null);
        Assert.False(view.Synced);
        Assert.Contains("not complete yet: GET /", Ready().Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_told_and_closes_nothing()
    {
        Run("good", "missing");
        await Eventually.TrueAsync(() => view.Synced);
        WatchedNamespaces namespaces = new(client, view, TimeProvider.System, new Lines(lines));
        await namespaces.LookAsync(TestContext.Current.CancellationToken);
        await namespaces.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["There is no namespace missing (yet), which --watch-namespace names. Create it, or mend the name."], lines);
        Assert.Null(view.Unserved("missing"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_closed_namespace_only_what_proves_its_release_is_made_again(bool released)
    {
        Run("good", "bad");
        await Eventually.TrueAsync(() => view.Synced);
        SealKey key = new(new byte[32]);
        using ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
        HoldJudge judge = new(view, new(view, images, client, TimeProvider.System), TimeProvider.System);
        ReplicaSetAdmission admission = new(
            client, view, new(key), judge, new(client, view, judge, TimeProvider.System), TimeProvider.System);
        AdmissionResponse response = await admission.ReviewAsync(Birth(key, released), TestContext.Current.CancellationToken);
        Assert.Equal(released, response.Allowed);
        Assert.Equal(released ? null : view.Unserved("bad"), response.Status?.Message);
    }

    /// <summary>
    /// The registration asks about those of revisions that run with Ignore, and about all others with Fail: so an answer that is none makes
    /// the first and keeps the others.
    /// </summary>
    [Theory]
    [InlineData("controller-revision-hash", "bad", true)]
    [InlineData("controller-revision-hash", "elsewhere", false)]
    [InlineData("job-name", "bad", false)]
    public async Task A_pod_of_a_set_in_a_closed_namespace_gets_no_answer_and_others_get_one(string label, string ns, bool isUnanswered)
    {
        Run("good", "bad");
        await Eventually.TrueAsync(() => view.Synced);
        SealKey key = new(new byte[32]);
        using ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
        HoldJudge judge = new(view, new(view, images, client, TimeProvider.System), TimeProvider.System);
        PodAdmission admission = new(
            view, new(key), judge, new(client, view, judge, TimeProvider.System),
            new(new(null, new("https://schemagate.schemagate-system.svc"), null, () => null, HasSchedulingGates: true)));
        AdmissionRequest request = new()
        {
            Uid = "u",
            Operation = AdmissionOperation.Create,
            Kind = new("", "v1", "Pod"),
            Resource = new("", "v1", "pods"),
            Namespace = ns,
            Object = JsonElement.Parse($$"""
                {"metadata":{"name":"db-0","namespace":"{{ns}}","labels":{"schemagate.dev/gated":"true","{{label}}":"db-5d"},
                  "annotations":{"schemagate.dev/requires":"shop=x:1"} },"spec":{"containers":[]} }
                """),
        };
        if (isUnanswered)
        {
            KubernetesException none = await Assert.ThrowsAsync<KubernetesException>(
                () => admission.ReviewAsync(request, TestContext.Current.CancellationToken));
            Assert.Equal((StatusReason.ServiceUnavailable, view.Unserved("bad")), (none.Reason, none.Message));
        }
        else
        {
            Assert.False((await admission.ReviewAsync(request, TestContext.Current.CancellationToken)).Allowed);
        }
    }

    private static AdmissionRequest Birth(SealKey key, bool released)
    {
        Release release = new("shop", "x:1", null, null, "7/shop/public", DateTimeOffset.UnixEpoch, Reasons.Satisfied);
        string template = Cluster.ReplicaSet().AsReplicaSet().Template.Hash;
        JsonObject replicaSet = Cluster.ReplicaSet(replicas: 1);
        if (released)
        {
            replicaSet["metadata"]!["annotations"]![Names.Released] = key.Seal.Write("bad", new(template, [release]));
        }

        return new()
        {
            Uid = "u",
            Operation = AdmissionOperation.Create,
            Kind = new("apps", "v1", "ReplicaSet"),
            Resource = new("apps", "v1", "replicasets"),
            Namespace = "bad",
            Object = JsonSerializer.SerializeToElement(replicaSet),
        };
    }

    private void Run(params string[] namespaces)
    {
        view = new(client, new(new SealKey(new byte[32])), namespaces, _ => { }, TimeProvider.System);
        running = view.RunAsync(stopping.Token);
    }

    private Readiness Ready() => new(view, new ServedCertificate(), () => TimeSpan.Zero, () => null, CancellationToken.None);

    private Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/');
        int at = Array.IndexOf(path, "namespaces");
        string ns = path[at + 1];
        (int status, string answer) = (at + 2 == path.Length, path[^1]) switch
        {
            (true, "missing") => Refusal("NotFound", 404),
            (true, _) => (200, $$$"""{"metadata":{"name":"{{{ns}}}"}}"""),
            _ when forbidden.ContainsKey(ns) => Refusal("Forbidden", 403),
            (_, "schemagates") => (200, $$$"""
                {"metadata":{"resourceVersion":"1"},
                 "items":[{"metadata":{"name":"shop","namespace":"{{{ns}}}","uid":"{{{ns}}}","resourceVersion":"1"}}]}
                """),
            _ => (200, """{"metadata":{"resourceVersion":"1"},"items":[]}"""),
        };
        return FakeApiServer.Text(status, answer)(context);
    }

    private static (int Status, string Answer) Refusal(string reason, int code) =>
        (code, $$$"""{"kind":"Status","status":"Failure","reason":"{{{reason}}}","code":{{{code}}},"message":"forbidden to you"}""");

    private sealed class Lines(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
