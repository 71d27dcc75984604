using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Migrating;

/// <summary>
/// A gate whose template runs Prisma's own command line, as a user's image would.
/// Its pod has this machine's files: images of node are nowhere to be had.
/// </summary>
public sealed class PrismaTemplateTests(OperatorFixture schemagate) : IDisposable
{
    private readonly string application = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public void Dispose() => Directory.Delete(application, recursive: true);

    [Fact]
    public async Task Prisma_in_a_Job_lets_the_held_update_start_and_leaves_nothing_to_do()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        ShopRuns.Write(application, Shop.First);
        ShopRuns.Write(application, Shop.Second);
        await shop.ApplyGateAsync("2", Deploying());
        await shop.GateSaysAsync("Open");
        await shop.RunsAsync("2", 2);

        Assert.Equal([ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second)], await shop.HistoryAsync());
        Assert.Contains("prisma/migrations", await shop.LogAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "\"result\":\"unchanged\"",
            (await shop.CommandAsync($"schemagate migrate {application} --output json | tr -d ' \\n'")).Output,
            StringComparison.Ordinal);
        Assert.Single(await shop.JobsAsync());
    }

    [Fact]
    public async Task A_migration_that_fails_in_Prisma_stalls_the_gate_with_the_history_s_words_and_the_printed_command_mends_it()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        const string wrong = "CREATE TABLE a (id int);\nCREATE TABLE b (id nothing);\n";
        await shop.PushSqlAsync("wrong", wrong);
        ShopRuns.Write(application, Shop.First);
        ShopRuns.Write(application, Shop.Second, wrong);
        await shop.ApplyGateAsync("wrong", Deploying());
        string message = await shop.GateSaysAsync("MigrationFailed");
        Assert.All(
            [$"{Shop.Second} was begun on", "type \"nothing\" does not exist", "exit code 1"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));

        ShopRuns.Write(application, Shop.Second);
        await shop.ApplyGateAsync("2", Deploying());
        await shop.DoAsPrintedAsync(message, "--rolled-back");
        await shop.GateSaysAsync("Open");
        IReadOnlyList<string> history = await shop.HistoryAsync();
        Assert.Equal(3, history.Count);
        Assert.Equal([ShopRuns.Applied(Shop.First), ShopRuns.Applied(Shop.Second)], [history[0], history[2]]);
    }

    private string Deploying()
    {
        string prisma = TestEnvironment.Prisma;
        return $$"""
            policy: { approval: Never }, migrate: { mode: Job, template: { spec: {
              containers: [ { name: prisma, image: "{{TestEnvironment.Registry}}/app:v1",
                command: [ chroot, /host, sh, -c, "cd {{prisma}} && exec npx prisma migrate deploy" ],
                env: [ { name: PATH, value: "/usr/local/bin:/usr/bin:/bin" },
                  { name: PRISMA_TEST_MIGRATIONS, value: "{{application}}/prisma/migrations" },
                  { name: PRISMA_SCHEMA_ENGINE_BINARY, value: "{{prisma}}/native-engine" },
                  { name: PRISMA_QUERY_ENGINE_LIBRARY, value: "{{prisma}}/native-engine" },
                  { name: CHECKPOINT_DISABLE, value: "1" }, { name: PRISMA_HIDE_UPDATE_MESSAGE, value: "1" } ],
                volumeMounts: [ { name: host, mountPath: /host, readOnly: true } ] } ],
              volumes: [ { name: host, hostPath: { path: / } } ] } } },
            """;
    }
}
