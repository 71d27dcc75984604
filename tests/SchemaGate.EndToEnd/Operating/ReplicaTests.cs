using System.Diagnostics;
using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Two replicas: one leads, both serve; the leader is killed, paused and cut off.</summary>
[TestClass(DisableParallelization = true)]
public sealed class ReplicaTests(OperatorFixture schemagate)
{
    /// <summary>A Lease of 15 s, looked at every 2 s and a little, and what a machine under load adds.</summary>
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(22);

    [Fact, Trait("needs", "packages")]
    public async Task A_killed_leader_is_replaced_within_its_lease()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await using AdmissionProbe probe = new(shop);
        string before = await HolderAsync();

        OperatorPod.Of(before).Kill();
        await ReplacedAsync(before);

        await IsJudgedAsync(shop, "1");
        await probe.EndAsync();
        Assert.All(probe.Failures, failure => Assert.Contains("failed calling webhook", failure, StringComparison.Ordinal));
        Assert.InRange(probe.LongestSilence.TotalSeconds, 0, 15);
        await OperatorFixture.WaitAsync();
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_leader_that_was_paused_past_its_lease_writes_nothing_more()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await IsJudgedAsync(shop, "1");
        await using AdmissionProbe probe = new(shop);
        string before = await HolderAsync();
        OperatorPod paused = OperatorPod.Of(before);
        Assert.Empty(await AdmissionProbe.AskAsync(shop, times: 8));

        paused.Pause();
        try
        {
            await ReplacedAsync(before);
            // The API server keeps no connection from before that leads to the paused replica.
            Assert.Empty(await AdmissionProbe.AskAsync(shop, times: 8));
            await IsJudgedAsync(shop, "2");
        }
        finally
        {
            paused.Resume();
        }

        await DoesNotWriteAsync(shop, paused.Name);
        await probe.EndAsync();
        // What the paused replica was asked waits for its ten seconds; then nobody asks it until it is ready again.
        Assert.InRange(probe.LongestSilence.TotalSeconds, 0, 25);
        await OperatorFixture.WaitAsync();
    }

    [Fact, Trait("needs", "packages")]
    public async Task A_leader_that_is_cut_off_from_the_api_server_gives_up_before_another_leads()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await IsJudgedAsync(shop, "1");
        await using AdmissionProbe probe = new(shop);
        string before = await HolderAsync();
        OperatorPod cut = OperatorPod.Of(before);
        string[] rule = ["-s", await OperatorFixture.InNamespaceAsync(
            "get",
            "pod",
            cut.Name,
            "-o",
            "jsonpath={.status.podIP}"), "-p", "tcp", "--dport", ApiServerPort(), "-j", "DROP"];

        await TestEnvironment.RunAsync("iptables", ["-I", "INPUT", .. rule]);
        try
        {
            await ReplacedAsync(before);
            await IsJudgedAsync(shop, "2");
            // Nobody sends it what it could not answer.
            Assert.Equal("False", await OperatorFixture.InNamespaceAsync(
                "get",
                "pod",
                cut.Name,
                "-o",
                "jsonpath={.status.conditions[?(@.type=='Ready')].status}"));
            Assert.Contains("the leader is nobody", await OperatorFixture.InNamespaceAsync("logs", cut.Name), StringComparison.Ordinal);
        }
        finally
        {
            await TestEnvironment.RunAsync("iptables", ["-D", "INPUT", .. rule]);
        }

        await DoesNotWriteAsync(shop, cut.Name);
        await probe.EndAsync();
        await OperatorFixture.WaitAsync();
    }

    private static async Task<string> HolderAsync()
    {
        string holder = "";
        await Eventually.TrueAsync(
            async () => (holder = await OperatorFixture.InNamespaceAsync(
                "get",
                "lease",
                "schemagate-leader",
                "-o",
                "jsonpath={.spec.holderIdentity}")).Length > 0,
            () => "somebody leads");
        return holder;
    }

    private static async Task ReplacedAsync(string before)
    {
        Stopwatch waited = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => await HolderAsync() != before, () => $"another than {before} leads");
        Assert.True(waited.Elapsed < Takeover, $"the takeover took {waited.Elapsed}");
    }

    /// <summary>The gate's image is this version, and somebody has said so in its status.</summary>
    private static async Task IsJudgedAsync(Shop shop, string version)
    {
        await shop.ApplyGateAsync(version);
        JsonElement gate = default;
        await Eventually.TrueAsync(
            async () => (gate = await shop.GateAsync()).TryGetProperty("status", out JsonElement status)
                && status.GetProperty("observedGeneration").GetInt64() == gate.GetProperty("metadata").GetProperty("generation").GetInt64(),
            () => $"the gate is judged: {gate}");
    }

    /// <summary>The new leader's word stands, and the old one has nothing to say about it.</summary>
    private static async Task DoesNotWriteAsync(Shop shop, string pod)
    {
        string version = (await shop.GateAsync()).GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
        int transitions = await TransitionsAsync(shop, pod);
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(version, (await shop.GateAsync()).GetProperty("metadata").GetProperty("resourceVersion").GetString());
        Assert.Equal(transitions, await TransitionsAsync(shop, pod));
    }

    private static async Task<int> TransitionsAsync(Shop shop, string pod) =>
        (await OperatorFixture.InNamespaceAsync("logs", pod)).Split('\n')
            .Count(line => line.Contains($"gate {shop.Namespace}/shop is", StringComparison.Ordinal));

    private static string ApiServerPort()
    {
        string server = File.ReadLines(TestEnvironment.Kubeconfig).First(line => line.Contains("server:", StringComparison.Ordinal));
        return server[(server.LastIndexOf(':') + 1)..].Trim();
    }
}
