using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Running;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What is made of a run's Job as the API server has it, and what is asked of the API server.</summary>
public sealed class RunJobsTests : IAsyncLifetime
{
    private const string Name = "shop-migrate-1";
    private const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Pending = """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes"}]}""";

    private readonly ManualTime time = new();
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<(string Method, string Name, JsonNode? Body)> written = new();
    private readonly Dictionary<string, string> jobs = new(StringComparer.Ordinal);
    private string pods = "";
    private (int Status, string Body) events = (200, List(""));
    private string? askedForEvents;
    private (int Status, string Body) created = (201, "{}");
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private ClusterView view = null!;
    private RunJobs runs = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        for (int request = 0; request < 50; request++)
        {
            server.List(AnswerAsync);
        }

        client = server.Client();
        SealKey key = new(new byte[32]);
        view = new(client, new(key), ["shop"], _ => { }, time);
        runs = new(client, view, () => key.Claims, new("schemagate:1", null), time);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        client.Dispose();
        await server.DisposeAsync();
        ending.Dispose();
    }

    [Theory]
    [InlineData(400, "BadRequest", "cannot unmarshal number into Go struct field EnvVar.value")]
    [InlineData(403, "Forbidden", "exceeded quota")]
    [InlineData(413, "RequestEntityTooLarge", "limit is 3145728")]
    [InlineData(422, "Invalid", "spec.template.spec.containers[0].image: Required value")]
    public async Task A_Job_that_is_refused_has_failed_with_the_server_s_words(int status, string reason, string words)
    {
        created = (status, Refusal(status, reason, words));
        Assert.IsType<StepOutcome.Overtaken>(await StartAsync());
        JobObservation job = (await ObserveAsync(started: false))!;
        Assert.Equal((true, false), (job.Finished, job.Succeeded));
        Assert.Contains(words, job.Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(404, "NotFound")]
    [InlineData(409, "Conflict")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    public async Task A_Job_that_could_not_be_made_now_is_made_at_the_next_look(int status, string reason)
    {
        created = (status, Refusal(status, reason, "not now"));
        Assert.Equal(reason, (await Assert.ThrowsAsync<KubernetesException>(() => StartAsync())).Reason);
        Assert.Null(await ObserveAsync(started: false));
    }

    [Fact]
    public async Task A_Job_that_is_there_already_is_the_run_s_own()
    {
        created = (409, Refusal(409, "AlreadyExists", "it exists"));
        jobs[Name] = Job(Name);
        await StartAsync();
        Assert.False((await ObserveAsync())!.Finished);
    }

    [Fact]
    public async Task A_stranger_s_Job_of_the_run_s_name_is_not_taken_for_the_run_s()
    {
        created = (409, Refusal(409, "AlreadyExists", "it exists"));
        jobs[Name] = Job(Name, Condition("Complete"), uid: "another");
        Assert.Null(await ObserveAsync());
        await StartAsync();
        JobObservation job = (await ObserveAsync())!;
        Assert.Equal((true, false), (job.Finished, job.Succeeded));
        Assert.Contains("is not this gate's: delete it", job.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_does_not_start_within_the_deadline_ends_the_run_and_the_reason_is_told()
    {
        (jobs[Name], pods) = (Job(Name), Pod(Pending));
        JobObservation job = (await ObserveAsync())!;
        Assert.Equal((false, "its pod p finds no node: 0/3 nodes"), (job.Finished, job.Trouble));
        time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        job = (await ObserveAsync())!;
        Assert.Equal((true, false), (job.Finished, job.Succeeded));
        Assert.Equal("its pod did not start within spec.migrate.deadline; its pod p finds no node: 0/3 nodes", job.Trouble);
    }

    [Theory]
    [InlineData("failed quota: q: must specify limits.cpu for: migrate", "spec.migrate.resources")]
    [InlineData("exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", "spec.migrate.resources")]
    [InlineData("[maximum memory usage per Container is 256Mi, but limit is 512Mi]", "spec.migrate.resources")]
    [InlineData("error looking up service account shop/runner: serviceaccount \\\"runner\\\" not found", "spec.migrate.serviceAccountName")]
    [InlineData("violates PodSecurity \\\"restricted:latest\\\": runAsNonRoot != true", "mend spec.migrate.template")]
    public async Task A_Job_that_makes_no_pod_is_told_in_the_words_of_its_newest_event(string words, string advice)
    {
        jobs[Name] = Job(Name);
        events = (200, List($"{FailedCreate("old words", second: 1)},{FailedCreate(words, second: 4)},{FailedCreate("older", second: 0)}"));
        Assert.Null((await ObserveAsync())!.Trouble);
        Assert.Null(askedForEvents);
        time.Advance(JobEvents.Patience);
        JobObservation job = (await ObserveAsync())!;
        Assert.False(job.Finished);
        Assert.StartsWith("it makes no pod: ", job.Trouble, StringComparison.Ordinal);
        Assert.Contains(words.Replace("\\", "", StringComparison.Ordinal), job.Trouble, StringComparison.Ordinal);
        Assert.Contains(advice, job.Trouble, StringComparison.Ordinal);
        Assert.Contains("regarding.uid%3Dj-shop-migrate-1%2Creason%3DFailedCreate", askedForEvents, StringComparison.Ordinal);
        Assert.Contains("limit=", askedForEvents, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(10));
        job = (await ObserveAsync())!;
        Assert.True(job.Finished);
        Assert.StartsWith(
            "its pod did not start within spec.migrate.deadline; it makes no pod: ", job.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Job_whose_events_cannot_be_read_goes_on_and_that_is_told()
    {
        jobs[Name] = Job(Name);
        events = (403, Refusal(403, "Forbidden", "may not list events"));
        time.Advance(JobEvents.Patience);
        JobObservation job = (await ObserveAsync())!;
        Assert.False(job.Finished);
        Assert.Contains("its events, which say why, cannot be read", job.Trouble, StringComparison.Ordinal);
        Assert.Contains("may not list events", job.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_events_of_a_Job_with_a_pod_or_an_end_are_not_read()
    {
        time.Advance(TimeSpan.FromMinutes(1));
        (jobs[Name], pods) = (Job(Name), Pod("""{"phase":"Running"}"""));
        await ObserveAsync();
        (jobs[Name], pods) = (Job(Name, Condition("Failed")), "");
        await ObserveAsync();
        Assert.Null(askedForEvents);
    }

    [Theory]
    [InlineData("""{"terminated":{"exitCode":1,"reason":"Error"}}""", "its init container fetch ended with exit code 1 (Error)")]
    [InlineData("""{"terminated":{"exitCode":137,"reason":"OOMKilled"}}""", "its init container fetch was killed")]
    [InlineData("""{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}""", "its init container fetch does not start")]
    public async Task An_init_container_that_fails_is_told(string state, string told)
    {
        const string waiting = """{"name":"migrate","state":{"waiting":{"reason":"PodInitializing"}}}""";
        string fetch = $$"""{"name":"fetch","state":{{state}} }""";
        (jobs[Name], pods) = (Job(Name), Pod(
            $$"""{"phase":"Pending","initContainerStatuses":[{{fetch}}],"containerStatuses":[{{waiting}}]}"""));
        Assert.StartsWith(told, (await ObserveAsync())!.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sidecar_that_was_told_to_end_is_not_told_for_a_failure()
    {
        const string done = """{"name":"migrate","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}""";
        const string sidecar = """{"name":"proxy","state":{"terminated":{"exitCode":143,"reason":"Error"}}}""";
        (jobs[Name], pods) = (Job(Name), Pod(
            $$"""{"phase":"Succeeded","initContainerStatuses":[{{sidecar}}],"containerStatuses":[{{done}}]}"""));
        Assert.Null((await ObserveAsync())!.Trouble);
    }

    [Fact]
    public async Task A_pod_that_has_started_is_not_ended_by_the_deadline_here()
    {
        (jobs[Name], pods) = (Job(Name), Pod("""{"phase":"Running"}"""));
        time.Advance(TimeSpan.FromHours(1));
        Assert.False((await ObserveAsync())!.Finished);
    }

    [Fact]
    public async Task A_Job_that_is_bound_to_fail_has_failed_when_its_pod_s_time_to_end_is_up()
    {
        (jobs[Name], pods) = (Job(Name, Condition("FailureTarget")), Pod("""{"phase":"Running"}""", deletion: "2024-12-24T10:01:15Z"));
        Assert.False((await ObserveAsync())!.Finished);
        time.Advance(TimeSpan.FromSeconds(75));
        JobObservation job = (await ObserveAsync())!;
        Assert.Equal((true, false), (job.Finished, job.Succeeded));
        Assert.Equal("DeadlineExceeded: too long", job.Trouble);
    }

    [Fact]
    public async Task A_Job_that_is_bound_to_fail_has_failed_as_soon_as_its_pod_has_ended()
    {
        (jobs[Name], pods) = (Job(Name, Condition("FailureTarget")), Pod("""{"phase":"Failed"}"""));
        Assert.True((await ObserveAsync())!.Finished);
    }

    [Fact]
    public async Task A_Job_that_is_bound_to_succeed_has_not_ended()
    {
        (jobs[Name], pods) = (Job(Name, Condition("SuccessCriteriaMet")), Pod("""{"phase":"Running"}"""));
        Assert.False((await ObserveAsync())!.Finished);
    }

    [Fact]
    public async Task A_run_goes_as_far_as_the_decision_and_into_the_database_that_was_judged()
    {
        await StartAsync(through: "m2", required: "m3");
        string[] arguments = [.. Assert.Single(written).Body!["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray()
            .Select(argument => (string)argument!)];
        Assert.Contains("--through=m2", arguments, StringComparer.Ordinal);
        Assert.Contains("--expect-database=7/shop/tenant", arguments, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Three_successful_Jobs_are_kept_and_five_failed_ones_and_the_newest()
    {
        for (int minute = 0; minute < 7; minute++)
        {
            jobs[$"good-{minute}"] = Job($"good-{minute}", Condition("Complete"), minute: minute);
            jobs[$"bad-{minute}"] = Job($"bad-{minute}", Condition("Failed"), minute: minute);
        }

        await ActAsync();
        Assert.Equal(["bad-0", "bad-1", "good-0", "good-1", "good-2", "good-3"], Deleted());
    }

    [Fact]
    public async Task A_Job_that_runs_and_is_not_the_run_s_is_deleted_unless_it_ends_by_itself()
    {
        jobs[Name] = Job(Name);
        jobs["left"] = Job("left");
        jobs["doomed"] = Job("doomed", Condition("FailureTarget"));
        jobs["foreign"] = Job("foreign", uid: "another");
        await ActAsync();
        Assert.Equal(["left"], Deleted());
    }

    private static SchemaGateResource Gate(bool started, string required) => SchemaGateResource.Resource.Read(JsonElement.Parse(
        $$$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"u-1"},
         "spec":{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"}},
          "require":{"through":"{{{required}}}"},"migrate":{"mode":"Job","deadline":"10m"}},
         "status":{"run":{"job":"{{{Name}}}","plan":"p","scope":"s","attempt":1,
          "startedAt":{{{(started ? "\"2024-12-24T10:00:00Z\"" : "null")}}} } } }
        """));

    private static string Job(string name, string conditions = "", string uid = "u-1", int minute = 0) => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"j-{{{name}}}","resourceVersion":"1",
          "creationTimestamp":"2024-12-24T10:{{{minute:00}}}:00Z",
          "ownerReferences":[{"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","name":"shop","uid":"{{{uid}}}"}]},
         "status":{"conditions":[{{{conditions}}}]} }
        """;

    private static string Condition(string type)
        => $$"""{"type":"{{type}}","status":"True","reason":"DeadlineExceeded","message":"too long"}""";

    private static string FailedCreate(string note, int second) => $$"""
        {"metadata":{"name":"e-{{second}}","namespace":"shop"},"reason":"FailedCreate","eventTime":null,
         "deprecatedLastTimestamp":"2024-12-24T10:00:0{{second}}Z","note":"Error creating: pods is forbidden: {{note}}"}
        """;

    private static string Pod(string status, string? deletion = null) => $$$"""
        {"metadata":{"name":"p","namespace":"shop","deletionTimestamp":{{{(deletion is null ? "null" : $"\"{deletion}\"")}}} },
         "status":{{{status}}} }
        """;

    private static string Refusal(int status, string reason, string message) =>
        $$"""{"kind":"Status","status":"Failure","code":{{status}},"reason":"{{reason}}","message":"{{message}}"}""";

    private string[] Deleted()
        => [.. written.Where(write => write.Method == "DELETE").Select(write => write.Name).Order(StringComparer.Ordinal)];

    private Task<StepOutcome> StartAsync(string through = "m3", string required = "m3")
    {
        SchemaGateResource gate = Gate(started: false, required);
        return runs.ActAsync(
            gate, SpecReader.Read(gate.Spec).Spec, Decision(
                RunMapping.Record(gate.Status!.Run)!,
                through,
                isStart: true), Digest, new DatabaseIdentity("7", "shop", "tenant"),
            TestContext.Current.CancellationToken);
    }

    /// <summary>With what the cache holds, and a run that goes on.</summary>
    private async Task ActAsync()
    {
        _ = view.RunAsync(ending.Token);
        await Eventually.TrueAsync(() => view.Synced);
        SchemaGateResource gate = Gate(started: true, "m3");
        await runs.ActAsync(
            gate, SpecReader.Read(gate.Spec).Spec, Decision(
                RunMapping.Record(gate.Status!.Run)!,
                "m3",
                isStart: false), Digest, null, TestContext.Current.CancellationToken);
    }

    private static Decision Decision(RunRecord run, string through, bool isStart) =>
        new(Verdict.Migrating, Reasons.Migrating, "", [], new(3, 1, ["m2"], [], [], [], through), null, [], TimeSpan.Zero)
        {
            Run = run,
            Action = isStart ? new RunAction.Start(run) : null,
        };

    private async Task<JobObservation?> ObserveAsync(bool started = true)
    {
        SchemaGateResource gate = Gate(started, "m3");
        return (await runs.ObserveAsync(gate, SpecReader.Read(gate.Spec).Spec, TestContext.Current.CancellationToken)).Job;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string resource = context.Request.Path.Value![(context.Request.Path.Value!.LastIndexOf('/') + 1)..];
        string text = await new StreamReader(context.Request.Body).ReadToEndAsync();
        if (context.Request.Method != "GET")
        {
            written.Enqueue((context.Request.Method, resource, JsonNode.Parse(text)));
        }

        askedForEvents = resource == "events" ? context.Request.QueryString.Value : askedForEvents;
        (int status, string body) = (context.Request.Method, resource) switch
        {
            ("POST", _) => created,
            ("DELETE", _) => (200, "{}"),
            (_, "pods") => (200, List(pods)),
            (_, "events") => events,
            (_, "jobs") => (200, List(string.Join(',', jobs.Values))),
            (_, "schemagates" or "deployments" or "replicasets" or "statefulsets" or "daemonsets" or "controllerrevisions") =>
                (200, List("")),
            _ => jobs.TryGetValue(resource, out string? job) ? (200, job) : (404, Refusal(404, "NotFound", "no such Job")),
        };
        await FakeApiServer.Text(status, body)(context);
    }

    private static string List(string items) => $$"""{"metadata":{"resourceVersion":"1"},"items":[{{items}}]}""";
}
