using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Verify;

/// <summary>The SchemaGates among manifests: what is wrong with them, and what they mean to whoever names them.</summary>
internal sealed class ManifestGates
{
    private readonly List<(string? Namespace, string Name, GateSpec Spec)> known = [];

    /// <summary>What the gates' webhook would say of it, but for the requester's rights.</summary>
    public IEnumerable<ManifestFinding> Add(JsonElement content)
    {
        try
        {
            SchemaGateResource gate = SchemaGateResource.Resource.Read(content);
            (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec, ImageProblems.OfReference, ImageProblems.OfKeys);
            known.Add((Empty(gate.Metadata.NamespaceProperty), gate.Metadata.Name ?? "", spec));
            return problems.Select(Invalid);
        }
        catch (JsonException exception)
        {
            return [Invalid($"{exception.Path?.TrimStart('$', '.') ?? "It"} is of another type than a SchemaGate has there.")];
        }
    }

    /// <summary>What is to be said of a requirement of an object in this namespace.</summary>
    public IEnumerable<ManifestFinding> Of(Requirement requirement, string? @namespace)
    {
        // Of two by one name, the last is the one that stays.
        GateSpec? spec = known.FindLast(gate => gate.Name == requirement.Gate && gate.Namespace == @namespace).Spec;
        if (requirement.Value is null && !AllowsUnpinned(spec))
        {
            yield return new(
                "requirement-unpinned", ManifestFinding.Blocking, new HoldReason.RequirementUnpinned(requirement.Gate).Message);
        }

        if (spec is null)
        {
            yield return new("gate-not-among", ManifestFinding.Information, Absent(requirement.Gate, @namespace));
        }
        else if (requirement.IsImage && requirement.Value != spec.Changelog.Image)
        {
            yield return new(
                "image-differs", ManifestFinding.Information,
                $"The SchemaGate {requirement.Gate} has the image {spec.Changelog.Image}, and this requires {requirement.Value}. "
                + "In a chart, one value should feed both.");
        }
    }

    private static bool AllowsUnpinned(GateSpec? spec) =>
        spec is { Enforcement: Enforcement.Observe } or { Policy.Unpinned: PolicyMode.Warn or PolicyMode.Ignore };

    private string Absent(string gate, string? @namespace)
    {
        int elsewhere = known.FindLastIndex(other => other.Name == gate);
        return elsewhere < 0
            ? $"The SchemaGate {gate} is not among these manifests. Wherever it is applied: until it is there, new revisions are held."
            : $"The SchemaGate {gate} of these manifests {In(known[elsewhere].Namespace)}, and this {In(@namespace)}. "
                + "A gate is looked for in the workload's own namespace.";
    }

    private static string In(string? @namespace) => @namespace is null ? "names no namespace" : $"is in the namespace {@namespace}";

    private static ManifestFinding Invalid(string problem) => new("spec-invalid", ManifestFinding.Blocking, problem);

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
