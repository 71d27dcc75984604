using System.CommandLine;
using System.Net;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Wait;

/// <summary>
/// <c>schemagate wait</c>: for init containers and pipelines. It talks to the operator, not to the API server, so it needs no rights.
/// </summary>
internal static class WaitCommand
{
    public const string AuthorityVariable = "SCHEMAGATE_CA_CERT";

    private const string ServerVariable = "SCHEMAGATE_SERVER";
    private const string AddressVariable = "SCHEMAGATE_SERVER_ADDRESS";
    private const string NamespaceVariable = "SCHEMAGATE_NAMESPACE";
    private const string UsualServer = "https://schemagate.schemagate-system.svc";
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const int LongestRequirement = 1024;

    private static readonly Argument<string[]> Targets = new("GATE[=REQUIREMENT]")
    {
        Description = "A gate and what is required of it, an image or one migration's name; several separated by spaces or commas, "
            + "as in the annotation.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string[]> Rollouts = new("--rollout")
    {
        HelpName = "KIND/NAME",
        Description = "Wait until this gated workload is rolled out: deployment/shop, statefulset/db, daemonset/agent, rollout/shop. "
            + "May be written several times, and beside gates.",
    };

    private static readonly Option<bool> Operator = new("--operator")
    {
        Description = "Wait until the operator itself answers at its address and is ready.",
    };

    private static readonly Option<string?> Requires =
        new("--requires") { HelpName = "REQUIREMENT", Description = "What is required, where one gate is named without it." };
    private static readonly Option<string?> Namespace = new("--namespace", "-n")
    {
        HelpName = "NAME",
        Description = $"The gates' namespace. Default: {NamespaceVariable}, then the pod's own.",
    };
    private static readonly Option<string?> Server =
        new("--server") { HelpName = "URL", Description = $"The operator's https address. Default: {ServerVariable}, then {UsualServer}." };
    private static readonly Option<string?> Address = new("--server-address")
    {
        HelpName = "IP",
        Description = $"Where the server is, for pods without the cluster's DNS; its name is verified all the same. Default: "
            + $"{AddressVariable}, then the resolver's answer.",
    };
    private static readonly Option<string?> AuthorityFile = new("--ca-file")
    {
        HelpName = "FILE",
        Description = $"The authorities to trust, PEM, and no others. Default: the text in {AuthorityVariable}, then the system's.",
    };
    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = "A bearer token: who may get the gate is told why it is closed. Default: the pod's own, where it has one.",
    };
    private static readonly DurationOption GiveUp = new("--timeout", "Give up after this time; 0 never does.", TimeSpan.Zero);
    private static readonly DurationOption Interval = new(
        "--interval", "The first pause between two questions; it grows to 15s.", TimeSpan.FromSeconds(2));

    public static Command Create(Shell shell)
    {
        Command command = new("wait", """
            Wait until requirements are released, as an init container of a Job or a bare pod does, or until workloads are rolled out, as a
            deploy tool's hook does.

            It asks the operator's endpoint and retries whatever goes wrong: a closed gate, a gate that does not exist yet, an
            operator that is away. Why it waits goes to standard error, at once when it changes and every minute. A gate answers for its
            own image and for what gated workloads require; anything else is RequirementUnknown.

            Examples:
              schemagate wait shop=registry.example.com/shop/schema:1.42.0
              schemagate wait shop --requires 20241224100000_add_cs_ai_usage_tables --timeout 10m
              schemagate wait --rollout statefulset/db --timeout 30m
              schemagate wait --operator --namespace schemagate-system --timeout 1m
              schemagate wait "$REQUIRES" --namespace shop --ca-file /etc/schemagate/ca.crt   (REQUIRES: shop=…,billing=…)

            Exit codes: 0 all released and rolled out; 1 not all within the timeout; 2 wrong usage; 3 no answer could be had within the
            timeout; 130 canceled, by SIGTERM too.
            """)
        {
            Targets, Requires, Rollouts, Operator, Namespace, Server, Address, AuthorityFile, TokenFile, GiveUp, Interval,
            OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        IReadOnlyList<WaitTarget> targets = TargetsOf(arguments);
        (Uri server, string ns) = (ServerOf(arguments, shell), NamespaceOf(arguments, shell));
        StyledText progress = new(arguments.InvocationConfiguration.Error, isColoured: false);
        using VerdictClient client = new(server, ns, Trust(arguments, shell), shell.Time, AddressOf(arguments, shell));
        TimeSpan interval = Interval.In(arguments);
        WaitLoop loop = new(
            client,
            interval > TimeSpan.Zero ? interval : throw new UsageException("--interval: write a pause longer than none, such as 2s."),
            GiveUp.In(arguments), line => progress.Line($"schemagate: {line}"), shell.Time);
        (TimeSpan waited, IReadOnlyList<WaitAnswer> answers) = await loop.RunAsync(targets, cancellation);
        WaitReport report = new(
            answers.All(answer => answer.Released), server.ToString().TrimEnd('/'), ns, Math.Round(waited.TotalSeconds, 3), answers);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.WaitReport);
        }
        else
        {
            Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }

        return report.ExitCode;
    }

    private static IReadOnlyList<WaitTarget> TargetsOf(ParseResult arguments)
    {
        string[] rollouts = arguments.GetValue(Rollouts) ?? [];
        string[] gates = arguments.GetValue(Targets) ?? [];
        bool isOperator = arguments.GetValue(Operator);
        IEnumerable<WaitTarget> releases = gates.Length == 0 && (rollouts.Length > 0 || isOperator) && arguments.GetValue(Requires) is null
            ? []
            : Read(gates, arguments.GetValue(Requires)).Select(requirement => new WaitTarget.Release(requirement));
        IEnumerable<WaitTarget> itself = isOperator ? [new WaitTarget.Operator()] : [];
        return [.. releases, .. rollouts.Select(RolloutOf), .. itself];
    }

    private static WaitTarget.Rollout RolloutOf(string text) => ObjectArgument.Read(text) switch
    {
        { Kind: NamedKind.Deployment or NamedKind.StatefulSet or NamedKind.DaemonSet or NamedKind.Rollout } workload =>
            new(workload.Kind.ToString().ToLowerInvariant(), workload.Name),
        _ => throw new UsageException("--rollout: write deployment/NAME, statefulset/NAME, daemonset/NAME or rollout/NAME."),
    };

    /// <summary>What is wrong is not quoted: it may be a URL that stands in the wrong place.</summary>
    private static IReadOnlyList<Requirement> Read(string[] targets, string? requires)
    {
        IReadOnlyList<Requirement> requirements = Requirement.Parse(string.Join(',', targets), out _);
        if (requires is not null)
        {
            if (requirements is not [{ Value: null, Gate: var gate }])
            {
                throw new UsageException("--requires goes with one gate that is named without a requirement; "
                    + "for several write GATE=REQUIREMENT each.");
            }

            requirements = Requirement.Parse($"{gate}={requires}", out _) is [var one]
                ? [one]
                : throw new UsageException("--requires: write one image or one migration's name.");
        }

        return requirements.Count > 0 && requirements.All(requirement => (requirement.Value?.Length ?? 0) <= LongestRequirement)
            ? requirements
            : throw new UsageException(
                $"Write GATE=REQUIREMENT: a gate's name, and an image or one migration's name of at most {LongestRequirement} characters; "
                    + "several separated by commas, each gate once.");
    }

    private static Uri ServerOf(ParseResult arguments, Shell shell)
    {
        string text = arguments.GetValue(Server) ?? shell.Variable(ServerVariable) ?? UsualServer;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? server)
            && server is { Scheme: "https", UserInfo: "", Query: "", Fragment: "" }
            ? server
            : throw new UsageException($"--server (or {ServerVariable}): write an https:// address without user, query or fragment.");
    }

    private static IPAddress? AddressOf(ParseResult arguments, Shell shell)
    {
        string? text = arguments.GetValue(Address) ?? shell.Variable(AddressVariable);
        if (text is null)
        {
            return null;
        }

        return IPAddress.TryParse(text, out IPAddress? address)
            ? address
            : throw new UsageException($"--server-address (or {AddressVariable}): write an IP address.");
    }

    private static string NamespaceOf(ParseResult arguments, Shell shell)
    {
        string file = $"{ServiceAccount}/namespace";
        string? ns = arguments.GetValue(Namespace) ?? shell.Variable(NamespaceVariable)
            ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : null);
        if (ns is null)
        {
            throw new UsageException($"Which namespace? Write --namespace NAME, or set {NamespaceVariable}.");
        }

        return Requirement.IsName(ns)
            ? ns
            : throw new UsageException($"--namespace (or {NamespaceVariable}): write the name of a namespace.");
    }

    private static ServerTrust Trust(ParseResult arguments, Shell shell)
    {
        string? file = arguments.GetValue(AuthorityFile);
        string? pem = file is null ? shell.Variable(AuthorityVariable) : null;
        if (string.IsNullOrWhiteSpace(pem) && pem is not null)
        {
            // An empty variable is one that somebody forgot: going on with the system's authorities would be another trust.
            throw new UsageException($"{AuthorityVariable} is empty. Set it to the authority's certificate, or leave it unset.");
        }

        const string own = $"{ServiceAccount}/token";
        return new(file, pem, arguments.GetValue(TokenFile) ?? (File.Exists(own) ? own : null));
    }

    private static void Print(WaitReport report, StyledText text)
    {
        foreach (WaitAnswer answer in report.Answers)
        {
            if (answer.Released)
            {
                text.Write(answer.Done, Style.Green).Line($"  {answer.Name}");
            }
            else
            {
                text.Write("waiting ", Style.Red).Line($"  {answer.Name}: {answer.Reason}: {answer.Message}");
            }
        }
    }
}
