using System.CommandLine;
using System.CommandLine.Completions;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Completing;

/// <summary>Names of what is in the cluster, for completions: within two seconds, and none where it does not answer.</summary>
internal static class ClusterNames
{
    private const int Most = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly ResourceType<RawObject> Namespace = RawObject.Resource("", "v1", "Namespace", "namespaces", namespaced: false);

    /// <summary>The gates of the namespace that the command line names.</summary>
    public static IEnumerable<string> Gates(CompletionContext context) =>
        Ask(context, (client, ns, cancellation) => NamesAsync(client, SchemaGateResource.Resource, ns, null, cancellation));

    public static IEnumerable<string> Namespaces(CompletionContext context) =>
        Ask(context, (client, _, cancellation) => NamesAsync(client, Namespace, null, null, cancellation));

    /// <summary>As <c>deployment/NAME</c>; those that are gated.</summary>
    public static IEnumerable<string> Deployments(CompletionContext context) => Ask(context, async (client, ns, cancellation) =>
        (await NamesAsync(client, Deployment.Resource, ns, $"{Names.Gated}=true", cancellation)).Select(name => $"deployment/{name}"));

    /// <summary>What <c>explain</c> explains: reasons to who begins with a capital, else gates and gated Deployments.</summary>
    public static IEnumerable<string> Targets(CompletionContext context) =>
        context.WordToComplete is [>= 'A' and <= 'Z', ..] ? ReasonGuide.All.Keys : Gates(context).Concat(Deployments(context));

    /// <summary>What the gated ReplicaSets of the namespace require, the newest first.</summary>
    public static IEnumerable<string> Requirements(CompletionContext context) => Ask(context, async (client, ns, cancellation) =>
        (await client.PageAsync(ReplicaSet.Resource, ns, new() { Limit = Most, LabelSelector = $"{Names.Gated}=true" }, cancellation)).Items
            .OrderByDescending(set => set.Metadata.CreationTimestamp)
            .SelectMany(set => Requirement.Parse(set.Template.Requires, out _))
            .Select(requirement => requirement.Value).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>The kubeconfig's.</summary>
    public static IEnumerable<string> Contexts(CompletionContext context) =>
        KubernetesConfiguration.ContextsOf(Written(context.ParseResult, ClusterOptions.Kubeconfig));

    private static IEnumerable<string> Ask(
        CompletionContext context, Func<KubernetesClient, string, CancellationToken, Task<IEnumerable<string>>> names)
    {
        ParseResult arguments = context.ParseResult;
        using CancellationTokenSource patience = new(Patience);
        // A kubeconfig may name a program to log in by, which knows no end of ours: it is left alone then.
        Task<IEnumerable<string>> asked = Task.Run(async () =>
        {
            KubernetesConfiguration configuration = KubernetesConfiguration.Load(
                Written(arguments, ClusterOptions.Kubeconfig), Written(arguments, ClusterOptions.Context));
            using KubernetesClient client = new(configuration, "schemagate-cli", $"schemagate/{ProductVersion.Text}");
            return await names(client, Written(arguments, ClusterOptions.Namespace) ?? configuration.Namespace, patience.Token);
        });
        try
        {
            return asked.WaitAsync(Patience).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Nobody asked in words, so nobody is answered in words.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    /// <summary>An option that is being written has no value yet, and asking for that throws.</summary>
    private static string? Written(ParseResult arguments, Option<string?> option) =>
        arguments.GetResult(option) is { Tokens: [var word] } ? word.Value : null;

    private static async Task<IEnumerable<string>> NamesAsync<T>(
        KubernetesClient client, ResourceType<T> type, string? ns, string? selector, CancellationToken cancellation)
        where T : class, k8s.Models.IMetadata<k8s.Models.V1ObjectMeta> =>
        (await client.PageAsync(type, ns, new() { Limit = Most, LabelSelector = selector }, cancellation)).Items
            .Select(item => item.Metadata.Name!);
}
