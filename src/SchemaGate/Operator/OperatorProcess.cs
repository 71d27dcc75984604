using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Puts the operator together and runs it until it is told to stop.</summary>
internal static class OperatorProcess
{
    private const string FieldManager = "schemagate";
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <exception cref="KubernetesException">The cluster cannot be reached or does not let the operator start.</exception>
    public static async Task RunAsync(OperatorOptions options, CancellationToken stopping)
    {
        TimeProvider time = TimeProvider.System;
        KubernetesConfiguration configuration = KubernetesConfiguration.Load(options.Kubeconfig, options.Context);
        using KubernetesClient client = new(configuration, FieldManager, $"schemagate/{ProductVersion.Text}", time);
        await EnsureNamespaceAsync(client, options.Namespace, stopping);
        ServingCertificate serving = await ServingCertificate.EnsureAsync(client, options.Namespace, options.WebhookUrl.IdnHost, time.GetUtcNow(), stopping);
        RecordSeal seal = await SealKey.EnsureAsync(client, options.Namespace, stopping);

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        }).AddFilter("Microsoft", LogLevel.Warning);
        WebhookServer.Listen(builder, options.Listen, options.Port, serving.Certificate);
        await using WebApplication app = builder.Build();
        ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("SchemaGate.Operator");

        using WorkQueue<ObjectKey> queue = new(time, Retries);
        WorkloadReader reader = new(seal);
        ClusterView view = new(client, reader, queue.Add, exception => logger.LogWarning("watching: {Message}", exception.Message), time);
        WebhookServer.Map(app, view, new(view, reader, new(seal), time));

        using ImageEvidence images = new(options.AllowPlainHttp, time);
        using DatabaseEvidence databases = new(allowLocalFiles: false, time);
        EventRecorder events = new(
            client, "schemagate.dev/operator", Environment.MachineName, exception => logger.LogWarning("an event could not be written: {Message}", exception.Message), time);
        Announcer announcer = new(events, app.Services.GetRequiredService<ILogger<Announcer>>());
        GateEvidence evidence = new(client, images, databases, time);
        GateReconciler reconciler = new(client, view, evidence, new(client, view, new(seal), announcer, time), announcer);
        Controller<ObjectKey> controller = new(queue, reconciler.ReconcileAsync, (key, exception) => Failed(logger, key, exception), time)
        {
            Workers = options.Workers,
        };

        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, app.Lifetime.ApplicationStopping);
        Task watching = view.RunAsync(ending.Token);
        Task announcing = events.RunAsync(ending.Token);
        await app.StartAsync(stopping);
        await view.WaitForSyncAsync(ending.Token);
        await WebhookRegistration.ApplyAsync(client, options.WebhookUrl, serving.AuthorityPem, ending.Token);
        logger.LogInformation("schemagate {Version} serves admission at {Url}", ProductVersion.Text, options.WebhookUrl);
        await controller.RunAsync(ending.Token);
        await app.StopAsync(CancellationToken.None);
        await watching;
        await announcing;
    }

    private static void Failed(ILogger logger, ObjectKey key, Exception exception)
    {
        if (exception is KubernetesException)
        {
            logger.LogWarning("gate {Gate}: {Message} It is tried again.", key, exception.Message);
        }
        else
        {
            // A fault of SchemaGate's own. Its text may hold anything, so only its kind and place are written.
            logger.LogError("gate {Gate}: {Exception} at {Place}. It is tried again.", key, exception.GetType().FullName, exception.StackTrace);
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
            await client.CreateAsync(type, RawObject.From(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }), cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.AlreadyExists)
        {
            // Another replica was first.
        }
    }
}
