using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using SchemaGate.Api;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary><c>schemagate operator</c>.</summary>
internal static class OperatorCommand
{
    /// <summary>Time for the cluster to take a stopping pod out of its Service.</summary>
    private static readonly TimeSpan UsualShutdownDelay = TimeSpan.FromSeconds(5);

    private static readonly Option<string?> Kubeconfig = new("--kubeconfig")
    {
        HelpName = "FILE",
        Description = "The kubeconfig. Default: KUBECONFIG, then the pod's service account, then ~/.kube/config."
    };
    private static readonly Option<string?> Context = new("--context")
    {
        HelpName = "NAME",
        Description = "The kubeconfig's context. Default: its current one."
    };
    private static readonly Option<string> Namespace = new("--namespace")
    {
        HelpName = "NAME",
        Description = "Where the operator keeps its own Secrets and its Lease.",
        DefaultValueFactory = _ => "schemagate-system"
    };
    private static readonly Option<string[]> Watch = new("--watch-namespace")
    {
        HelpName = "NAME",
        Description = "Look after this namespace only; may be repeated. Default: all.",
        DefaultValueFactory = _ => []
    };
    private static readonly Option<IPEndPoint> Listen = Address(
        "--listen",
        "The address and port on which the webhooks listen.",
        "127.0.0.1:9443");
    private static readonly Option<IPEndPoint> HealthListen = Address(
        "--health-listen",
        "An address and port for /healthz and /readyz over plain HTTP. Default: beside the webhooks only.",
        null);
    private static readonly Option<int> MetricsPort = Port(
        "--metrics-port",
        "The port for Prometheus's /metrics over plain HTTP, at the address of --health-listen, else of --listen. 0: none.",
        9464);
    private static readonly Option<int> PagesPort = Port(
        "--pages-port",
        "The port for pages of gates (/gates) over TLS, at the address of --listen; who asks needs a token of the cluster's. 0: none.",
        0);
    private static readonly Option<bool> PagesPlainHttp = new("--pages-plain-http")
    {
        Description = "Serve the pages without TLS, for a proxy that has it."
    };
    private static readonly Option<string?> InCluster = new("--service")
    {
        HelpName = "NAME",
        Description = "The Service, in --namespace and with port 443, by which the API server reaches the webhooks."
    };
    private static readonly Option<string?> WebhookUrl = new("--webhook-url")
    {
        HelpName = "URL",
        Description = "Where the API server reaches the webhooks without a Service. Default: https:// and the address of --listen.",
        // With the option, as those of Port: an option is made once, and its command as often as somebody asks for it.
        Validators = { CheckWebhookUrl },
    };
    private static readonly Option<string?> CertificateSecret = new("--certificate-secret")
    {
        HelpName = "NAME",
        Description = "A Secret, in --namespace, with the webhooks' certificate (tls.crt, tls.key) and who signed it (ca.crt), which "
            + "somebody else makes and renews, such as cert-manager. Default: the operator makes its own."
    };
    private static readonly Option<TimeSpan?> ShutdownDelay = new("--shutdown-delay")
    {
        HelpName = "DURATION",
        Description = "How long a stopping process still answers. Default: 5s with --service, else not at all.",
        CustomParser = ParseDuration,
    };

    private static readonly Option<bool> AllowPlainHttp = new("--allow-plain-http")
    {
        Description = "Let gates with spec.changelog.plainHttp read registries without TLS."
    };
    private static readonly Option<string[]> Registries = new("--allow-registry")
    {
        HelpName = "HOST",
        Description = "Let gates read this registry only, such as registry.example.com, *.example.com or host:5000; may be repeated. "
            + "Default: all.",
        DefaultValueFactory = _ => []
    };
    private static readonly Option<string[]> Receivers = new("--allow-receiver")
    {
        HelpName = "HOST",
        Description = "Let gates with spec.notify tell this host only, such as hooks.example.com, *.example.com or host:8443; may be "
            + "repeated. Default: all.",
        DefaultValueFactory = _ => []
    };
    private static readonly Option<FileInfo?> RegistryAuthorities = new("--registry-ca-file")
    {
        HelpName = "FILE",
        Description = "Certificates (PEM) that registries may be signed by, beside the system's."
    };

    private static readonly Option<string?> RunnerImage = new("--runner-image")
    {
        HelpName = "REF",
        Description = "The image whose `schemagate migrate` runs migrations. "
            + "Default: the image of the pod that POD_NAME names in --namespace."
    };

    private static readonly Option<Uri?> RunnerCollector = new("--runner-otlp-endpoint")
    {
        HelpName = "URL",
        Description = "The collector (OTLP) to which runs send their spans, such as http://collector.monitoring:4317, as their pods "
            + "reach it; without credentials. Default: runs send none.",
        CustomParser = ParseCollector,
    };

    public static Command Create()
    {
        Command command = new("operator", """
            Run the operator against a cluster: judge every SchemaGate, hold what is not ready.

            Any number of replicas may run: all serve admission, one of them leads.

            Examples:
              schemagate operator --service schemagate --listen 0.0.0.0:9443 --health-listen 0.0.0.0:8081   (in a pod)
              schemagate operator --kubeconfig ./kubeconfig --listen 127.0.0.1:9443 --allow-plain-http
            """)
        {
            Kubeconfig, Context, Namespace, Watch, Listen, HealthListen, MetricsPort, PagesPort, PagesPlainHttp, InCluster, WebhookUrl,
            CertificateSecret, ShutdownDelay, AllowPlainHttp, Registries, RegistryAuthorities, Receivers, RunnerImage, RunnerCollector,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(InCluster) is not null && result.GetValue(WebhookUrl) is not null)
            {
                result.AddError("--service and --webhook-url: the API server reaches the webhooks by one of them; leave the other out.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            OperatorOptions options = Read(arguments);
            if ((ImageProblems.OfRegistries(options.Registries, options.RegistryAuthorities)
                ?? ImageProblems.OfRegistries(options.Receivers, null)) is { } problem)
            {
                await Console.Error.WriteLineAsync($"schemagate operator: {problem}");
                return ExitCodes.Usage;
            }

            await OperatorProcess.RunAsync(options, cancellation);
            return ExitCodes.Open;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Open;
        }
        catch (Exception exception) when (exception is KubernetesException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"schemagate operator: {exception.Message}");
            return ExitCodes.Unreachable;
        }
    }

    private static OperatorOptions Read(ParseResult arguments)
    {
        string ns = arguments.GetValue(Namespace)!;
        IPEndPoint listen = arguments.GetValue(Listen)!;
        string? service = arguments.GetValue(InCluster);
        return new(ns, listen, service is null
            ? new WebhookEndpoint.Outside(new(arguments.GetValue(WebhookUrl) ?? $"https://{listen}"))
            : new WebhookEndpoint.InCluster(service, ns))
        {
            Kubeconfig = arguments.GetValue(Kubeconfig),
            Context = arguments.GetValue(Context),
            CertificateSecret = arguments.GetValue(CertificateSecret),
            HealthListen = arguments.GetValue(HealthListen),
            MetricsListen = arguments.GetValue(MetricsPort) is var port and not 0
                ? new((arguments.GetValue(HealthListen) ?? listen).Address, port)
                : null,
            PagesListen = arguments.GetValue(PagesPort) is var pages and not 0 ? new(listen.Address, pages) : null,
            ArePagesPlain = arguments.GetValue(PagesPlainHttp),
            Namespaces = arguments.GetValue(Watch)!,
            AllowPlainHttp = arguments.GetValue(AllowPlainHttp),
            Registries = arguments.GetValue(Registries)!,
            Receivers = arguments.GetValue(Receivers)!,
            RegistryAuthorities = arguments.GetValue(RegistryAuthorities) is { } file ? File.ReadAllText(file.FullName) : null,
            RunnerImage = arguments.GetValue(RunnerImage),
            RunnerCollector = arguments.GetValue(RunnerCollector),
            Pod = Environment.GetEnvironmentVariable("POD_NAME") is { Length: > 0 } pod ? new(ns, pod) : null,
            ShutdownDelay = arguments.GetValue(ShutdownDelay) ?? (service is null ? TimeSpan.Zero : UsualShutdownDelay),
            // A pod's name is its host's; a restarted container must not be taken for the one that was killed.
            Identity = $"{Environment.MachineName}_{Guid.NewGuid():N}",
        };
    }

    private static Option<IPEndPoint> Address(string name, string description, string? usual) => new(name)
    {
        HelpName = "IP:PORT",
        Description = description,
        DefaultValueFactory = _ => usual is null ? null! : IPEndPoint.Parse(usual),
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? endpoint) && endpoint.Port != 0)
            {
                return endpoint;
            }

            result.AddError($"{name}: write an IP address and a port, such as 127.0.0.1:9443.");
            return null;
        },
    };

    private static Option<int> Port(string name, string description, int usual) => new(name)
    {
        HelpName = "PORT",
        Description = description,
        DefaultValueFactory = _ => usual,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() is < 0 or > IPEndPoint.MaxPort)
                {
                    result.AddError($"{name}: write a port, such as 9464, or 0 for none.");
                }
            },
        },
    };

    private static void CheckWebhookUrl(OptionResult result)
    {
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps)
        {
            result.AddError("--webhook-url: write an https:// address that the API server reaches.");
        }
    }

    private static Uri? ParseCollector(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0)
        {
            return url;
        }

        result.AddError("--runner-otlp-endpoint: write an http:// or https:// address without a user or password.");
        return null;
    }

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        TimeSpan? duration = GateDuration.Parse(result.Tokens[0].Value);
        if (duration is null)
        {
            result.AddError("--shutdown-delay: write a duration such as 5s.");
        }

        return duration;
    }
}
