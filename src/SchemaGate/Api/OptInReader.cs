using System.Text.Json;
using SchemaGate.Core.Gates;

namespace SchemaGate.Api;

/// <summary>Reads what an object says of being gated, whatever kind it is of.</summary>
internal static class OptInReader
{
    /// <summary>Where kinds that nobody knows have their pod template, if they have one.</summary>
    private const string UsualTemplate = "spec.template";

    /// <returns>
    /// The claim, and what of it is no text. There, the claim has what was meant, so that one mistake is not told twice.
    /// </returns>
    public static (OptInClaim Claim, IReadOnlyList<OptInProblem> Problems) Read(JsonElement value)
    {
        (string group, string kind) = (Group(value.Text("apiVersion") ?? ""), value.Text("kind") ?? "");
        List<OptInProblem> problems = [];
        OptInMarks own = Marks(value, "", problems);
        OptInMarks? template = TemplateOf(group, kind) is { } path && At(value, path) is { ValueKind: JsonValueKind.Object } found
            ? Marks(found, $"{path}.", problems)
            : null;
        if (kind == "CronJob" && own.Label is null && template?.Label is null)
        {
            // On its way to the pods, and nowhere else: whoever wrote it there meant the CronJob.
            OptInMarks job = Marks(value.Member("spec").Member("jobTemplate"), "spec.jobTemplate.", problems);
            own = own with { Label = job.Label };
        }

        return (new(group, kind, own, template), problems);
    }

    /// <summary>The group of an apiVersion; empty for the core's.</summary>
    public static string Group(string apiVersion) =>
        apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";

    /// <summary>What stands at a path of members; undefined where one of them is absent.</summary>
    public static JsonElement At(JsonElement value, string path) =>
        path.Split('.').Aggregate(value, (found, member) => found.Member(member));

    private static string? TemplateOf(string group, string kind) => GatedKind.Find(group, kind) switch
    {
        { } known => known.Template,
        null when kind == "PodTemplate" => "template",
        null => UsualTemplate,
    };

    private static OptInMarks Marks(JsonElement value, string path, List<OptInProblem> problems)
    {
        JsonElement metadata = value.Member("metadata");
        return new(
            Text(metadata.Member("labels").Member(Names.Gated), Names.Gated, $"{path}metadata.labels", "true", problems),
            Text(metadata.Member("annotations").Member(Names.Requires), Names.Requires, $"{path}metadata.annotations", null, problems));
    }

    private static string? Text(JsonElement value, string name, string place, string? meant, List<OptInProblem> problems)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Null:
                // To the API server, an empty text.
                return "";
            case JsonValueKind.String:
                return value.GetString();
            default:
                problems.Add(new OptInProblem.NotText(name, place, value.GetRawText()));
                return meant ?? value.GetRawText();
        }
    }
}
