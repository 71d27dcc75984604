using System.Reflection;
using System.Text.RegularExpressions;
using SchemaGate.Kubernetes;

namespace SchemaGate.Tests.Manifests;

/// <summary>
/// What the operator is granted against what its sources call: a verb that nobody calls is a right too many, and one that is called and
/// not granted is found by whoever installs it. A call names its method and its type, so both can be read.
/// </summary>
public sealed class GrantedCallTests
{
    private const string Workloads = "ClusterRole schemagate";
    private const string Own = "Role schemagate";
    private const string Cluster = "ClusterRole schemagate-cluster";
    private const string Rollouts = "ClusterRole schemagate-argo-rollouts";

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly string[] s_folders = ["SchemaGate/Operator", "SchemaGate.Kubernetes"];

    private static readonly Dictionary<string, string> s_verbs = new(StringComparer.Ordinal)
    {
        ["GetAsync"] = "get",
        ["FindAsync"] = "get",
        ["ListAsync"] = "list",
        ["ListAllAsync"] = "list",
        ["PageAsync"] = "list",
        ["WatchAsync"] = "watch",
        ["CreateAsync"] = "create",
        ["ReplaceAsync"] = "update",
        ["PatchAsync"] = "patch",
        ["DeleteAsync"] = "delete",
    };

    /// <summary>What everybody may read (system:public-info-viewer, system:discovery).</summary>
    private static readonly string[] s_free = ["GetVersionAsync", "ReadAsync"];

    /// <summary>What a type stands for that is not written where it is called; nothing: it is counted where the type is chosen.</summary>
    private static readonly Dictionary<string, string[]> s_chosen = new(StringComparer.Ordinal)
    {
        ["GatedWorkload.cs type"] = ["apps/replicasets", "apps/controllerrevisions"],
        ["GatedWorkload.cs Deployment.Type"] = ["apps/deployments", "argoproj.io/rollouts"],
        ["GatedWorkload.cs Set.Type"] = ["apps/statefulsets", "apps/daemonsets"],
        ["PodSetView.cs type"] = ["apps/statefulsets", "apps/daemonsets"],
        ["ReplicaSetAdmission.cs type"] = ["apps/deployments", "argoproj.io/rollouts"],
        ["RunningPods.cs Pod.Resource"] = ["/pods"],
        ["RunningPods.cs ReplicaSet.Resource"] = ["apps/replicasets"],
        ["RunningPods.cs s_jobs"] = ["batch/jobs"],
        ["RolloutEndpoint.cs type"] = ["apps/deployments", "apps/statefulsets", "apps/daemonsets", "argoproj.io/rollouts"],
        ["WebhookRegistration.cs type"] = [
            "admissionregistration.k8s.io/mutatingwebhookconfigurations", "admissionregistration.k8s.io/validatingwebhookconfigurations",
        ],
        ["OptionalInformers.cs type"] = [],
        ["Informer.cs type"] = [],
    };

    /// <summary>Who reads and writes in the operator's own namespace; all else is where the gates are, or in the cluster.</summary>
    private static readonly string[] s_own =
        ["SealKey.cs", "OwnPod.cs", "Housekeeping.cs", "ServedReplicas.cs", "OperatorProcess.cs", "LeaderElection.cs", "SecretWatch.cs"];

    /// <summary>Follows the operator's own Secrets, and those that gates name.</summary>
    private const string Both = "SecretWatch.cs";

    /// <summary>An operator outside of the cluster makes its namespace, by the rights of whoever starts it.</summary>
    private const string Outside = "OperatorProcess.cs /namespaces";

    private static readonly string[] s_ofCluster = ["admissionregistration.k8s.io", "authorization.k8s.io", "authentication.k8s.io"];

    private static readonly Regex s_sent = new(
        @"\b[cC]lient\.(?<method>\w+Async)(<[^>]*>)?\(\s*(?<type>[\w.]+)?", Options);

    private static readonly Regex s_followed = new(@"\bnew(\s+Informer<\w+>)?\(\s*client,\s*(?<type>[A-Z]\w*\.\w+),", Options);

    private static readonly Regex s_made = new(
        @"\b(?<name>\w+)\s*=\s*RawObject\.Resource\(""(?<group>\S*)"", ""\w+"", ""\w+"", ""(?<plural>\w+)""", Options);

    private static readonly List<Call> s_calls = [.. s_folders.SelectMany(folder => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "src", folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(path => Calls(Path.GetFileName(path), File.ReadAllText(path)))];

    /// <summary>By <c>ClusterRole schemagate: get apps/deployments</c>: the classes whose sources call it.</summary>
    internal static ILookup<string, string> Callers { get; } = s_calls
        .SelectMany(call => Needed(call).Select(needed => (needed, Path.GetFileNameWithoutExtension(call.File)))).Distinct()
        .ToLookup(pair => pair.needed, pair => pair.Item2, StringComparer.Ordinal);

    [Fact]
    public void Whatever_is_granted_is_called() => Assert.Empty(Granted().Except(s_calls.SelectMany(Needed), StringComparer.Ordinal));

    [Fact]
    public void Whatever_is_called_is_granted() => Assert.Empty(s_calls.SelectMany(Needed).Except(Granted(), StringComparer.Ordinal));

    [Fact]
    public void No_exception_has_outlived_its_call()
    {
        Assert.Empty(s_chosen.Keys.Except(s_calls.Select(call => $"{call.File} {call.Type}"), StringComparer.Ordinal));
        Assert.Empty(s_own.Except(s_calls.Select(call => call.File), StringComparer.Ordinal));
        Assert.Contains(s_calls, call => call.Resources.Any(resource => $"{call.File} {resource}" == Outside));
    }

    [Theory]
    [InlineData("client.DeleteAsync(\n    Kinds.Secret, ns, name, cancellation);", "delete /secrets")]
    [InlineData("await replica.Client.ReplaceAsync(Kinds.Lease, lease, \"status\", x);", "update coordination.k8s.io/leases/status")]
    [InlineData("var t = RawObject.Resource(\"g\", \"v1\", \"Thing\", \"things\", true); client.FindAsync(t, n);", "get g/things")]
    [InlineData("new(client, Kinds.Job, options);", "list batch/jobs,watch batch/jobs")]
    [InlineData("client.PatchAsync(Kinds.Pod, ns, name, new ApplyPatch(content));", "patch /pods,create /pods")]
    public void A_call_is_seen(string code, string seen) => Assert.Equal(
        seen, string.Join(',', Calls("X.cs", code).SelectMany(call => call.Verbs.SelectMany(
            verb => call.Resources.Select(resource => $"{verb} {resource}{call.Part}")))));

    [Theory]
    [InlineData("client.EvictAsync(Kinds.Pod, ns, name);")]
    [InlineData("client.FindAsync(whatever, ns, name);")]
    public void A_call_that_nobody_knows_is_told(string code) =>
        Assert.ThrowsAny<Exception>(() => Calls("X.cs", code).Select(call => call.Resources.Count).ToList());

    private static IEnumerable<Call> Calls(string file, string code)
    {
        foreach (Match match in s_sent.Matches(code))
        {
            string method = match.Groups["method"].Value;
            if (!s_free.Contains(method, StringComparer.Ordinal))
            {
                Assert.True(s_verbs.TryGetValue(method, out string? verb), $"{file}: which verb is {method}?");
                string rest = Rest(code[(match.Index + match.Length)..]);
                // Applying makes what is not there.
                string[] verbs = rest.Contains("new ApplyPatch", StringComparison.Ordinal) ? [verb, "create"] : [verb];
                string part = rest.Contains("\"status\"", StringComparison.Ordinal) ? "/status" : "";
                yield return new(file, match.Groups["type"].Value, verbs, part, (code, match.Index));
            }
        }

        foreach (Match match in s_followed.Matches(code))
        {
            yield return new(file, match.Groups["type"].Value, ["list", "watch"], "", (code, match.Index));
        }
    }

    /// <summary>Of a statement, up to the next call within it.</summary>
    private static string Rest(string code)
    {
        string statement = code.Split(';')[0];
        return s_sent.Match(statement) is { Success: true } next ? statement[..next.Index] : statement;
    }

    private static IEnumerable<string> Needed(Call call) =>
        from resource in call.Resources
        where $"{call.File} {resource}" != Outside
        from role in RolesOf(call.File, resource)
        from verb in call.Verbs
        select $"{role}: {verb} {resource}{call.Part}";

    private static string[] RolesOf(string file, string resource) => resource.Split('/')[0] switch
    {
        var group when s_ofCluster.Contains(group, StringComparer.Ordinal) => [Cluster],
        "argoproj.io" => [Rollouts],
        _ when file == Both => [Own, Workloads],
        _ => [s_own.Contains(file, StringComparer.Ordinal) ? Own : Workloads],
    };

    private static IEnumerable<string> Granted() =>
        from role in Manifest.OfKind("Role", "ClusterRole")
        where !role.Path.EndsWith("people.yaml", StringComparison.Ordinal)
        from rule in Manifest.Items(role.Content["rules"]).Select(rule => rule!.AsObject())
        from @group in Manifest.Texts(rule["apiGroups"])
        from resource in Manifest.Texts(rule["resources"])
        from verb in Manifest.Texts(rule["verbs"])
        select $"{role.Kind} {role.Name}: {verb} {@group}/{resource}";

    /// <summary>One call as it is written.</summary>
    /// <param name="File">The file's name.</param>
    /// <param name="Type">The expression for the type.</param>
    /// <param name="Verbs">What it takes.</param>
    /// <param name="Part">The subresource, <c>/status</c>; empty for the object.</param>
    /// <param name="Place">The file's code, and where in it the call is.</param>
    private sealed record Call(string File, string Type, string[] Verbs, string Part, (string Code, int Index) Place)
    {
        /// <summary>Each as <c>group/plural</c>; the group of the core API is empty.</summary>
        public IReadOnlyList<string> Resources => s_chosen.GetValueOrDefault($"{File} {Type}") ?? [Written() ?? Known()];

        /// <summary>A type that is made in the same file: the nearest one above, or a field below; null where it is not.</summary>
        private string? Written()
        {
            List<Match> made = [.. s_made.Matches(Place.Code).Where(match => match.Groups["name"].Value == Type)];
            return (made.FindLast(match => match.Index < Place.Index) ?? made.FirstOrDefault()) is { } found
                ? $"{found.Groups["group"].Value}/{found.Groups["plural"].Value}"
                : null;
        }

        private string Known()
        {
            string[] parts = Type.Split('.');
            Type type = ((Assembly[])[typeof(KubernetesClient).Assembly, typeof(SchemaGate.Operator.ClusterView).Assembly])
                .SelectMany(assembly => assembly.GetTypes()).Single(type => type.Name == parts[0]
                    && type.GetProperty(parts[1], BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) is not null);
            object resource = type.GetProperty(parts[1], BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)!
                .GetValue(null)!;
            return $"{resource.GetType().GetProperty("Group")!.GetValue(resource)}/"
                + resource.GetType().GetProperty("Plural")!.GetValue(resource);
        }
    }
}
