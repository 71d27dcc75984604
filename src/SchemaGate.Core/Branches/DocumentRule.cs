using System.Text.RegularExpressions;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Branches;

/// <summary>What the document says wrongly here, and did not where the branch began.</summary>
internal static partial class DocumentRule
{
    /// <param name="told">Migrations of which the worst has been said.</param>
    public static IEnumerable<BranchFinding> Judge(BranchFacts facts, IReadOnlySet<string> told, PolicyMode undocumented)
    {
        Dictionary<Finding, int> known = Findings(facts.Origin, undocumented).CountBy(finding => finding).ToDictionary();
        foreach ((Finding finding, Finding placed) in Findings(facts.Here, undocumented).Zip(Placed(facts.Here, undocumented)))
        {
            known[finding] = known.GetValueOrDefault(finding) - 1;
            if (known[finding] < 0 && (finding.Migration is null || !told.Contains(finding.Migration)))
            {
                string file = placed.Span is null && placed.Migration is { } name && facts.Here.Find(name) is { } migration
                    ? facts.PathOf(migration)
                    : facts.DocumentPath;
                yield return new(placed.Id, placed.Severity, placed.Message, file, placed.Span, placed.Migration);
            }
        }
    }

    /// <summary>Without their places: what moved down by three lines is not new.</summary>
    private static IEnumerable<Finding> Findings(BranchTree tree, PolicyMode undocumented) => Placed(tree, undocumented)
        .Select(finding => finding with { Span = null, Message = LineNumber().Replace(finding.Message, "line") });

    private static IEnumerable<Finding> Placed(BranchTree tree, PolicyMode undocumented) => tree.Document is not { } document ? [] :
    [
        .. document.Findings,
        .. ChangelogConsistency.Check(document, tree.Migrations, applied: null, new(undocumented, RecordsThisDatabase: false)),
    ];

    [GeneratedRegex("line [0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex LineNumber();
}
