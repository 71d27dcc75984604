using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Core.Gates;

/// <summary>
/// Why what an object says of being gated cannot be honoured: facts. The set is closed; <see cref="OptInWords"/> has the sentences.
/// </summary>
/// <param name="Id">What kind of problem it is, for programs.</param>
public abstract record OptInProblem(string Id)
{
    /// <summary>One or two sentences: what is wrong, and what to write instead.</summary>
    public string Message => OptInWords.Of(this);

    /// <summary>The label has another value than <c>"true"</c>.</summary>
    /// <param name="Labels">Where it stands, such as <c>spec.template.metadata.labels</c>.</param>
    public sealed record LabelValue(string Labels, string Value) : OptInProblem("label-value");

    /// <summary>
    /// The label's or annotation's value is no text, which only a file can say: the API server refuses <c>gated: true</c> before it asks
    /// anyone.
    /// </summary>
    /// <param name="Name">The label's or annotation's name.</param>
    /// <param name="Place">Where it stands, such as <c>metadata.labels</c>.</param>
    /// <param name="Read">What it is instead, as JSON.</param>
    public sealed record NotText(string Name, string Place, string Read) : OptInProblem("not-text");

    /// <summary>The pod template has the label, the object lacks it: nobody would look at its rollout.</summary>
    public sealed record OnTemplateAlone(GatedKind Kind) : OptInProblem("label-on-template-alone");

    /// <summary>The object has the label, the pod template lacks it: its pods could not be known.</summary>
    public sealed record OnObjectAlone(GatedKind Kind) : OptInProblem("label-on-object-alone");

    /// <summary>The kind has no way to be held.</summary>
    public sealed record KindNotHeld(string ApiGroup, string Kind) : OptInProblem("kind-not-held");

    /// <summary>An object of a kind that has a pod template has none.</summary>
    public sealed record TemplateMissing(GatedKind Kind) : OptInProblem("template-missing");

    /// <summary>It is gated, and does not say by what.</summary>
    public sealed record RequirementMissing(GatedKind Kind) : OptInProblem("requirement-missing");

    /// <summary>What it requires cannot be read.</summary>
    /// <param name="Problem">In the words of <see cref="Requirement.Parse"/>.</param>
    public sealed record RequirementInvalid(string Problem) : OptInProblem("requirement-invalid");

    /// <summary>The requirement stands in the object's own metadata, where nobody reads it.</summary>
    /// <param name="Contradicts">Whether the pod template has another one.</param>
    public sealed record RequirementMisplaced(GatedKind Kind, bool Contradicts) : OptInProblem("requirement-misplaced");

    /// <summary>
    /// There is a requirement and no label: nothing would be held. Admission refuses nothing for it: it is asked about such an object only
    /// where somebody takes the label away, and may.
    /// </summary>
    public sealed record LabelMissing(GatedKind Kind) : OptInProblem("label-missing");
}
