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
            + $"it lacks.{NotFollowed(record)}";
    }

    public static string InSync(DriftRecord record) =>
        $"The schema is what the applied migrations build, as far as their text tells.{NotFollowed(record)}";

    private static string NotFollowed(DriftRecord record) => record.NotFollowed switch
    {
        0 => "",
        1 => " One statement is not followed by its text; `schemagate diff` compares what it does.",
        var count => $" {count} statements are not followed by their text; `schemagate diff` compares what they do.",
    };
}
