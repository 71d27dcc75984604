using System.Text;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Collects a gate's evidence: the Secret from the cluster, then image and database. What cannot be read is said, not thrown.</summary>
internal sealed class GateEvidence(SecretWatch secrets, ImageEvidence images, DatabaseEvidence databases, TimeProvider time)
{
    /// <param name="gate">The gate.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="problems">What is wrong with the spec; then nothing is asked.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<GateInput> CollectAsync(
        SchemaGateResource gate, GateSpec spec, IReadOnlyList<string> problems, CancellationToken cancellation)
    {
        GateInput input = new(
            spec, problems, null, null, null, StatusMapping.Released(gate), StatusMapping.Memory(gate), time.GetUtcNow());
        if (problems.Count > 0)
        {
            return input;
        }

        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> image = images.ReadAsync(spec.Changelog, spec.Changelog.Recheck, cancellation);
        (Evidence<DatabaseState> database, string? identity) = await DatabaseAsync(gate.Metadata.Namespace!, spec.Database, cancellation);
        return input with { Changelog = (await image).Evidence, Database = database, KnownIdentity = identity, Now = time.GetUtcNow() };
    }

    /// <summary>
    /// The same input with the image of one revision's requirement. Its tag is resolved now: an older answer may be from before the
    /// revision was written.
    /// </summary>
    public async Task<(GateInput Input, string? Digest)> ForRequirementAsync(GateInput input, Requirement requirement, CancellationToken cancellation)
    {
        if (!requirement.IsImage || input.SpecProblems.Count > 0)
        {
            return (input, null);
        }

        ChangelogSource source = input.Spec.Changelog with { Image = requirement.Value! };
        (Evidence<ChangelogEvidence> evidence, string? digest) = await images.ReadAsync(source, TimeSpan.Zero, cancellation);
        return (input with { Changelog = evidence }, digest);
    }

    private async Task<(Evidence<DatabaseState> Evidence, string? KnownIdentity)> DatabaseAsync(
        string ns, DatabaseSource source, CancellationToken cancellation)
    {
        try
        {
            Secret? secret = await secrets.GetAsync(ns, source.SecretName, cancellation);
            if (secret?.Data.GetValueOrDefault(source.SecretKey) is not { Length: > 0 } value)
            {
                return (new Evidence<DatabaseState>.Missing(Reasons.SecretNotFound, secret is null
                    ? $"There is no Secret {source.SecretName} in namespace {ns}. Create it with the key {source.SecretKey}."
                    : $"The Secret {source.SecretName} has no key {source.SecretKey}. Add it, or mend spec.database.urlFrom.key."), null);
            }

            return await databases.ReadAsync(Encoding.UTF8.GetString(value), source.Schema, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            return (new Evidence<DatabaseState>.Missing(
                Reasons.SecretNotFound, $"The operator may not read the Secret {source.SecretName} in namespace {ns}. Grant it get, list and watch on that Secret."), null);
        }
    }
}
