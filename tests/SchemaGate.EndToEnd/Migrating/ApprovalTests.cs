using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>What a person lets through, and that nobody else can.</summary>
public sealed class ApprovalTests(OperatorFixture schemagate)
{
    private const string Always = "migrate: { mode: Job }, policy: { approval: Always },";

    [Fact]
    public async Task A_run_waits_until_somebody_with_the_verb_approves_its_plan()
    {
        await using Shop shop = await WaitingAsync();
        (int code, string output, string error) = await SchemaGateAsync(shop, "approve", "shop", "--dry-run");
        Assert.True(code == 0 && output.Contains(Shop.First, StringComparison.Ordinal), output + error);
        Assert.Equal("ApprovalRequired", (await StatusAsync(shop)).GetProperty("reason").GetString());

        // The edit role of the namespace is not enough.
        (int refused, _, string why) = await TestEnvironment.TryAgainAsync(
            "kubectl",
            ["-n", shop.Namespace, "--as=eve", "annotate", "schemagate", "shop", $"schemagate.dev/approve={await PlanAsync(shop)}"]);
        Assert.NotEqual(0, refused);
        Assert.Contains("may not approve", why, StringComparison.Ordinal);

        Assert.Equal(0, (await SchemaGateAsync(shop, "approve", "shop", "--plan", (await PlanAsync(shop))[..12])).Code);
        await shop.GateSaysAsync("Open");
        Assert.Contains("Approved", await shop.InShopAsync("get", "events", "-o", "yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_that_a_client_writes_itself_is_dropped()
    {
        await using Shop shop = await WaitingAsync();
        string plan = await PlanAsync(shop);
        string forged
            = $$"""schemagate.dev/approval={"claim":{"plan":"{{plan}}","by":"boss","at":"2026-01-01T00:00:00+00:00"},"seal":"AAAA"}""";
        await shop.InShopAsync("annotate", "schemagate", "shop", forged);
        Assert.DoesNotContain("boss", await shop.InShopAsync("get", "schemagate", "shop", "-o", "yaml"), StringComparison.Ordinal);
        await Eventually.StaysAsync(
            async () => (await StatusAsync(shop)).GetProperty("reason").GetString() == "ApprovalRequired",
            () => "it still waits");
    }

    [Fact]
    public async Task A_plan_that_has_changed_is_not_approved()
    {
        await using Shop shop = await WaitingAsync();
        string plan = await PlanAsync(shop);
        await shop.ApplyGateAsync("2", Always);
        await Eventually.TrueAsync(async () => await PlanAsync(shop) != plan, () => "the plan is another");
        Assert.Equal(1, (await SchemaGateAsync(shop, "approve", "shop", "--plan", plan)).Code);
        await shop.InShopAsync("annotate", "schemagate", "shop", $"schemagate.dev/approve={plan}");
        Assert.DoesNotContain(
            "schemagate.dev/approv",
            await shop.InShopAsync("get", "schemagate", "shop", "-o", "yaml"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_glass_lets_one_requirement_start_and_is_loud()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        (int code, string output, string error) = await SchemaGateAsync(
            shop, "open", "shop", "--requires", shop.Images.Reference("2"), "--reason", "INC-4711", "--for", "20m");
        Assert.True(code == 0, output + error);
        await shop.RunsAsync("2", 2);
        JsonElement status = await StatusAsync(shop);
        Assert.Equal(
            ("MigrationsPending", "INC-4711"),
            (status.GetProperty("reason").GetString(), status.GetProperty("override").GetProperty("reason").GetString()));
        Assert.Contains("Overridden", await shop.InShopAsync("get", "events", "-o", "yaml"), StringComparison.Ordinal);
        // Another requirement is held as ever.
        await shop.ApplyDeploymentAsync("3");
        await Eventually.TrueAsync(async () => await shop.HoldAsync() is not null, () => "version 3 is held");
    }

    private async Task<Shop> WaitingAsync()
    {
        Shop shop = await Shop.OpenAsync(schemagate);
        await shop.ApplyGateAsync("1", Always);
        string message = await shop.GateSaysAsync("ApprovalRequired");
        Assert.Contains("schemagate approve -n", message, StringComparison.Ordinal);
        await shop.InShopAsync("create", "rolebinding", "eve", "--clusterrole=schemagate-edit", "--user=eve");
        await shop.InShopAsync("create", "rolebinding", "eve-views", "--clusterrole=schemagate-view", "--user=eve");
        return shop;
    }

    private static async Task<JsonElement> StatusAsync(Shop shop) => (await shop.GateAsync()).GetProperty("status");

    private static async Task<string> PlanAsync(Shop shop)
        => (await StatusAsync(shop)).GetProperty("plan").GetProperty("hash").GetString()!;

    private static Task<(int Code, string Output, string Error)> SchemaGateAsync(Shop shop, params string[] arguments) =>
        TestEnvironment.TryAgainAsync(TestEnvironment.Binary, [.. arguments, "-n", shop.Namespace]);
}
