using SchemaGate.Core.Gates.Drifting;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said of a schema beside what its migrations build.</summary>
internal static class DriftWords
{
    public static string Found(DriftRecord record)
    {
        string places = record.Differences == 1 ? "" : $", in {record.Differences} places";
        string more = record.Differences > record.First.Count ? $"; and {record.Differences - record.First.Count} more" : "";
        return $"The schema is not what the applied migrations build{places}: {string.Join("; ", record.First)}{more}. "
            + "`schemagate diff` shows all of it and the SQL that takes it back; `schemagate drift adopt NAME` writes the migration that "
            + $"it lacks.{Unjudged(record)}";
    }

    public static string InSync(DriftRecord record) =>
        $"The schema is what the applied migrations build, as far as their text tells.{Unjudged(record)}";

    public static string Untold(DriftRecord record) =>
        "The text of the applied migrations does not tell what they build, so the schema is not compared with it: "
        + $"{string.Join("; ", record.UnjudgedFor)}. `schemagate diff` compares it in a scratch database.";

    private static string Unjudged(DriftRecord record) => record.Unjudged == 0 ? ""
        : $" Objects of which the text does not tell all: {record.Unjudged}{Why(record)}; `schemagate diff` compares them, too.";

    private static string Why(DriftRecord record) =>
        record.UnjudgedFor.Count == 0 ? "" : $" ({string.Join("; ", record.UnjudgedFor)})";
}
