using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class OptInTests
{
    private const string Sound = "shop=registry.example.com/shop/schema:1.42.0";

    private static readonly OptInMarks s_label = new("true", Requires: null);
    private static readonly OptInMarks s_whole = new("true", Sound);
    private static readonly OptInClaim s_sound = new("apps", "Deployment", s_label, s_whole);

    public static TheoryData<string, string> Kinds => [.. GatedKind.All.Select(kind => (kind.Group, kind.Kind))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_that_can_be_held_and_says_everything_has_no_problem(string group, string kind) => Assert.Empty(OptIn.Problems(
        kind == "Pod" ? new(group, kind, s_whole, Template: null) : new(group, kind, s_label, s_whole)));

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData("", "ConfigMap")]
    [InlineData("example.com", "Widget")]
    public void An_object_that_says_nothing_of_it_has_no_problem(string group, string kind)
    {
        Assert.Empty(OptIn.Problems(new(group, kind, OptInMarks.None, OptInMarks.None)));
        Assert.Empty(OptIn.Problems(new(group, kind, OptInMarks.None, Template: null)));
    }

    [Theory]
    [InlineData("True")]
    [InlineData("TRUE")]
    [InlineData("yes")]
    [InlineData("false")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(" true")]
    public void A_label_that_is_not_true_is_told_wherever_it_stands(string value)
    {
        const string Advice = "Write schemagate.dev/gated: \"true\", in quotes, or remove the label.";
        OptInMarks wrong = new(value, Requires: null);
        Tells(s_sound with { Own = wrong }, "label-value", $"in metadata.labels is \"{value}\"", Advice);
        Tells(s_sound with { Template = s_whole with { Label = value } }, "label-value", "in spec.template.metadata.labels is", Advice);
        Tells(s_sound with { Own = wrong, Template = OptInMarks.None }, "label-value");
        Tells(new("", "Pod", wrong, Template: null), "label-value", "in metadata.labels");
    }

    [Fact]
    public void A_label_on_the_pod_template_alone_is_told() => Tells(
        s_sound with { Own = OptInMarks.None }, "label-on-template-alone", "the Deployment itself has not", "into metadata.labels, too");

    [Fact]
    public void A_label_on_the_object_alone_is_told() => Tells(
        s_sound with { Template = new(Label: null, Sound) }, "label-on-object-alone", "into spec.template.metadata.labels, too");

    [Theory]
    [InlineData("", "ReplicationController", "a ReplicationController.")]
    [InlineData("", "ConfigMap", "a ConfigMap.")]
    [InlineData("", "Service", "a Service.")]
    [InlineData("", "PodTemplate", "a PodTemplate.")]
    [InlineData("networking.k8s.io", "Ingress", "an Ingress (networking.k8s.io).")]
    [InlineData("apps.kruise.io", "CloneSet", "a CloneSet (apps.kruise.io).")]
    [InlineData("extensions", "Deployment", "a Deployment (extensions).")]
    [InlineData("apps", "Pod", "a Pod (apps).")]
    [InlineData("schemagate.dev", "SchemaGate", "a SchemaGate (schemagate.dev).")]
    [InlineData("", "", "no way")]
    public void A_kind_that_cannot_be_held_is_told_with_those_that_can(string group, string kind, string named)
    {
        const string Others = "Deployment (apps), ReplicaSet (apps), Rollout (argoproj.io), StatefulSet (apps), DaemonSet (apps), "
            + "Job (batch), CronJob (batch), Pod";
        Tells(new(group, kind, s_label, Template: null), "kind-not-held", named, Others);
        Tells(new(group, kind, new("false", Requires: null), Template: null), "kind-not-held");
        Tells(new(group, kind, OptInMarks.None, s_label), "kind-not-held");
        Tells(new(group, kind, OptInMarks.None, new(Label: null, Sound)), "kind-not-held");
    }

    [Fact]
    public void An_annotation_that_was_written_to_every_object_is_no_wish_to_hold_a_service() =>
        Assert.Empty(OptIn.Problems(new("", "Service", new(Label: null, Sound), Template: null)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public void A_requirement_that_is_missing_is_told(string? requires)
    {
        Tells(
            s_sound with { Template = new("true", requires) }, "requirement-missing",
            "Write schemagate.dev/requires: <gate>=<image or migration> into spec.template.metadata.annotations.");
        Tells(new("", "Pod", new("true", requires), Template: null), "requirement-missing", "into metadata.annotations.");
    }

    [Theory]
    [InlineData("=x:1", "'=x:1' in the annotation schemagate.dev/requires is not <gate>=<image or migration>.")]
    [InlineData("shop=", "'shop='")]
    [InlineData("shop=x:1,shop=x:2", "The annotation schemagate.dev/requires names the gate 'shop' twice.")]
    public void A_requirement_that_cannot_be_read_is_told_in_the_words_of_whoever_reads_it(string requires, string words)
    {
        Tells(s_sound with { Template = new("true", requires) }, "requirement-invalid", words);
        Tells(new("", "Pod", new("true", requires), Template: null), "requirement-invalid", words);
    }

    [Fact]
    public void A_gate_without_a_requirement_is_left_to_its_policy() =>
        Assert.Empty(OptIn.Problems(s_sound with { Template = new("true", "shop") }));

    [Fact]
    public void A_requirement_on_the_object_is_told_where_to_stand()
    {
        Tells(
            s_sound with { Own = s_whole, Template = s_label }, "requirement-misplaced", "into spec.template.metadata.annotations.");
        Tells(
            new("batch", "CronJob", s_whole, s_label), "requirement-misplaced",
            "into spec.jobTemplate.spec.template.metadata.annotations.");
    }

    [Fact]
    public void A_requirement_that_stands_on_both_levels_is_told_only_where_they_differ()
    {
        Assert.Empty(OptIn.Problems(s_sound with { Own = s_whole }));
        Tells(s_sound with { Own = new("true", "shop=x:2") }, "requirement-misplaced", "is another than", "Remove it from");
    }

    [Fact]
    public void A_requirement_without_a_label_holds_nothing_and_says_so()
    {
        Tells(
            s_sound with { Own = OptInMarks.None, Template = new(Label: null, Sound) }, "label-missing", "nothing would be held",
            "into metadata.labels and spec.template.metadata.labels");
        Tells(new("", "Pod", new(Label: null, Sound), Template: null), "label-missing", "into metadata.labels, or remove the annotation.");
        Ids(s_sound with { Own = new(Label: null, Sound), Template = OptInMarks.None }, "label-missing requirement-misplaced");
    }

    [Fact]
    public void An_object_without_a_template_where_its_kind_has_one_is_told() => Tells(
        new("apps", "Deployment", s_label, Template: null), "template-missing", "Write label and annotation to the object that has");

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        Ids(s_sound with { Template = OptInMarks.None }, "label-on-object-alone requirement-missing");
        Ids(
            s_sound with { Own = new("yes", Requires: null), Template = new("no", "=x:1") },
            "label-value label-value requirement-invalid");
    }

    /// <summary>Nobody who labelled an object is left to believe that it is held.</summary>
    [Fact]
    public void Whatever_has_a_label_is_sound_or_told()
    {
        string?[] labels = [null, "true", "True", "false", ""];
        string?[] requirements = [null, Sound, "shop", "=x:1", ""];
        OptInMarks[] marks = [.. labels.SelectMany(label => requirements.Select(requires => new OptInMarks(label, requires)))];
        Assert.All(marks.SelectMany(own => marks.Select(template => s_sound with { Own = own, Template = template })), claim =>
        {
            bool isSound = claim is { Own.Label: "true", Template: { Label: "true", Requires: Sound or "shop" } }
                && (claim.Own.Requires is null || claim.Own.Requires == claim.Template.Requires);
            Assert.Equal(isSound || claim is { Own.IsEmpty: true, Template.IsEmpty: true }, !OptIn.Problems(claim).Any());
        });
    }

    private static void Tells(OptInClaim claim, string id, params string[] words)
    {
        OptInProblem problem = Assert.Single(OptIn.Problems(claim));
        Assert.Equal(id, problem.Id);
        Assert.All(words, word => Assert.Contains(word, problem.Message, StringComparison.Ordinal));
    }

    private static void Ids(OptInClaim claim, string expected) =>
        Assert.Equal(expected, string.Join(" ", OptIn.Problems(claim).Select(problem => problem.Id)));
}
