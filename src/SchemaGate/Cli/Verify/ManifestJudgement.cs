using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Manifests;

namespace SchemaGate.Cli.Verify;

/// <summary>
/// Says of manifests what admission would say of their objects. All are taken in before one is judged: a chart's gate comes after what
/// it gates.
/// </summary>
internal sealed class ManifestJudgement
{
    private readonly List<(ManifestLine Line, OptInClaim? Claim)> taken = [];
    private readonly ManifestGates gates = new();
    private readonly List<string> notes = [];
    private int files;
    private int objects;

    /// <exception cref="UsageException">Standard input is too long.</exception>
    public static async Task<ManifestsReport> OfAsync(IReadOnlyList<string> paths, Shell shell, CancellationToken cancellation)
    {
        ManifestFiles inputs = new(shell);
        ManifestJudgement judgement = new();
        await foreach (ManifestFile file in inputs.ReadAsync(paths, cancellation))
        {
            judgement.Add(file);
        }

        return judgement.Report(inputs.Problems);
    }

    private void Add(ManifestFile file)
    {
        files++;
        notes.AddRange(file.Content.Remarks.Select(remark => $"{file.File}:{remark.Line}: {remark.Message}."));
        foreach (ManifestObject found in file.Content.Objects)
        {
            if (found.Content.Text("kind") is not { Length: > 0 } || found.Content.Text("apiVersion") is not { Length: > 0 })
            {
                notes.Add($"{file.File}:{found.Line}: this is no Kubernetes object, because it lacks apiVersion or kind.");
                continue;
            }

            objects++;
            Add(file.File, found);
        }
    }

    private ManifestsReport Report(IReadOnlyList<string> problems) =>
        ManifestsReport.Of(files, objects, [.. taken.Select(one => Judged(one.Line, one.Claim))], problems, notes);

    private void Add(string file, ManifestObject found)
    {
        (OptInClaim claim, IReadOnlyList<OptInProblem> unread) = OptInReader.Read(found.Content);
        OptInProblem[] problems = [.. unread, .. OptIn.Problems(claim)];
        List<ManifestFinding> findings =
        [
            .. problems.Select(problem => new ManifestFinding(problem.Id, ManifestFinding.Blocking, problem.Message)),
            .. NoMappings(claim, found.Content),
        ];
        bool isGate = SchemaGateResource.Resource is var gate && claim.ApiGroup == gate.Group && claim.Kind == gate.Kind;
        bool isGated = problems.Length > 0 || claim.Own.Label is not null;
        if (isGate)
        {
            findings.AddRange(gates.Add(found.Content));
        }

        if (isGate || isGated || findings.Count > 0)
        {
            JsonElement metadata = found.Content.Member("metadata");
            taken.Add((
                new(file, found.Line, claim.Kind, Text(metadata, "namespace"), NameOf(metadata), Counting(claim), findings)
                {
                    IsGated = isGated,
                },
                isGated ? claim : null));
        }
    }

    private ManifestLine Judged(ManifestLine line, OptInClaim? claim) =>
        claim is null || GatedKind.Find(claim.ApiGroup, claim.Kind) is null
            ? line
            : line with
            {
                Findings =
                [
                    .. line.Findings,
                    .. Requirement.Parse(Counting(claim), out _).SelectMany(requirement => gates.Of(requirement, line.Namespace)),
                ],
            };

    /// <summary>What stands where labels and annotations are looked for, and can hold none. The API server refuses it.</summary>
    private static IEnumerable<ManifestFinding> NoMappings(OptInClaim claim, JsonElement value)
    {
        string[] parents = GatedKind.Find(claim.ApiGroup, claim.Kind) switch
        {
            null => [],
            { Template: null } => [""],
            { Template: var template } => ["", $"{template}."],
        };
        return parents.SelectMany(parent => (string[])[$"{parent}metadata", $"{parent}metadata.labels", $"{parent}metadata.annotations"])
            .Where(path => OptInReader.At(value, path).ValueKind
                is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
            .Select(path => new ManifestFinding(
                "not-a-mapping", ManifestFinding.Blocking, $"{path} is no mapping, so nothing can be read in it. Write `key: value`."));
    }

    /// <summary>The requirement that counts.</summary>
    private static string? Counting(OptInClaim claim) =>
        GatedKind.Find(claim.ApiGroup, claim.Kind) is { Template: null } ? claim.Own.Requires : claim.Template?.Requires;

    private static string? Text(JsonElement metadata, string name) => metadata.Text(name) is { Length: > 0 } text ? text : null;

    private static string? NameOf(JsonElement metadata) =>
        Text(metadata, "name") ?? (Text(metadata, "generateName") is { } prefix ? $"{prefix}*" : null);
}
