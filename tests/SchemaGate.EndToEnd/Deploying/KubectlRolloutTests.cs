using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Deploying;

/// <summary>What <c>kubectl rollout</c> does with a Deployment that is held, or might be.</summary>
public sealed class KubectlRolloutTests(OperatorFixture schemagate)
{
    private const string Newest = "kubectl-1.35";

    public static TheoryData<string> Kubectls => ["kubectl", Newest];

    [Theory, MemberData(nameof(Kubectls))]
    public async Task Status_waits_while_held_and_ends_after_the_migrations(string kubectl)
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        string? refusal = null;
        await Eventually.TrueAsync(
            async () => (refusal = await shop.RefusalAsync())?.Contains(Shop.Second, StringComparison.Ordinal) ?? false,
            () => $"the Deployment says why it does not progress; it says {refusal}");

        Task<(int Code, string Output, string Error)> status = RolloutAsync(shop, kubectl, "status", "--timeout=3m");
        await Eventually.StaysAsync(() => Task.FromResult(!status.IsCompleted), () => "kubectl rollout status waits");
        await shop.MigrateAsync(Shop.First, Shop.Second);

        Assert.Contains("successfully rolled out", await DoneAsync(status), StringComparison.Ordinal);
        await shop.RunsAsync("2", 2);
    }

    [Fact]
    public async Task Undo_to_the_running_revision_passes_at_once_while_another_is_held()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);

        // What is held has no ReplicaSet, so kubectl takes what runs for the newest, and goes to the one before: here there is none.
        (int code, _, string error) = await RolloutAsync(shop, Newest, "undo");
        Assert.True(code != 0 && error.Contains("no rollout history", StringComparison.Ordinal), error);

        string running = (await shop.DeploymentAsync()).GetProperty("metadata").GetProperty("annotations")
            .GetProperty("deployment.kubernetes.io/revision").GetString()!;
        await DoneAsync(RolloutAsync(shop, Newest, "undo", $"--to-revision={running}"));
        await DoneAsync(RolloutAsync(shop, Newest, "status", "--timeout=1m"));
        await shop.RunsAsync("1", 2);
        Assert.False(await shop.PausedAsync());
    }

    [Theory, MemberData(nameof(Kubectls))]
    public async Task A_restart_of_a_released_revision_is_never_held(string kubectl)
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: false);
        await shop.RunsAsync("1", 2);
        string refusals = await RefusalsAsync(shop);
        HashSet<string> before = [.. (await shop.LivePodsAsync()).Select(pod => pod.Name())];

        (int code, string output, string error) = await RolloutAsync(shop, kubectl, "restart");
        Assert.True(code == 0 && error.Length == 0, $"{code}: {error}{output}");
        await DoneAsync(RolloutAsync(shop, kubectl, "status", "--timeout=3m"));

        await shop.RunsAsync("1", 2);
        Assert.DoesNotContain(await shop.LivePodsAsync(), pod => before.Contains(pod.Name()));
        Assert.False(await shop.PausedAsync());
        Assert.Equal(refusals, await RefusalsAsync(shop));
    }

    [Fact]
    public async Task A_pause_of_the_user_s_while_held_stays_theirs_after_the_release()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);

        await DoneAsync(RolloutAsync(shop, Newest, "pause"));
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.GateSaysAsync("Open");
        await Eventually.StaysAsync(
            async () => await shop.PausedAsync() && (await shop.LivePodsAsync()).All(pod => pod.Tag() == "v1"),
            () => "it stays paused, and version 1");

        await DoneAsync(RolloutAsync(shop, Newest, "resume"));
        await shop.RunsAsync("2", 2);
    }

    /// <summary>How often the Deployment controller was told that a ReplicaSet must not be, as events count it.</summary>
    private static Task<string> RefusalsAsync(Shop shop) => shop.InShopAsync(
        "get", "events", "--field-selector=reason=ReplicaSetCreateError", "-o", "jsonpath={.items[*].count}");

    private static Task<(int Code, string Output, string Error)> RolloutAsync(
        Shop shop,
        string kubectl,
        string command,
        params string[] options) => TestEnvironment.TryAsync(
            kubectl == Newest ? Path.Combine(TestEnvironment.DeployTools, Newest, "kubectl") : kubectl,
            ["--namespace", shop.Namespace, "rollout", command, "deployment/shop", .. options]);

    private static async Task<string> DoneAsync(Task<(int Code, string Output, string Error)> running)
    {
        (int code, string output, string error) = await running;
        Assert.True(code == 0, $"kubectl exited with {code}: {error}{output}");
        return output;
    }
}
