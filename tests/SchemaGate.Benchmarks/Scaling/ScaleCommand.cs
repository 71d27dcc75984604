using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Scaling;

/// <summary>
/// What a large cluster's gated Deployments, each with the ten ReplicaSets that Kubernetes keeps and the one that runs, take of an
/// operator that starts: time until it answers, and memory. Beside it one list of the same by kubectl, which keeps whole objects.
/// </summary>
internal static class ScaleCommand
{
    private const int Namespaces = 20;
    private const int AtATime = 32;
    private const int ReplicaSets = 11;
    private const int Variables = 30;
    private const double Mebi = 1 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(1);
    private static readonly ResourceType<RawObject> s_replicaSets = RawObject.Resource(
        "apps", "v1", "ReplicaSet", "replicasets", namespaced: true);

    /// <returns>1 where a Deployment that runs was not taken over.</returns>
    public static async Task<int> RunAsync(int deployments)
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.MigratedAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        for (int ns = 0; ns < Namespaces; ns++)
        {
            await cluster.NamespaceAsync(Namespace(ns));
            await Objects.CreateGateAsync(cluster.Client, new(Namespace(ns), "shop"), image, database.Address.ToString());
        }

        ParallelOptions limit = new() { MaxDegreeOfParallelism = AtATime };
        await Parallel.ForAsync(0, deployments, limit, async (number, _) => await CreateAsync(cluster.Client, number, image));

        long began = Stopwatch.GetTimestamp();
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        double serves = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double peak = ProcessUse.Of(running.Process).Peak;
        int taken = 0;
        await Patiently.UntilAsync(
            async () => (taken = await TakenAsync(cluster.Client)) == deployments, s_patience,
            () => $"{taken} of {deployments} Deployments are taken over");
        double all = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Task.Delay(s_settling);
        ProcessUse use = ProcessUse.Of(running.Process);
        long listing = Stopwatch.GetTimestamp();
        (string listed, string memory) = await ChildProcess.RunAsync(
            "/usr/bin/time",
            ["-f", "%M", "kubectl", "--kubeconfig", cluster.Kubeconfig, "get", "deployments,replicasets", "-A", "-o", "json"]);
        double list = Stopwatch.GetElapsedTime(listing).TotalSeconds;

        Machine.Print();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {deployments} Deployments, {ReplicaSets} ReplicaSets each | |"));
        Console.WriteLine("|---|--:|");
        Row("their JSON as kubectl lists it, MiB", listed.Length / Mebi);
        Row("until the operator answers, s", serves);
        Row("one list by kubectl, s", list);
        Row("until each Deployment is taken over, s", all);
        Row("the operator's peak memory when it answers, MiB", peak);
        Row("and since, MiB", use.Peak);
        Row("its memory a minute later, MiB", use.Resident);
        Row("peak memory of kubectl, MiB", double.Parse(memory, CultureInfo.InvariantCulture) / 1024);
        return taken == deployments ? 0 : 1;

        static void Row(string what, double value) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {value:F1} |"));
    }

    /// <summary>A Deployment and its revisions as its controller keeps them: what runs, and ten that ran.</summary>
    private static async Task CreateAsync(KubernetesClient client, int number, string image)
    {
        string ns = Namespace(number % Namespaces);
        string name = string.Create(CultureInfo.InvariantCulture, $"shop-{number}");
        RawObject made = await client.CreateAsync(
            Objects.Deployments, RawObject.From(Written("Deployment", new(ns, name), $"shop={image}", owner: null)));
        for (int revision = 1; revision <= ReplicaSets; revision++)
        {
            bool isNewest = revision == ReplicaSets;
            string older = string.Create(CultureInfo.InvariantCulture, $"shop=2024{revision:D4}000000_older");
            ObjectKey key = new(ns, string.Create(CultureInfo.InvariantCulture, $"{name}-{revision}"));
            JsonObject replicaSet = Written("ReplicaSet", key, isNewest ? $"shop={image}" : older, made);
            replicaSet["spec"]!["replicas"] = isNewest ? 1 : 0;
            await client.CreateAsync(s_replicaSets, RawObject.From(replicaSet));
        }
    }

    private static string Namespace(int number) => string.Create(CultureInfo.InvariantCulture, $"team-{number}");

    private static JsonObject Written(string kind, ObjectKey key, string requires, RawObject? owner)
    {
        JsonObject json = JsonNode.Parse(Objects.Json(kind, key, requires))!.AsObject();
        JsonNode spec = json["spec"]!;
        foreach (JsonNode labels in (JsonNode[])[spec["selector"]!["matchLabels"]!, spec["template"]!["metadata"]!["labels"]!])
        {
            labels["app"] = key.Name;
        }

        spec["template"]!["spec"]!["containers"]![0]!["env"] = new JsonArray([.. Enumerable.Range(0, Variables).Select(
            variable => new JsonObject { ["name"] = $"VARIABLE_{variable}", ["value"] = new string('v', 60) })]);
        if (owner is not null)
        {
            json["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "Deployment",
                ["name"] = owner.Metadata.Name,
                ["uid"] = owner.Metadata.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        return json;
    }

    /// <returns>How many have a record, or are held: whom the operator has looked at.</returns>
    private static async Task<int> TakenAsync(KubernetesClient client) =>
        (await client.ListAllAsync(Objects.Deployments, null)).Items.Count(deployment =>
            deployment.Metadata.Annotations?.ContainsKey(Names.Released) ?? false);
}
