using System.CommandLine;
using System.Net;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary><c>schemagate operator</c>.</summary>
internal static class OperatorCommand
{
    private static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file. Default: KUBECONFIG, then the pod's own account, then ~/.kube/config." };
    private static readonly Option<string?> Context = new("--context") { Description = "The kubeconfig's context. Default: its current one." };
    private static readonly Option<string> Namespace = new("--namespace") { Description = "Where the operator keeps its certificate.", DefaultValueFactory = _ => "schemagate-system" };
    private static readonly Option<string> Listen = new("--listen") { Description = "The address and port on which the webhooks listen.", DefaultValueFactory = _ => "127.0.0.1:9443" };
    private static readonly Option<string?> WebhookUrl = new("--webhook-url") { Description = "Where the API server reaches the webhooks. Default: https:// and the address of --listen." };
    private static readonly Option<bool> AllowPlainHttp = new("--allow-plain-http") { Description = "Let gates with spec.changelog.plainHttp read registries without TLS." };

    public static Command Create()
    {
        Command command = new("operator", """
            Run the operator against a cluster: judge every SchemaGate, hold what is not ready.

            Examples:
              schemagate operator
              schemagate operator --kubeconfig ./kubeconfig --listen 127.0.0.1:9443 --allow-plain-http
            """)
        {
            Kubeconfig, Context, Namespace, Listen, WebhookUrl, AllowPlainHttp,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string listen = arguments.GetValue(Listen)!;
        string url = arguments.GetValue(WebhookUrl) ?? $"https://{listen}";
        if (!IPEndPoint.TryParse(listen, out IPEndPoint? endpoint) || endpoint.Port == 0)
        {
            return await UsageAsync($"--listen {listen}: write an IP address and a port, such as 127.0.0.1:9443.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps)
        {
            return await UsageAsync($"--webhook-url {url}: write an https:// address that the API server reaches.");
        }

        OperatorOptions options = new(
            arguments.GetValue(Kubeconfig), arguments.GetValue(Context), arguments.GetValue(Namespace)!,
            endpoint.Address, endpoint.Port, address, arguments.GetValue(AllowPlainHttp));
        try
        {
            await OperatorProcess.RunAsync(options, cancellation);
            return ExitCodes.Open;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Open;
        }
        catch (Exception exception) when (exception is KubernetesException or IOException)
        {
            await Console.Error.WriteLineAsync($"schemagate operator: {exception.Message}");
            return ExitCodes.Unreachable;
        }
    }

    private static async Task<int> UsageAsync(string problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return ExitCodes.Usage;
    }
}
