using static SchemaGate.Core.Gates.OptInProblem;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said where an object cannot be gated as it says, by <see cref="OptInProblem"/>.</summary>
internal static class OptInWords
{
    private const string Label = $"{Names.Gated}: \"true\"";
    private const string Annotation = $"{Names.Requires}: <gate>=<image or migration>";

    /// <summary>A label has 63 characters at most; what a file has in its place may be of any length.</summary>
    private const int LongestValue = 100;

    private static readonly string s_kinds = string.Join(", ", GatedKind.All.Select(kind => Named(kind.Group, kind.Kind)));

    public static string Of(OptInProblem problem) => problem switch
    {
        LabelValue label =>
            $"The label {Names.Gated} in {label.Labels} is \"{Shown(label.Value)}\", and only \"true\" counts. {ValueAdvice}",
        NotText value => $"{value.Name} in {value.Place} is no text: without quotes it is read as {Shown(value.Read)}, which Kubernetes "
            + $"refuses. {(value.Name == Names.Gated ? ValueAdvice : "Write it in quotes.")}",
        OnTemplateAlone { Kind: var kind } =>
            $"The pod template has the label {Names.Gated}, and the {kind.Kind} itself has not: nobody would look at its rollout. "
            + $"Write {Label} into metadata.labels, too, or remove it from {kind.InTemplate("labels")}.",
        OnObjectAlone { Kind: var kind } =>
            $"The {kind.Kind} has the label {Names.Gated}, and its pod template has not: its pods could not be known. "
            + $"Write {Label} into {kind.InTemplate("labels")}, too, or remove it from metadata.labels.",
        KindNotHeld held => $"There is no way to hold {Article(held.Kind)} {Named(held.ApiGroup, held.Kind)}. "
            + $"Remove {Names.Gated} and {Names.Requires} from it, and write them to what can be held: {s_kinds}.",
        TemplateMissing { Kind: var kind } => $"The {kind.Kind} has no pod template ({kind.Template}), which would say what it requires. "
            + $"Write label and annotation to the object that has the template, and remove {Names.Gated} and {Names.Requires} here.",
        RequirementMissing { Kind: var kind } =>
            $"Nothing says what it requires. Write {Annotation} into {kind.InTemplate("annotations")}.",
        RequirementInvalid { Problem: var words } => Phrases.Bounded($"{char.ToUpperInvariant(words[0])}{words[1..]}."),
        RequirementMisplaced { Contradicts: true, Kind: var kind } =>
            $"The annotation {Names.Requires} in metadata.annotations is another than the one in "
            + $"{kind.InTemplate("annotations")}, which alone is read. Remove it from metadata.annotations.",
        RequirementMisplaced { Kind: var kind } =>
            $"The annotation {Names.Requires} stands in metadata.annotations, where nobody reads it. "
            + $"Write it into {kind.InTemplate("annotations")}.",
        LabelMissing { Kind: var kind } =>
            $"The annotation {Names.Requires} is there, and the label {Names.Gated} is missing: nothing would be held. "
            + $"Write {Label} into {LabelPlaces(kind)}, or remove the annotation.",
        _ => throw new InvalidOperationException($"{problem.GetType().Name} has no words"),
    };

    private static string ValueAdvice => $"Write {Label}, in quotes, or remove the label.";

    private static string LabelPlaces(GatedKind kind) =>
        kind.Template is null ? "metadata.labels" : $"metadata.labels and {kind.InTemplate("labels")}";

    private static string Shown(string value) => Phrases.Bounded(value, LongestValue);

    private static string Named(string group, string kind) => group.Length == 0 ? kind : $"{kind} ({group})";

    private static string Article(string kind) => kind.Length > 0 && "AEIOU".Contains(kind[0], StringComparison.Ordinal) ? "an" : "a";
}
