namespace SchemaGate.Core.Changelogs;

/// <summary>How risky its author says a change is.</summary>
public enum RiskLevel
{
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>The Risk Level bullet: its first word counts, remarks may follow.</summary>
public static class RiskText
{
    /// <summary>The level, or null where the first word names none.</summary>
    public static RiskLevel? Parse(string text) => Words.In(text).Select(word => text[word].ToUpperInvariant()).FirstOrDefault() switch
    {
        "LOW" => RiskLevel.Low,
        "MEDIUM" or "MODERATE" => RiskLevel.Medium,
        "HIGH" => RiskLevel.High,
        "CRITICAL" => RiskLevel.Critical,
        _ => null,
    };
}
