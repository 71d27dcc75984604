using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Discovery;
using SchemaGate.Kubernetes.Leadership;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Observing;
using SchemaGate.Operator.Pods;
using SchemaGate.Operator.Running;
using SchemaGate.Operator.Serving;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// Puts the operator together and runs it until it is told to stop. Every replica watches, and serves admission; one of them leads.
/// </summary>
internal static partial class OperatorProcess
{
    private const string FieldManager = "schemagate";

    /// <exception cref="KubernetesException">The cluster cannot be reached or does not let the operator start.</exception>
    public static async Task RunAsync(OperatorOptions options, CancellationToken stopping)
    {
        TimeProvider time = TimeProvider.System;
        KubernetesConfiguration configuration = KubernetesConfiguration.Load(options.Kubeconfig, options.Context);
        using KubernetesClient client = new(configuration, FieldManager, $"schemagate/{ProductVersion.Text}", time);
        SealKey key = await EnsureOwnAsync(client, options, stopping);
        ServedCertificate certificate = new();
        await using WebApplication app = WebhookServer.Create(options, certificate, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, app.Lifetime.ApplicationStopping);
        Replica replica = new(options, client, key, app.Services.GetRequiredService<ILoggerFactory>(), time)
        {
            HasPodGates = ApiDiscovery.IsAtLeast(await client.GetVersionAsync(stopping), 1, 30),
        };

        UnaskedTimes unasked = new();
        ClusterView view = View(replica, unasked);
        LeaderElection election = Election(replica);
        WebhookWatch webhooks = new(client, exception => LogWatchFailed(replica.Log, exception.Message), time);
        Readiness ready = new(view, certificate, () => election.Silence, () => webhooks.Problem, ending.Token);
        using GateReaders readers = new(new(client), time);
        ReadingBudget budget = ReadingBudget.OfProcess(time);
        using ImageEvidence images = new(options.AllowPlainHttp, time, options.Registries, options.RegistryAuthorities, budget);
        RunnerOptions runner = new(
            options.RunnerImage ?? await OwnPod.ImageAsync(client, options.Pod, stopping), options.RegistryAuthorities)
        {
            Collector = options.RunnerCollector,
            CollectorProtocol = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
                ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL"),
        };
        PodHoldOptions holds = await PodHoldsAsync(replica, runner, certificate, stopping);
        using RolloutEndpoint rollouts = new(client, view, readers, time);
        AdmissionDoor door = new(time);
        webhooks.Changed = door.Follow;
        ReviewEndpoint reviews = new(
            ready, Reviews(replica, view, images, holds), door, app.Services.GetRequiredService<ReviewConnections>(),
            app.Services.GetRequiredService<StrangerConnections>(), time);
        using GateReaders pageReaders = new(new(client), time);
        using PagesEndpoint pages = new(view, pageReaders, images, () => election.Leading ? null : election.Leader ?? "", time);
        WebhookServer.MapPages(app, options.PagesListen, ready, pages);
        WebhookServer.MapMetrics(app, options.MetricsListen);
        WebhookServer.Map(app, ready, reviews, new(view, readers, key, time), rollouts);

        using DatabaseEvidence databases = new(allowLocalFiles: false, time, budget);
        Leader leader = new(
            replica with { Client = client.Fenced(() => election.Leading) }, view, images, databases, runner, webhooks, unasked);

        using GateGauges gates = new(view, () => election.Leading, replica.Log, time);
        using GaugeMeter gauges = ReplicaGauges.Begin(view, election, ready, certificate, budget, () => leader.Queued);
        await app.StartAsync(stopping);
        Instruments.Begin();
        WatchedNamespaces namespaces = new(client, view, time, replica.Log);
        await ProcessLife.RunAsync(
            [view.RunAsync, webhooks.RunAsync, namespaces.RunAsync, following => FollowAsync(replica, certificate, door, following)],
            [acting => LeadAsync(election, leader, ready, acting), acting => TellReadyAsync(replica, ready, acting)],
            options.ShutdownDelay, time, ending);
        await app.StopAsync(CancellationToken.None);
    }

    private static async Task<SealKey> EnsureOwnAsync(KubernetesClient client, OperatorOptions options, CancellationToken cancellation)
    {
        if (options.Webhooks is WebhookEndpoint.Outside)
        {
            WebhookRegistration registration = new(client, options.Webhooks, hasMatchConditions: false);
            if (registration.Occupied(await registration.ReadAsync(cancellation)) is { } occupied)
            {
                throw new KubernetesException(StatusReason.InvalidConfiguration, occupied);
            }

            // In the cluster the operator runs in it.
            await EnsureNamespaceAsync(client, options.Namespace, cancellation);
        }

        return await SealKey.EnsureAsync(client, options.Namespace, cancellation);
    }

    private static ClusterView View(Replica replica, UnaskedTimes unasked) => new(
        replica.Client,
        new(replica.Key) { Unasked = unasked },
        replica.Options.Namespaces,
        exception => LogWatchFailed(replica.Log, exception.Message),
        replica.Time)
    {
        Unread = { Logged = unread => LogUnread(replica.Log, unread) },
    };

    private static LeaderElection Election(Replica replica) => new(replica.Client, new()
    {
        Namespace = replica.Options.Namespace,
        Name = OperatorObjects.Lease,
        Identity = replica.Options.Identity,
        Time = replica.Time,
        LeaderChanged = leader => LogLeader(replica.Log, leader ?? "nobody"),
        Failed = exception => LogElectionFailed(replica.Log, exception.Message),
    });

    private static Dictionary<string, Review> Reviews(
        Replica replica, ClusterView view, ImageEvidence images, PodHoldOptions holds)
    {
        (_, KubernetesClient client, SealKey key, _, TimeProvider time) = replica;
        BirthProofs proofs = new(view, images, client, time);
        HoldJudge judge = new(view, proofs, time);
        Questions questions = new(client, view, judge, time);
        Dictionary<string, Review> reviews = new(StringComparer.Ordinal)
        {
            [WebhookRegistration.DeploymentPath] =
                new DeploymentAdmission(view, new(key), judge, questions, new(key), time).ReviewAsync,
            [WebhookRegistration.PodSetPath] =
                new PodSetAdmission(view, new(key), judge, questions, new(key), time).ReviewAsync,
            [WebhookRegistration.PodSetStatusPath] = PodSetStatusAdmission.ReviewAsync,
            [WebhookRegistration.ReplicaSetPath] = new ReplicaSetAdmission(client, view, new(key), judge, questions, time).ReviewAsync,
            [WebhookRegistration.PodPath] = new PodAdmission(view, new(key), judge, questions, new(holds)).ReviewAsync,
            [WebhookRegistration.HeldPodPath] = new HeldPodAdmission(view, key).ReviewAsync,
            [WebhookRegistration.ClaimantPath] = new ClaimantAdmission(view, judge, questions).ReviewAsync,
            [WebhookRegistration.GatePath] = new GateAdmission(view, new(client)).ReviewAsync,
            [WebhookRegistration.ClaimPath] = new ClaimAdmission(view, new(client), () => key.Claims, time).ReviewAsync,
        };
        return reviews.ToDictionary(review => review.Key, review => ReviewTrace.Of(review.Value), StringComparer.Ordinal);
    }

    private static async Task<PodHoldOptions> PodHoldsAsync(
        Replica replica, RunnerOptions runner, ServedCertificate certificate, CancellationToken cancellation)
    {
        return new(
            runner.Image,
            new(replica.Options.Webhooks.ToString()),
            await AddressAsync(replica, cancellation),
            () => certificate.Authorities,
            replica.HasPodGates);
    }

    /// <summary>The Service's IP address; null outside of a cluster, and for a Service without one.</summary>
    private static async Task<string?> AddressAsync(Replica replica, CancellationToken cancellation)
    {
        if (replica.Options.Webhooks is not WebhookEndpoint.InCluster service)
        {
            return null;
        }

        ResourceType<RawObject> type = RawObject.Resource("", "v1", "Service", "services", namespaced: true);
        RawObject? found = await replica.Client.FindAsync(type, service.Namespace, service.Name, cancellation);
        return IPAddress.TryParse(found?.Content.Member("spec").Text("clusterIP"), out IPAddress? address) ? address.ToString() : null;
    }

    /// <summary>Not before everything is known: a new leader decides from what it sees.</summary>
    private static async Task LeadAsync(LeaderElection election, Leader leader, Readiness ready, CancellationToken ending)
    {
        await ready.WaitToKnowAsync(ending);
        await election.RunAsync(leader.RunAsync, ending);
    }

    /// <summary>Every replica serves with the certificate, at the paths, and seals with the key, that the Secrets hold.</summary>
    private static async Task FollowAsync(
        Replica replica, ServedCertificate certificate, AdmissionDoor door, CancellationToken ending)
    {
        string ns = replica.Options.Namespace;
        SecretWatch secrets = new(replica.Client, Take, replica.Time, ending);
        foreach (string name in (string[])[CertificateSet.SecretName, SealKey.SecretName])
        {
            Take(new(ns, name), await secrets.GetAsync(ns, name, ending));
        }

        void Take(ObjectKey changed, V1Secret? secret)
        {
            if (changed.Name == SealKey.SecretName)
            {
                replica.Key.Follow(secret);
            }
            else
            {
                // First: what a certificate is known for is asked about at its paths.
                door.Follow(secret);
                certificate.Follow(secret);
            }
        }
    }

    private static async Task TellReadyAsync(Replica replica, Readiness ready, CancellationToken ending)
    {
        await ready.WaitAsync(ending);
        if (ready.Is)
        {
            LogServing(replica.Log, ProductVersion.Text, replica.Options.Webhooks);
        }
    }

    private static async Task EnsureNamespaceAsync(KubernetesClient client, string name, CancellationToken cancellation)
    {
        ResourceType<RawObject> type = RawObject.Resource("", "v1", "Namespace", "namespaces", namespaced: false);
        if (await client.FindAsync(type, null, name, cancellation) is not null)
        {
            return;
        }

        try
        {
            await client.CreateAsync(
                type,
                RawObject.From(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }),
                cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.AlreadyExists)
        {
            // Another replica was first.
        }
    }

    [LoggerMessage(1000, LogLevel.Information, "schemagate {Version} serves admission at {Url}")]
    private static partial void LogServing(ILogger logger, string version, WebhookEndpoint url);

    [LoggerMessage(1001, LogLevel.Information, "the leader is {Leader}")]
    private static partial void LogLeader(ILogger logger, string leader);

    [LoggerMessage(1002, LogLevel.Warning, "leader election: {Message}")]
    private static partial void LogElectionFailed(ILogger logger, string message);

    [LoggerMessage(1004, LogLevel.Warning, "{Object}. It is left closed, and everything else goes on without it.")]
    private static partial void LogUnread(ILogger logger, UnreadObject @object);

    [LoggerMessage(1003, LogLevel.Warning, "watching: {Message}")]
    private static partial void LogWatchFailed(ILogger logger, string message);
}
