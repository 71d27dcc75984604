namespace SchemaGate.Core.Risk.Judging;

/// <summary>The one sentence about a migration: first what it does to code and data, then what it stops.</summary>
internal static class VerdictSentence
{
    public static string Of(Compatibility level, IReadOnlyList<RiskFinding> findings, IReadOnlyList<LockHazard> locks)
    {
        string[] parts = [.. Compatible(level, findings), .. Locking(locks)];
        return parts.Length == 0 ? "Safe for running code and data, and locks nothing that exists." : string.Join(" ", parts);
    }

    private static IEnumerable<string> Compatible(Compatibility level, IReadOnlyList<RiskFinding> findings)
    {
        RiskFinding[] risks = [.. findings.Where(finding => finding is { IsRisk: true, IsAboutCompatibility: true })];
        RiskFinding? unread = findings.FirstOrDefault(finding => finding.Categories.HasFlag(RiskCategories.Unjudged));
        if (risks.Length > 0)
        {
            yield return $"{risks.MaxBy(finding => finding.Severity)!.Message}{(risks.Length > 1 ? $" And {risks.Length - 1} more." : "")}";
        }

        if (unread is not null)
        {
            yield return unread.Message;
        }
        else if (level == Compatibility.Safe && findings.Count > 0)
        {
            // What stops a table, or fails, is not called safe beside it.
            yield return findings.Any(finding => finding.IsRisk && !finding.Categories.HasFlag(RiskCategories.Convention))
                ? "Breaks no running code and loses no data."
                : "Safe for running code and data.";
        }
    }

    private static IEnumerable<string> Locking(IReadOnlyList<LockHazard> locks)
    {
        LockHazard? worst = locks.Where(hazard => hazard.BlocksWrites).MaxBy(Weight);
        if (worst is not null)
        {
            int others = locks.Where(hazard => hazard.BlocksWrites && hazard.Table != worst.Table).Select(hazard => hazard.Table).Distinct()
                .Count();
            string more = others switch
            {
                0 => "",
                1 => ", and 1 more table is locked",
                _ => $", and {others} more tables are locked",
            };
            yield return $"{char.ToUpperInvariant(worst.Sentence[0])}{worst.Sentence[1..]}{more}.";
        }
    }

    /// <summary>Work counts before the mode: a moment passes, a rewrite of a large table does not.</summary>
    private static int Weight(LockHazard hazard) => ((int)hazard.Work * 16) + (int)hazard.Mode;
}
