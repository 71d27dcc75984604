using System.Text;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// Adds to a revision's record, in admission, what its gates' status proves already. A digest or a migration's name needs no more than
/// the caches; a tag that may have moved is resolved by one bounded request, and proves nothing where the registry does not answer.
/// </summary>
/// <param name="view">The gates.</param>
/// <param name="images">Resolves tags.</param>
/// <param name="client">Reads the Secret with a registry's credentials.</param>
/// <param name="time">Measures the wait.</param>
internal sealed class BirthProofs(ClusterView view, ImageEvidence images, KubernetesClient client, TimeProvider time)
{
    /// <summary>For all requirements of a revision: admission has ten seconds, and who is refused is let through a moment later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<Workload> AddAsync(string ns, Workload workload, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        foreach (Requirement requirement in Requirement.Parse(workload.Requires, out _))
        {
            if (view.Gate(new(ns, requirement.Gate)) is { } gate
                && await FindAsync(gate, requirement, either.Token) is { } release
                && workload.Record?.Releases.Any(release.SameFact) != true)
            {
                workload = workload with { Record = (workload.Record ?? new(workload.Template, [])).With(release) };
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return workload;
    }

    private async Task<Release?> FindAsync(SchemaGateResource gate, Requirement requirement, CancellationToken cancellation)
    {
        GateStanding standing = StatusMapping.Standing(gate);
        if (!ReleaseProof.IsPossible(requirement, standing))
        {
            return null;
        }

        string? digest = requirement.IsImage ? await DigestAsync(gate, requirement, cancellation) : null;
        return ReleaseProof.Of(requirement, standing, digest);
    }

    private async Task<string?> DigestAsync(SchemaGateResource gate, Requirement requirement, CancellationToken cancellation)
    {
        ChangelogSource source = SpecReader.Read(gate.Spec).Spec.Changelog with { Image = requirement.Value! };
        try
        {
            if (source.PullSecretName is not { } name)
            {
                return await images.ResolveAsync(source, pullSecret: null, cancellation);
            }

            V1Secret? secret = await client.FindAsync(Kinds.Secret, gate.Metadata.NamespaceProperty, name, cancellation);
            return secret?.Data.Find(ImageProblems.LoginsKey) is { } logins
                ? await images.ResolveAsync(source, Encoding.UTF8.GetString(logins), cancellation)
                : null;
        }
        catch (Exception exception) when (exception is KubernetesException or OperationCanceledException)
        {
            return null;
        }
    }
}
