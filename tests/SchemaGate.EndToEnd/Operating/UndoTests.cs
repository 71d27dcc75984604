using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

public sealed class UndoTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_held_and_paused_Deployment_is_undone_at_once()
    {
        await using Shop shop = await Shop.WithPausedUpdateAsync(schemagate);

        string said = await UndoAsync(shop);

        Assert.Contains("is back at revision 1", said, StringComparison.Ordinal);
        Assert.Null(await shop.HoldAsync());
        Assert.False(await shop.PausedAsync());
        await shop.RunsAsync("1", 2);
        Assert.Empty(await Shop.DiffAsync(shop.DeploymentManifest("1", Shop.Recreate)));
    }

    [Fact]
    public async Task A_revision_that_was_never_born_is_undone_to_what_runs_and_not_to_the_one_before()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("1", deploymentFirst: false);
        await shop.RunsAsync("1", 2);
        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.ApplyAsync("2", deploymentFirst: false);
        await shop.RunsAsync("2", 2);
        await shop.ApplyAsync("3", deploymentFirst: false);
        await Eventually.TrueAsync(async () => await shop.HoldAsync() is not null, () => "the Deployment is held");

        Assert.Contains("is back at revision 2", await UndoAsync(shop), StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => await shop.HoldAsync() is null, () => "the hold ends");
        await shop.RunsAsync("2", 2);
    }

    [Fact]
    public async Task What_ran_before_it_had_the_label_is_gone_back_to()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await Shop.ApplyManifestAsync(Ungated(shop));
        await shop.InShopAsync("rollout", "status", "deployment/shop", "--timeout=60s");
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyAsync("2", deploymentFirst: false);
        await shop.IsHeldAsync();

        Assert.Contains("is back at revision 1", await UndoAsync(shop), StringComparison.Ordinal);

        await shop.RunsAsync("1", 2);
        await shop.InShopAsync("delete", "pods", "--all", "--wait=false");
        await shop.RunsAsync("1", 2);
    }

    /// <summary>Version 1, as it was written before anybody thought of a gate.</summary>
    private static string Ungated(Shop shop) => shop.DeploymentManifest("1")
        .Replace(", schemagate.dev/gated: \"true\"", "", StringComparison.Ordinal)
        .Replace(", labels: { schemagate.dev/gated: \"true\" }", "", StringComparison.Ordinal);

    private static Task<string> UndoAsync(Shop shop) =>
        TestEnvironment.RunAsync(TestEnvironment.Binary, ["undo", "deployment/shop", "-n", shop.Namespace]);
}
