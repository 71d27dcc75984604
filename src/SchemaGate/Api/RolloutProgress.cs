using System.Globalization;
using System.Text.Json;
using SchemaGate.Core.Gates;

namespace SchemaGate.Api;

/// <summary>
/// How far a workload's rollout is: by the rules of <c>kubectl rollout status</c>, but for a StatefulSet that is held, which those call
/// complete.
/// </summary>
/// <param name="IsDone">Whether every pod that is wanted is of the newest template, and available.</param>
/// <param name="Reason">One word: a reason of <see cref="Reasons"/>, or of the rollout.</param>
/// <param name="Message">What it waits for.</param>
internal sealed record RolloutProgress(bool IsDone, string Reason, string Message)
{
    public const string Complete = "RolledOut";
    public const string Waiting = "RollingOut";

    /// <param name="kind">Deployment, StatefulSet, DaemonSet or Rollout.</param>
    /// <param name="workload">The object, whole.</param>
    public static RolloutProgress Of(string kind, JsonElement workload)
    {
        try
        {
            return Read(kind, workload);
        }
        catch (JsonException exception)
        {
            // Of a kind of others, anybody may write any status.
            return Unfinished($"its status cannot be read: {exception.Message}");
        }
    }

    private static RolloutProgress Read(string kind, JsonElement workload)
    {
        JsonElement status = workload.Member("status");
        if (Hold.FromJson(workload.Member("metadata").Member("annotations").Text(Names.Hold)) is { } hold)
        {
            return new(false, hold.Reason, hold.Message);
        }

        // An Argo Rollout's is a text.
        string seen = status.Member("observedGeneration").ToString();
        if (Deployment.RefusalOf(workload) is { } refusal)
        {
            return new(false, "ReplicaSetCreateError", refusal);
        }

        if (seen != workload.Member("metadata").Member("generation").ToString())
        {
            return Unfinished("its controller has not seen its newest template yet");
        }

        string? missing = kind switch
        {
            "StatefulSet" => OfStatefulSet(workload.Member("spec"), status),
            "DaemonSet" => OfDaemonSet(status),
            "Rollout" => status.Text("phase") == "Healthy" ? null : $"it is {status.Text("phase") ?? "new"}: {status.Text("message")}",
            _ => OfDeployment(workload.Member("spec"), status),
        };
        return missing is null ? new(true, Complete, "Every pod is of its newest template, and available.") : Unfinished(missing);
    }

    private static string? OfDeployment(JsonElement spec, JsonElement status)
    {
        int wanted = Wanted(spec);
        (int updated, int all) = (Count(status, "updatedReplicas"), Count(status, "replicas"));
        int available = Count(status, "availableReplicas");
        return (updated < wanted, updated < all, available < updated) switch
        {
            (true, _, _) => Pods(updated, wanted, "are of its newest template"),
            (_, true, _) => Pods(all - updated, all, "are of an older template still"),
            (_, _, true) => Pods(available, updated, "are available"),
            _ => null,
        };
    }

    private static string? OfStatefulSet(JsonElement spec, JsonElement status)
    {
        JsonElement strategy = spec.Member("updateStrategy");
        int wanted = Wanted(spec);
        int parted = Count(strategy.Member("rollingUpdate"), "partition");
        (int updated, int ready) = (Count(status, "updatedReplicas"), Count(status, "readyReplicas"));
        // The controller counts them as current, and no more as updated, once all are.
        bool isWhole = status.Text("updateRevision") == status.Text("currentRevision");
        int due = strategy.Text("type") == "OnDelete" ? wanted : Math.Max(0, wanted - parted);
        return (ready < wanted, isWhole || updated >= due) switch
        {
            (true, _) => Pods(ready, wanted, "are ready"),
            (_, false) => Pods(updated, due, "are of its newest template"),
            _ => null,
        };
    }

    private static string? OfDaemonSet(JsonElement status)
    {
        int wanted = Count(status, "desiredNumberScheduled");
        (int updated, int available) = (Count(status, "updatedNumberScheduled"), Count(status, "numberAvailable"));
        return (updated < wanted, available < wanted) switch
        {
            (true, _) => Pods(updated, wanted, "are of its newest template"),
            (_, true) => Pods(available, wanted, "are available"),
            _ => null,
        };
    }

    private static int Wanted(JsonElement spec) => spec.Member("replicas").ValueKind == JsonValueKind.Number ? Count(spec, "replicas") : 1;

    private static int Count(JsonElement value, string name) => value.Member(name).Number();

    private static string Pods(int some, int all, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{some} of {all} pods {what}");

    private static RolloutProgress Unfinished(string message) => new(false, Waiting, message);
}
