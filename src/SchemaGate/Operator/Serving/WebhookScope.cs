using System.Text.Json.Nodes;

namespace SchemaGate.Operator.Serving;

/// <summary>A configuration as the API server has it, against what it is to say. Pure.</summary>
internal static class WebhookScope
{
    /// <summary>The members of a webhook that keep objects from it.</summary>
    private static readonly string[] s_narrowing = ["namespaceSelector", "objectSelector", "matchConditions"];

    /// <summary>What <see cref="IsLess"/> looks at one by one; how long an answer is waited for asks about no less.</summary>
    private static readonly string[] s_own = [.. s_narrowing, "clientConfig", "failurePolicy", "timeoutSeconds"];

    /// <summary>What is another than it is to be: <c>WEBHOOK MEMBER</c>, or <c>WEBHOOK</c> for one that is missing or too many.</summary>
    /// <param name="present">A configuration, whole.</param>
    /// <param name="wanted">What it is to say; whatever the server has added that keeps nothing from a webhook is no difference.</param>
    public static IEnumerable<string> Differences(JsonNode? present, JsonObject wanted)
    {
        List<JsonObject> hooks = Hooks(present);
        foreach (JsonObject hook in Hooks(wanted))
        {
            string name = Name(hook);
            IEnumerable<string> members = hooks.Find(other => Name(other) == name) is { } found
                ? hook.Select(member => member.Key).Union(s_narrowing, StringComparer.Ordinal)
                    .Where(member => !Covers(found[member], hook[member], member)).Select(member => $"{name} {member}")
                : [name];
            foreach (string difference in members)
            {
                yield return difference;
            }
        }

        foreach (string name in hooks.Select(Name).Except(Hooks(wanted).Select(Name), StringComparer.Ordinal))
        {
            yield return name;
        }
    }

    /// <summary>
    /// Whether the API server asks about less than any of several contents would have it ask: what is made meanwhile is not judged. Who
    /// puts the manifests' selectors back (<c>kubectl apply</c>, a GitOps tool) does not: they select as much, in other words.
    /// </summary>
    /// <param name="present">A configuration, whole.</param>
    /// <param name="contents">What it may say, each whole. Of a webhook each member may be any of theirs.</param>
    public static bool IsLess(JsonNode? present, IReadOnlyList<JsonObject> contents)
    {
        List<JsonObject> asking = [.. Hooks(present).Where(hook => IsAsMuch(
            hook, [.. contents.SelectMany(Hooks).Where(other => Name(other) == Name(hook))]))];
        return contents.All(content => Hooks(content).Any(hook => !asking.Exists(other => Name(other) == Name(hook))));
    }

    private static bool IsAsMuch(JsonObject hook, List<JsonObject> wanted)
    {
        bool Any(Func<JsonObject, bool> isEnough) => wanted.Exists(other => isEnough(other));

        return Any(other => (hook["failurePolicy"]?.ToString() ?? "Fail") is var policy
                && (policy == "Fail" || policy == other["failurePolicy"]?.ToString()))
            && Any(other => Covers(Target(hook), Target(other), "clientConfig"))
            && IsEmpty(hook["namespaceSelector"])
            && IsEmpty(hook["objectSelector"]?["matchLabels"])
            && Any(other => Terms(hook).All(term => Terms(other).Exists(one => JsonNode.DeepEquals(one, term))))
            && Any(other => Conditions(hook).All(term => Conditions(other).Exists(one => JsonNode.DeepEquals(one, term))))
            && Any(other => other.Where(member => !s_own.Contains(member.Key, StringComparer.Ordinal))
                .All(member => Covers(hook[member.Key], member.Value, member.Key)));
    }

    /// <summary>Where it asks, without the secret of the path: any that is registered is answered.</summary>
    private static JsonNode? Target(JsonObject hook)
    {
        JsonNode? target = hook["clientConfig"]?.DeepClone();
        foreach ((JsonObject? parent, string member) in ((JsonObject?, string)[])[
            (target as JsonObject, "url"), (target?["service"] as JsonObject, "path")])
        {
            if (parent?[member]?.ToString() is { } path && WebhookEndpoint.SecretIn(path) is { } secret && AdmissionPaths.IsSecret(secret))
            {
                parent[member] = path.Replace($"/{secret}/", "/", StringComparison.Ordinal);
            }
        }

        return target;
    }

    private static List<JsonNode?> Terms(JsonObject hook) => [.. hook["objectSelector"]?["matchExpressions"] as JsonArray ?? []];

    private static List<JsonNode?> Conditions(JsonObject hook) => [.. hook["matchConditions"] as JsonArray ?? []];

    private static List<JsonObject> Hooks(JsonNode? configuration) =>
        [.. (configuration?["webhooks"] as JsonArray ?? []).OfType<JsonObject>()];

    private static string Name(JsonObject hook) => hook["name"]?.ToString() ?? "";

    /// <summary>A selector that is not written selects everything; the server writes it as an empty one.</summary>
    private static bool IsEmpty(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>Whether everything that is wanted is there, whatever the server has added that asks about no less.</summary>
    private static bool Covers(JsonNode? present, JsonNode? wanted, string member) => s_narrowing.Contains(member, StringComparer.Ordinal)
        ? JsonNode.DeepEquals(present, wanted) || (wanted is null && IsEmpty(present))
        : Covers(present, wanted);

    private static bool Covers(JsonNode? present, JsonNode? wanted) => (present, wanted) switch
    {
        (JsonObject has, JsonObject wants) => wants.All(member => Covers(has[member.Key], member.Value)),
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && has.Zip(wants).All(pair => Covers(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(present, wanted),
    };
}
