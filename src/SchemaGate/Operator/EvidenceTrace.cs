using System.Diagnostics;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>The witnesses as a look asks them, each as a span: what it waits for, whoever else wants the same.</summary>
internal static class EvidenceTrace
{
    /// <inheritdoc cref="ImageEvidence.ReadAsync"/>
    public static async Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> TracedAsync(
        this ImageEvidence images, ChangelogSource source, TimeSpan maxAge, Task<int?> major, Look look, string? pullSecret,
        CancellationToken cancellation)
    {
        using Activity? activity = Activities.ReadImage();
        (Evidence<ChangelogEvidence> evidence, string? digest) = await images.ReadAsync(
            source, maxAge, cancellation, pullSecret, major, look);
        if (digest is not null)
        {
            activity.OfImage(source.Image, digest);
        }

        Tell(activity, evidence);
        return (evidence, digest);
    }

    /// <inheritdoc cref="DatabaseEvidence.ReadAsync"/>
    public static async Task<(Evidence<DatabaseState> Evidence, string? KnownIdentity)> TracedAsync(
        this DatabaseEvidence databases, string url, DatabaseSource source, string tenant, CancellationToken cancellation)
    {
        using Activity? activity = Activities.ReadDatabase();
        (Evidence<DatabaseState> evidence, string? identity) = await databases.ReadAsync(
            url, source.Schema, source.Tool, cancellation, tenant);
        if (evidence is Evidence<DatabaseState>.Found { Value.Identity: var read })
        {
            activity.InDatabase(read.Database, read.Schema);
        }

        Tell(activity, evidence);
        return (evidence, identity);
    }

    private static void Tell<T>(Activity? activity, Evidence<T> evidence)
    {
        if (evidence is Evidence<T>.Missing { Reason: var missing })
        {
            activity.Fail(missing);
        }
        else if (evidence is Evidence<T>.Unreachable { Reason: var unreachable })
        {
            activity.Fail(unreachable);
        }
    }
}
