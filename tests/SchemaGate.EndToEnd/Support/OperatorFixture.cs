using System.Text.RegularExpressions;
using SchemaGate.EndToEnd.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(OperatorFixture))]
[assembly: NamesLongTests]
// A shop has everything of its own, and mostly waits. What is not one shop's (the operator's life, the server, the log's rest) is
// marked with DisableParallelization.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 3)]

namespace SchemaGate.EndToEnd.Support;

/// <summary>
/// The operator in pods, from its image and the manifests that users apply, for all tests:
/// webhooks are the whole cluster's.
/// </summary>
public sealed class OperatorFixture : IAsyncDisposable
{
    public const string Namespace = "schemagate-system";
    public const int Replicas = 2;

    private const string Selector = "app.kubernetes.io/name=schemagate";

    private readonly SemaphoreSlim starting = new(1);
    private bool applied;
    private bool serving;
    private ReplicaKiller? killer;

    /// <summary>With SCHEMAGATE_TEST_KILLS=1 one replica is killed every few seconds, whatever is being tested.</summary>
    public static bool IsUnderKills => Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_KILLS") == "1";

    /// <summary>Applies the manifests at the first call, and returns when both replicas serve.</summary>
    public async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (!serving)
            {
                await ApplyAsync();
                await InNamespaceAsync("scale", "deployment/schemagate", $"--replicas={Replicas}");
                await WaitAsync();
                killer ??= IsUnderKills ? new() : null;
                serving = true;
            }
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>Waits until every replica is ready and the API server trusts them.</summary>
    public static async Task WaitAsync()
    {
        await InNamespaceAsync("rollout", "status", "deployment/schemagate", "--timeout=240s");
        foreach (string kind in (string[])["mutating", "validating"])
        {
            string bundle = "";
            string[] query = ["get", $"{kind}webhookconfiguration", "schemagate", "-o", "jsonpath={.webhooks[0].clientConfig.caBundle}"];
            await Eventually.TrueAsync(
                async () => (bundle = await TestEnvironment.RunAsync("kubectl", query)).Length > 0,
                () => $"the {kind} webhook is registered");
        }
    }

    /// <summary>Every replica goes at once, without a word (SIGKILL), and none comes back before <see cref="StartAsync"/>.</summary>
    public async Task KillAsync()
    {
        serving = false;
        await InNamespaceAsync("scale", "deployment/schemagate", "--replicas=0");
        foreach (OperatorPod pod in OperatorPod.Running())
        {
            pod.Kill();
        }

        await InNamespaceAsync("wait", "pods", "-l", Selector, "--for=delete", "--timeout=120s");
    }

    /// <summary>The operator is taken away as its README says; <see cref="StartAsync"/> installs it anew.</summary>
    public async Task<string> UninstallAsync()
    {
        serving = applied = false;
        await InNamespaceAsync("delete", "deployment", "schemagate");
        await InNamespaceAsync("wait", "pods", "-l", Selector, "--for=delete", "--timeout=120s");
        return await TestEnvironment.RunAsync(TestEnvironment.Binary, ["uninstall", "--yes"]);
    }

    /// <summary>Somebody else runs it now, or nobody; <see cref="StartAsync"/> installs it anew.</summary>
    public void Forget() => serving = applied = false;

    /// <summary>What the replicas that exist have written.</summary>
    /// <param name="andBefore">By restarted containers, too, as long as the node keeps them.</param>
    public static async Task<string> LogAsync(bool andBefore = true)
    {
        string log = "";
        string[][] views = andBefore ? [["--previous"], []] : [[]];
        foreach (string pod in (await InNamespaceAsync("get", "pods", "-l", Selector, "-o", "name")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string[] view in views)
            {
                log += (await TestEnvironment.TryAsync("kubectl", ["-n", Namespace, "logs", pod, "--tail=-1", .. view])).Output;
            }
        }

        // Who looks for what must not be there would else find nothing in nothing.
        Assert.Contains("schemagate", log, StringComparison.OrdinalIgnoreCase);
        return log;
    }

    public static Task<string> InNamespaceAsync(params string[] arguments)
        => TestEnvironment.RunAsync("kubectl", ["-n", Namespace, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        starting.Dispose();
        if (killer is not null)
        {
            await killer.DisposeAsync();
        }

        if (applied)
        {
            // Nobody answers these webhooks any more: left behind, they would refuse every gated object. An operator puts them back.
            await TestEnvironment.TryAsync("kubectl", ["-n", Namespace, "delete", "deployment", "schemagate", "--ignore-not-found"]);
            await TestEnvironment.TryAsync(
                "kubectl", ["-n", Namespace, "wait", "pods", "-l", Selector, "--for=delete", "--timeout=120s"]);
            foreach (string kind in (string[])["mutatingwebhookconfigurations", "validatingwebhookconfigurations"])
            {
                await TestEnvironment.TryAsync("kubectl", ["delete", kind, "schemagate", "--ignore-not-found"]);
            }

            await TestEnvironment.TryAsync("kubectl", ["delete", "namespace", Namespace, "--ignore-not-found"]);
        }
    }

    private async Task ApplyAsync()
    {
        if (applied)
        {
            return;
        }

        string manifests = await TestEnvironment.RunAsync(
            "kubectl",
            ["kustomize", Path.Combine(TestEnvironment.Checkout, "config/demo/operator")]);
        manifests = Regex.Replace(manifests, "image: .*schemagate.*", $"image: {TestEnvironment.Image}", RegexOptions.NonBacktracking);
        await TestEnvironment.RunAsync("kubectl", TestEnvironment.Apply, manifests);
        applied = true;
    }
}
