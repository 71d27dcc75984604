using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>Creates, changes and deletes config maps by chance; what an outage refuses is left.</summary>
internal sealed class Churn(KubernetesClient client, string ns, int names, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Random random = new(seed);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How many writes the server took.</summary>
    public int Written { get; private set; }

    public static Task CreateAsync(
        KubernetesClient client,
        string ns,
        string name) => client.CreateAsync(FollowedConfigMaps.Type, RawObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["data"] = new JsonObject { ["text"] = new string('x', 500) },
        }), Cancellation);

    public async Task RunAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            await StepAsync();
        }
    }

    public async Task RunAsync(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            await StepAsync();
            await Task.Delay(Pause, Cancellation);
        }
    }

    private async Task StepAsync()
    {
        var name = $"m{random.Next(names)}";
        try
        {
            await (random.Next(4) == 0
                ? client.DeleteAsync(FollowedConfigMaps.Type, ns, name, cancellation: Cancellation)
                : ChangeAsync(name));
            Written++;
        }
        catch (KubernetesException e) when (e.Reason == StatusReason.NotFound)
        {
            await TryCreateAsync(name);
        }
        catch (KubernetesException)
        {
            // An outage: done or not, the list will tell.
        }
    }

    private Task ChangeAsync(string name) => client.PatchAsync(FollowedConfigMaps.Type, ns, name, new MergePatch(new JsonObject
    {
        ["data"] = new JsonObject { ["step"] = random.Next().ToString(CultureInfo.InvariantCulture) },
    }), cancellation: Cancellation);

    private async Task TryCreateAsync(string name)
    {
        try
        {
            await CreateAsync(client, ns, name);
            Written++;
        }
        catch (KubernetesException)
        {
            // As above.
        }
    }
}
