using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Completing;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Cli;

/// <summary>
/// The cluster that a command is about: <c>--kubeconfig</c>, <c>--context</c>, <c>--namespace</c>, named as kubectl names them.
/// </summary>
internal static class ClusterOptions
{
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(15);

    public static Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        HelpName = "FILE",
        Description = "The kubeconfig. Default: KUBECONFIG, then the pod's service account, then ~/.kube/config.",
    };

    public static Option<string?> Context { get; } = new("--context")
    {
        HelpName = "NAME",
        Description = "The kubeconfig's context. Default: its current one.",
        CompletionSources = { ClusterNames.Contexts },
    };

    public static Option<string?> Namespace { get; } = new("--namespace", "-n")
    {
        HelpName = "NAME",
        Description = "The namespace. Default: the context's.",
        CompletionSources = { ClusterNames.Namespaces },
    };

    /// <summary>Whether a cluster was asked for by name.</summary>
    public static bool AreGiven(ParseResult arguments) =>
        arguments.GetValue(Kubeconfig) is not null || arguments.GetValue(Context) is not null || arguments.GetValue(Namespace) is not null;

    /// <summary>Runs a step against the cluster; what the cluster refuses is said on standard error.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="shell">Where it runs.</param>
    /// <param name="step">Told the client and the namespace; returns the exit code.</param>
    /// <exception cref="UsageException">There is no way to a cluster.</exception>
    public static async Task<int> RunAsync(ParseResult arguments, Shell shell, Func<KubernetesClient, string, Task<int>> step)
    {
        try
        {
            KubernetesConfiguration configuration = KubernetesConfiguration.Load(
                arguments.GetValue(Kubeconfig), arguments.GetValue(Context));
            string ns = arguments.GetValue(Namespace) ?? configuration.Namespace;
            using KubernetesClient client =
                new(configuration, "schemagate-cli", $"schemagate/{ProductVersion.Text}", shell.Time) { RequestTimeout = LongestRequest };
            return Requirement.IsName(ns)
                ? await step(client, ns)
                : throw new UsageException("--namespace: write the name of a namespace.");
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.InvalidConfiguration)
        {
            throw new UsageException($"{StyledText.Printable(exception.Message.TrimEnd('.'))}.");
        }
        catch (KubernetesException exception)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"schemagate: {StyledText.Printable(exception.Message)}");
            return ExitCodes.Unreachable;
        }
    }

    /// <returns>Null where there is no such gate.</returns>
    /// <exception cref="KubernetesException">The cluster does not know gates at all, among others.</exception>
    public static async Task<SchemaGateResource?> FindGateAsync(
        KubernetesClient client, string ns, string name, CancellationToken cancellation)
    {
        SchemaGateResource? gate = await client.FindAsync(SchemaGateResource.Resource, ns, name, cancellation);
        try
        {
            // No gate, or no CRD: the collection tells.
            _ = gate is null
                ? await AskAsync(() => client.PageAsync(SchemaGateResource.Resource, ns, new() { Limit = 1 }, cancellation))
                : null;
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            // Who may get one gate and list none has got the answer.
        }

        return gate;
    }

    /// <summary>The sentence for a cluster whose API knows no gates; another failure is left as it is.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.NotFound)
        {
            throw new KubernetesException(
                exception.Reason, "this cluster does not know SchemaGates: the CRD is not there. "
                    + "`kubectl apply -f config/crd` brings it.", exception.HttpStatus, inner: exception);
        }
    }
}
