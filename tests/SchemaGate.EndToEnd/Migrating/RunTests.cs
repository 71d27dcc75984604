using System.Text.Json;
using Npgsql;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>Gates that apply their migrations themselves.</summary>
public sealed class RunTests(OperatorFixture schemagate)
{
    private const string Half = $"CREATE TABLE half (id int);\n{HeldRuns.Middle}\n";

    [Fact]
    public async Task A_Job_applies_what_is_pending_and_then_the_held_update_starts()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await shop.ApplyGateAsync("2", ShopRuns.AsJob);
        await shop.GateSaysAsync("Open");
        await shop.RunsAsync("2", 2);

        JsonElement run = await shop.SucceedsAsync();
        JsonElement job = Assert.Single(await shop.JobsAsync());
        Assert.Equal(run.GetProperty("job").GetString(), job.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("shop", job.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_gate_without_the_mode_waits_for_somebody_else()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        await shop.GateSaysAsync("MigrationsPending");
        Assert.Empty(await shop.JobsAsync());
    }

    [Fact]
    public async Task A_migration_that_is_wrong_stalls_the_gate_with_its_place_and_the_way_out()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.PushSqlAsync("wrong", "CREATE TABLE a (id int);\nCREATE TABLE b (id nothing);\n");
        await shop.ApplyGateAsync("wrong", ShopRuns.AsJob);
        string message = await shop.GateSaysAsync("MigrationFailed");
        Assert.Contains($"{Shop.Second}, line 2", message, StringComparison.Ordinal);
        Assert.Contains("42704", message, StringComparison.Ordinal);
        Assert.Contains($"schemagate resolve --rolled-back {Shop.Second}", message, StringComparison.Ordinal);
        Assert.Equal("Permanent", (await shop.RunAsync()).GetProperty("error").GetProperty("class").GetString());

        // The first was applied; a mended image, and the way out that is printed, open the gate.
        await shop.ApplyGateAsync("2", ShopRuns.AsJob);
        await shop.DoAsPrintedAsync(message, "--rolled-back");
        await shop.GateSaysAsync("Open");
    }

    [Fact]
    public async Task A_lock_that_somebody_holds_is_waited_for_shortly_and_tried_again()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await LockedOutAsync(shop, retries: 3);
        string message = await shop.GateSaysAsync("MigrationRetrying");
        Assert.Contains("55P03", message, StringComparison.Ordinal);
        await holder.CloseAsync();
        await shop.GateSaysAsync("Open");
        Assert.True((await shop.RunAsync()).GetProperty("attempt").GetInt32() > 1);
    }

    [Fact]
    public async Task A_run_that_is_not_tried_again_waits_for_the_printed_annotation()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await LockedOutAsync(shop, retries: 0);
        string message = await shop.GateSaysAsync("MigrationFailed");
        await holder.CloseAsync();
        (int code, _, string error) = await shop.CommandAsync(
            message.Split('`').Single(part => part.StartsWith("kubectl annotate", StringComparison.Ordinal)));
        Assert.True(code == 0, error);
        await shop.GateSaysAsync("Open");
        Assert.Equal(2, (await shop.SucceedsAsync()).GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task Another_image_ends_the_run_and_nothing_of_it_is_left()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldRunAsync(Half);
        await shop.ApplyGateAsync("2", ShopRuns.AsJob);
        await shop.GateSaysAsync("Open");
        await shop.SqlAsync("CREATE TABLE half (id int)");
    }

    [Fact]
    public async Task Deleting_the_gate_ends_the_run_and_the_history_says_so()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using NpgsqlConnection holder = await shop.HoldRunAsync(Half);
        await shop.InShopAsync("delete", "schemagate", "shop");
        await shop.UntilAsync("SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL AND logs IS NOT NULL", "1");
        await shop.SqlAsync("CREATE TABLE half (id int)");
        await Eventually.TrueAsync(async () => (await shop.JobsAsync()).Count == 0, () => "its Job is gone");
    }

    [Fact]
    public async Task The_user_s_own_template_runs_and_the_history_says_whether_it_worked()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string template = $$"""
            { spec: { containers: [
              { name: app, image: "{{TestEnvironment.Image}}", args: [version], securityContext: { runAsUser: 65532 } } ] } }
            """;
        await shop.ApplyGateAsync("1", $"migrate: {{ mode: Job, template: {template} }}, policy: {{ approval: Never }},");
        string message = await shop.GateSaysAsync("MigrationFailed");
        Assert.Contains("its pod ended well", message, StringComparison.Ordinal);
        JsonElement job = Assert.Single(await shop.JobsAsync());
        Assert.Equal("shop-db", job.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0]
            .GetProperty("env")[0]
            .GetProperty("valueFrom")
            .GetProperty("secretKeyRef")
            .GetProperty("name")
            .GetString());
    }

    [Fact]
    public async Task The_password_is_in_no_Job_pod_status_event_or_log()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        string password = string.Concat(Enumerable.Range(33, 94).Select(code => (char)code));
        string role = shop.Namespace.Replace('-', '_');
        await Shop.SqlAsync(
            $"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'",
            "postgres");
        UriBuilder url = new(shop.DatabaseUrl) { UserName = role, Password = Uri.EscapeDataString(password) };
        await shop.SecretAsync(url.Uri.ToString());
        await shop.PushSqlAsync("wrong", "CREATE TABLE b (id nothing);\n");
        await shop.ApplyGateAsync("wrong", ShopRuns.AsJob);
        await shop.GateSaysAsync("MigrationFailed");

        string everything = await shop.InShopAsync("get", "schemagates,jobs,pods,events", "-o", "yaml") + await shop.LogAsync()
            + await OperatorFixture.LogAsync();
        Assert.Contains(Shop.Second, everything, StringComparison.Ordinal);
        Assert.All(
            [password[..20], password[^20..], Uri.EscapeDataString(password)[..40]],
            part => Assert.DoesNotContain(part, everything, StringComparison.Ordinal));
        await shop.SqlAsync($"DROP OWNED BY {role}");
    }

    /// <summary>A gate whose migration wants a table that somebody has locked.</summary>
    /// <returns>Whoever has it.</returns>
    private static async Task<NpgsqlConnection> LockedOutAsync(Shop shop, int retries)
    {
        await shop.MigrateAsync(Shop.First);
        await shop.PushSqlAsync("locks", $"ALTER TABLE \"t_{Shop.First}\" ADD COLUMN note text;\n");
        NpgsqlConnection holder = await shop.HoldAsync("BEGIN", $"LOCK TABLE \"t_{Shop.First}\"");
        await shop.ApplyGateAsync(
            "locks",
            $"migrate: {{ mode: Job, lockTimeout: 1s, retries: {retries} }}, policy: {{ approval: Never }},");
        return holder;
    }
}
