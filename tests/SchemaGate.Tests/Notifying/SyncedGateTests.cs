using System.Text.Json.Nodes;
using SchemaGate.Core.Changelogs;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Tests.Notifying;

/// <summary>config/sync/changelog-sync with the real command, which asks the gates of a cluster.</summary>
public sealed class SyncedGateTests : IAsyncLifetime
{
    private const string Changelog = "docs/DATABASE_SCHEMA_CHANGELOG.md";
    private const string Branch = "schemagate/sync/shop/orders/changelog";

    private static readonly string[] s_migrations = ["1_a", "2_b"];

    private readonly SyncRepository at = new();
    private StoredCluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await StoredCluster.StartAsync();
        at.Write("bin/schemagate", $"""
            #!/bin/bash
            export KUBECONFIG={cluster.Kubeconfig}
            exec {Path.Combine(AppContext.BaseDirectory, "schemagate")} "$@"
            """);
        Array.ForEach(s_migrations, name => at.Write($"work/prisma/migrations/{name}/migration.sql", $"CREATE TABLE t{name} (id int);"));
        await Schemagate.RunAsync("changelog", "init", "--changelog", Path.Combine(at.Root, "work", Changelog));
        at.Git("-C work add .");
        at.Git("-C work commit --quiet -m second");
        at.Git("-C work push --quiet origin HEAD:main");
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        at.Dispose();
    }

    [Fact]
    public void What_the_gate_sees_applied_moves_in_one_pull_request_that_follows_it()
    {
        Applied("orders", "1_a");
        Assert.Equal(0, at.Run(SyncRepository.Event("production")).Code);
        Assert.Equal(["1_a"], Deployed(Branch));
        Assert.Empty(Deployed("main"));

        Applied("other", s_migrations);
        Assert.Equal(0, at.Run(SyncRepository.Event("production"), more: "-- --gate other").Code);
        Assert.Equal(s_migrations, Deployed(Branch));
        Assert.Equal("1", at.Git($"-C origin.git rev-list --count main..{Branch}").Trim());
    }

    /// <summary>What a gate of the cluster sees applied of the migrations.</summary>
    private void Applied(string gate, params string[] applied) => cluster.Add(StoredCluster.Gates, gate, JsonNode.Parse($$$"""
        {"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","metadata":{"namespace":"shop","generation":1},
         "spec":{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"db","key":"url"} } },
         "status":{"observedGeneration":1,"database":{"identity":"7301/shop/public","standby":false},
          "migrations":{"required":2,"applied":{{{applied.Length}}},"failed":[],"edited":[],"unknown":[],"through":"2_b",
           "pending":[{{{string.Join(',', s_migrations.Except(applied, StringComparer.Ordinal).Select(name => $"\"{name}\""))}}}]},
          "conditions":[{"type":"DatabaseReachable","status":"True","reason":"Reachable","message":"",
           "lastTransitionTime":"2020-01-01T00:00:00Z"}]}}
        """)!.AsObject());

    private string[] Deployed(string branch) =>
    [
        .. ChangelogParser.Parse(at.Git($"-C origin.git show {branch}:{Changelog}")).Entries
            .Where(entry => entry.Section == ChangelogStatus.Deployed).Select(entry => entry.Name),
    ];
}
