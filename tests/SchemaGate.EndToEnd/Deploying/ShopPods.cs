using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Deploying;

/// <summary>A shop's pods as they are at this moment: what a deploy tool has just promised is not waited for.</summary>
internal static class ShopPods
{
    /// <summary>Those that are not going away.</summary>
    public static async Task<IReadOnlyList<JsonElement>> LivePodsAsync(this Shop shop) =>
        [.. (await ClusterReads.PodsAsync(shop.Namespace))
            .Where(pod => !pod.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _))];

    public static string Name(this JsonElement pod) => pod.GetProperty("metadata").GetProperty("name").GetString()!;

    /// <summary>The tag of its application's image.</summary>
    public static string Tag(this JsonElement pod) =>
        pod.GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString()!.Split(':')[^1];

    public static bool IsReady(this JsonElement pod) => pod.GetProperty("status").TryGetProperty("conditions", out JsonElement conditions)
        && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Ready"
            && condition.GetProperty("status").GetString() == "True");
}
