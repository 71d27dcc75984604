using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using k8s.Models;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Leadership;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Running;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Operator;

/// <summary>
/// Puts the operator together and runs it until it is told to stop. Every replica watches, and serves admission; one of them leads.
/// </summary>
internal static class OperatorProcess
{
    private const string FieldManager = "schemagate";
    private const string LeaseName = "schemagate-leader";

    /// <exception cref="KubernetesException">The cluster cannot be reached or does not let the operator start.</exception>
    public static async Task RunAsync(OperatorOptions options, CancellationToken stopping)
    {
        TimeProvider time = TimeProvider.System;
        KubernetesConfiguration configuration = KubernetesConfiguration.Load(options.Kubeconfig, options.Context);
        using KubernetesClient client = new(configuration, FieldManager, $"schemagate/{ProductVersion.Text}", time);
        if (options.Webhooks is WebhookEndpoint.Outside)
        {
            // In the cluster the operator runs in it.
            await EnsureNamespaceAsync(client, options.Namespace, stopping);
        }

        SealKey key = await SealKey.EnsureAsync(client, options.Namespace, stopping);
        ServedCertificate certificate = new();
        await using WebApplication app = WebhookServer.Create(options, certificate, time);
        ILoggerFactory loggers = app.Services.GetRequiredService<ILoggerFactory>();
        ILogger logger = loggers.CreateLogger("SchemaGate.Operator");
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, app.Lifetime.ApplicationStopping);

        WorkloadReader reader = new(key);
        ClusterView view = new(
            client,
            reader,
            options.Namespaces,
            exception => logger.LogWarning("watching: {Message}", exception.Message),
            time);
        LeaderElection election = new(client, new()
        {
            Namespace = options.Namespace,
            Name = LeaseName,
            Identity = options.Identity,
            Time = time,
            LeaderChanged = leader => logger.LogInformation("the leader is {Leader}", leader ?? "nobody"),
            Failed = exception => logger.LogWarning("leader election: {Message}", exception.Message),
        });
        Readiness ready = new(view, certificate, () => election.Silence, ending.Token);
        using GateReaders readers = new(new(client), time);
        WebhookServer.Map(
            app,
            ready,
            new(view, reader, new(key), time),
            new(view, new(client)),
            new(new(client), () => key.Claims, time),
            new(view, readers, key, time));

        using ImageEvidence images = new(options.AllowPlainHttp, time, options.Registries, options.RegistryAuthorities);
        using DatabaseEvidence databases = new(allowLocalFiles: false, time);
        KubernetesClient leading = client.Fenced(() => election.Leading);
        Housekeeping housekeeping = new(
            leading,
            new(leading, options.Webhooks),
            key,
            options.Namespace,
            options.Webhooks.Names,
            logger,
            time);
        RunnerOptions runner = new(options.RunnerImage ?? await OwnImageAsync(client, options.Pod, stopping), options.RegistryAuthorities);
        Leader leader = new(leading, view, key, images, databases, housekeeping, runner, options.Identity, options.Workers, loggers, time);

        await app.StartAsync(stopping);
        Task[] parts =
        [
            view.RunAsync(ending.Token),
            FollowAsync(client, options.Namespace, key, certificate, time, ending.Token),
            LeadAsync(election, leader, ready, ending.Token),
            TellReadyAsync(ready, options, logger, ending.Token),
        ];
        await Task.WhenAll(parts.Select(part => EndingAllAsync(part, ending)));
        await Task.Delay(options.ShutdownDelay, time, CancellationToken.None);
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>A process of which a part has failed would live on and do half of its work: it ends, and is started again.</summary>
    private static async Task EndingAllAsync(Task part, CancellationTokenSource ending)
    {
        try
        {
            await part;
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }

    /// <summary>Not before everything is known: a new leader decides from what it sees.</summary>
    private static async Task LeadAsync(LeaderElection election, Leader leader, Readiness ready, CancellationToken ending)
    {
        await ready.WaitToKnowAsync(ending);
        await election.RunAsync(leader.RunAsync, ending);
    }

    /// <summary>Every replica serves with the certificate, and seals with the key, that the Secrets hold.</summary>
    private static async Task FollowAsync(
        KubernetesClient client, string ns, SealKey key, ServedCertificate certificate, TimeProvider time, CancellationToken ending)
    {
        SecretWatch secrets = new(client, Take, time, ending);
        foreach (string name in (string[])[CertificateSet.SecretName, SealKey.SecretName])
        {
            Take(new(ns, name), await secrets.GetAsync(ns, name, ending));
        }

        void Take(ObjectKey changed, V1Secret? secret)
        {
            if (changed.Name == SealKey.SecretName)
            {
                key.Follow(secret);
            }
            else
            {
                certificate.Follow(secret);
            }
        }
    }

    /// <summary>The image that this process runs from, as its own pod names it; null outside of a cluster.</summary>
    private static async Task<string?> OwnImageAsync(KubernetesClient client, ObjectKey? pod, CancellationToken cancellation) =>
        pod is { } own && (await client.FindAsync(Kinds.Pod, own.Namespace, own.Name, cancellation))?.Spec?
            .Containers is [var container, ..] ? container.Image : null;

    private static async Task TellReadyAsync(Readiness ready, OperatorOptions options, ILogger logger, CancellationToken ending)
    {
        await ready.WaitAsync(ending);
        if (ready.Is)
        {
            logger.LogInformation("schemagate {Version} serves admission at {Url}", ProductVersion.Text, options.Webhooks);
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
}
