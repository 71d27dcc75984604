using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.EndToEnd.Kubernetes;

public sealed class ClientTests : IAsyncLifetime
{
    private ScratchNamespace scratch = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KubernetesClient Client => scratch.Client;

    public async ValueTask InitializeAsync() => scratch = await ScratchNamespace.CreateAsync();

    public ValueTask DisposeAsync() => scratch?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static readonly ResourceType<RawObject> Deployments
        = RawObject.Resource("apps", "v1", "Deployment", "deployments", namespaced: true);

    [Fact]
    public async Task The_server_tells_its_version()
    {
        var version = await Client.GetVersionAsync(Cancellation);
        Assert.True(int.Parse(version.Minor.TrimEnd('+'), CultureInfo.InvariantCulture) >= 20, version.GitVersion);
    }

    [Fact]
    public async Task An_object_is_created_read_replaced_and_deleted()
    {
        var created = await scratch.AddAsync("a");
        await RefusedAsync(StatusReason.AlreadyExists, () => scratch.AddAsync("a"));
        Assert.Equal([0, 1, 255], (await Client.GetAsync(Kinds.Secret, scratch.Name, "a", Cancellation)).Data["key"]);
        var changed = created with { Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["key"] = [7] } };
        await Client.ReplaceAsync(Kinds.Secret, changed, cancellation: Cancellation);
        await RefusedAsync(StatusReason.Conflict, () => Client.ReplaceAsync(Kinds.Secret, created, cancellation: Cancellation));
        Assert.Equal([7], (await Client.FindAsync(Kinds.Secret, scratch.Name, "a", Cancellation))!.Data["key"]);
        await Client.DeleteAsync(Kinds.Secret, scratch.Name, "a", cancellation: Cancellation);
        Assert.Null(await Client.FindAsync(Kinds.Secret, scratch.Name, "a", Cancellation));
        await RefusedAsync(StatusReason.NotFound, () => Client.GetAsync(Kinds.Secret, scratch.Name, "a", Cancellation));
    }

    [Fact]
    public async Task An_invalid_object_is_refused_with_the_servers_words()
    {
        var refused = await RefusedAsync(StatusReason.Invalid, () => scratch.AddAsync("Not A Name"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.HttpStatus);
        Assert.Contains("metadata.name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_json_patch_whose_test_fails_changes_nothing()
    {
        var created = await scratch.AddAsync("a", ("app", "web"));
        var version = JsonPatch.PointerTo("metadata", "resourceVersion");
        var label = JsonPatch.PointerTo("metadata", "labels", "example.com/held");
        var patch = JsonPatch.Empty.Test(version, created.Metadata.ResourceVersion).Add(label, "yes");
        Assert.Equal("yes", (await PatchAsync("a", patch)).Metadata.Labels["example.com/held"]);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => PatchAsync("a", patch.Remove(label)));
        Assert.Equal((StatusReason.Conflict, false), (refused.Reason, refused.Retryable));
        var invalid = await Assert.ThrowsAsync<KubernetesException>(
            () => PatchAsync("a", JsonPatch.Empty.Add(label, "not a label's value")));
        Assert.Equal(StatusReason.Invalid, invalid.Reason);
        Assert.Contains(
            "example.com/held",
            (await Client.GetAsync(Kinds.Secret, scratch.Name, "a", Cancellation)).Metadata.Labels.Keys,
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_merge_patch_removes_by_null()
    {
        await scratch.AddAsync("a", ("app", "web"));
        var patched = await PatchAsync("a", new MergePatch(Labels("app", null)));
        Assert.Empty(patched.Metadata.Labels);
    }

    [Fact]
    public async Task An_apply_owns_its_fields_until_another_forces_them()
    {
        await PatchAsync("a", new ApplyPatch(Labels("app", "web")));
        await RefusedAsync(StatusReason.Conflict, () => PatchAsync("a", new ApplyPatch(Labels("app", "other"), FieldManager: "another")));
        var forced = await PatchAsync("a", new ApplyPatch(Labels("app", "other"), Force: true, FieldManager: "another"));
        Assert.Equal("other", forced.Metadata.Labels["app"]);
    }

    [Fact]
    public async Task A_status_is_patched_by_its_own_subresource()
    {
        var deployment = await Client.PatchAsync(Deployments, scratch.Name, "web", new ApplyPatch(JsonNode.Parse("""
            {"spec":{"replicas":0,"paused":true,"selector":{"matchLabels":{"app":"web"}},
            "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"none"}]}}}}
            """)!.AsObject()), cancellation: Cancellation);
        var spec = deployment.Content.GetProperty("spec");
        Assert.True(spec.GetProperty("paused").GetBoolean());
        Assert.Equal("app=web", ModelJson.Value(spec.GetProperty("selector"), ModelContext.Default.V1LabelSelector).ToQuery());
        Assert.Equal("web", spec.GetProperty("template").GetProperty("spec").GetProperty("containers")[0].GetProperty("name").GetString());
        var patch = new MergePatch(JsonNode.Parse("""{"spec":{"replicas":5},"status":{"observedGeneration":77}}""")!.AsObject());
        var patched = await Client.PatchAsync(Deployments, scratch.Name, "web", patch, "status", Cancellation);
        Assert.Equal(0, patched.Content.GetProperty("spec").GetProperty("replicas").GetInt32());
        Assert.Equal(77, patched.Content.GetProperty("status").GetProperty("observedGeneration").GetInt32());
    }

    [Fact]
    public async Task A_deletion_of_another_incarnation_is_refused()
    {
        await scratch.AddAsync("a");
        await RefusedAsync(StatusReason.Conflict, () =>
            Client.DeleteAsync(Kinds.Secret, scratch.Name, "a", new() { Uid = "00000000-0000-0000-0000-000000000000" }, Cancellation));
    }

    [Fact]
    public async Task A_list_comes_in_pages_and_by_selector()
    {
        for (var i = 0; i < 7; i++)
        {
            await scratch.AddAsync($"s{i}", ("parity", i % 2 == 0 ? "even" : "odd"));
        }

        var selector = new V1LabelSelector
        {
            MatchExpressions = [new() { Key = "parity", OperatorProperty = "In", Values = ["even", "odd"] }],
        }.ToQuery();
        var page = await Client.ListAsync(Kinds.Secret, scratch.Name, new() { Limit = 3, LabelSelector = selector }, Cancellation);
        Assert.Equal(3, page.Items.Count);
        Assert.NotEmpty(page.Metadata.ContinueProperty);
        var all = await Client.ListAllAsync(Kinds.Secret, scratch.Name, new() { Limit = 3, LabelSelector = selector }, Cancellation);
        Assert.Equal(7, all.Items.Count);
        Assert.Equal(
            4,
            (await Client.ListAllAsync(Kinds.Secret, scratch.Name, new() { LabelSelector = "parity=even" }, Cancellation)).Items.Count);
    }

    [Fact]
    public async Task A_watch_tells_each_change_in_order_and_ends_in_its_time()
    {
        var from = (await Client.ListAsync(Kinds.Secret, scratch.Name, cancellation: Cancellation)).Metadata.ResourceVersion;
        await scratch.AddAsync("zz");
        await PatchAsync("zz", new MergePatch(Labels("app", "web")));
        await Client.DeleteAsync(Kinds.Secret, scratch.Name, "zz", cancellation: Cancellation);
        var seen = new List<WatchEventKind>();
        var options = new WatchOptions { ResourceVersion = from, FieldSelector = "metadata.name=zz", Timeout = TimeSpan.FromSeconds(2) };
        await foreach (var change in Client.WatchAsync(Kinds.Secret, scratch.Name, options, Cancellation))
        {
            seen.Add(change.Kind);
        }

        Assert.Equal(
            [WatchEventKind.Added, WatchEventKind.Modified, WatchEventKind.Deleted],
            seen.Where(kind => kind != WatchEventKind.Bookmark));
    }

    [Fact]
    public async Task An_event_is_recorded_and_a_strangers_token_is_not_authenticated()
    {
        await Client.CreateAsync(Kinds.Event, new()
        {
            Metadata = new() { GenerateName = "test-", NamespaceProperty = scratch.Name },
            EventTime = DateTimeOffset.UtcNow.ToMicroTime(),
            ReportingController = "example.com/tests",
            ReportingInstance = "tests-1",
            Action = "Test",
            Reason = "Tested",
            Type = "Normal",
            Regarding = new() { ApiVersion = "v1", Kind = "Secret", Name = "a", NamespaceProperty = scratch.Name },
        }, Cancellation);
        var review = await Client.CreateAsync(Kinds.TokenReview, new() { Spec = new() { Token = "nobody's" } }, Cancellation);
        Assert.NotEqual(true, review.Status!.Authenticated);
    }

    private Task<V1Secret> PatchAsync(string name, Patch patch)
        => Client.PatchAsync(Kinds.Secret, scratch.Name, name, patch, cancellation: Cancellation);

    private static JsonObject Labels(string name, string? value)
        => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [name] = value } } };

    private static async Task<KubernetesException> RefusedAsync(string reason, Func<Task> request)
    {
        var refused = await Assert.ThrowsAsync<KubernetesException>(request);
        Assert.Equal(reason, refused.Reason);
        return refused;
    }
}
