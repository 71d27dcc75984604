using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SchemaGate.Cli.Lint;

namespace SchemaGate.Cli.Reports;

/// <summary>SARIF 2.1.0 (OASIS standard), as code scanning reads it. Files below the current directory are relative to it.</summary>
internal static class SarifPrinter
{
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(FindingsReport report, TextWriter output)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
            writer.WriteString("version", "2.1.0");
            writer.WriteStartArray("runs");
            Run(writer, report);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
    }

    private static void Run(Utf8JsonWriter writer, FindingsReport report)
    {
        List<string> ids = [.. report.Rules.Select(rule => rule.Id)];
        writer.WriteStartObject();
        Tool(writer, report.Rules);
        writer.WriteString("columnKind", "utf16CodeUnits");
        Invocation(writer, report);
        writer.WriteStartArray("results");
        foreach (ReportedFile file in report.Files)
        {
            foreach (ReportedFinding finding in file.Findings)
            {
                Result(writer, file.File, finding, ids.IndexOf(finding.Rule));
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Tool(Utf8JsonWriter writer, IReadOnlyList<ReportedRule> rules)
    {
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "SchemaGate");
        writer.WriteString("semanticVersion", ProductVersion.Text);
        writer.WriteStartArray("rules");
        foreach (ReportedRule rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", rule.Id);
            Message(writer, "shortDescription", $"{rule.Title}.");
            string page = rule.Page ?? $"{rule.Title}.";
            writer.WriteStartObject("help");
            writer.WriteString("text", RulePage.Plain(page));
            writer.WriteString("markdown", page);
            writer.WriteEndObject();
            writer.WriteStartObject("properties");
            writer.WriteStartArray("tags");
            foreach (string tag in rule.Tags)
            {
                writer.WriteStringValue(tag);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Invocation(Utf8JsonWriter writer, FindingsReport report)
    {
        writer.WriteStartArray("invocations");
        writer.WriteStartObject();
        writer.WriteBoolean("executionSuccessful", report.Problems.Count == 0);
        writer.WriteNumber("exitCode", report.ExitCode);
        writer.WriteStartArray("toolExecutionNotifications");
        foreach ((string level, string sentence) in report.Problems.Select(problem => ("error", problem))
            .Concat(report.Notes.Select(note => ("note", note))))
        {
            writer.WriteStartObject();
            writer.WriteString("level", level);
            Message(writer, "message", sentence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Result(Utf8JsonWriter writer, string file, ReportedFinding finding, int rule)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleId", finding.Rule);
        writer.WriteNumber("ruleIndex", rule);
        writer.WriteString("level", finding.Level switch
        {
            ReportedLevel.Error => "error",
            ReportedLevel.Warning => "warning",
            _ => "note",
        });
        Message(writer, "message", finding.SafeWay.Length == 0 ? finding.Message : $"{finding.Message} {finding.SafeWay}");
        writer.WriteStartArray("locations");
        writer.WriteStartObject();
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", Reference(file));
        writer.WriteEndObject();
        Region(writer, finding.Place);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("partialFingerprints");
        writer.WriteString("statement/v1", finding.Fingerprint);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Region(Utf8JsonWriter writer, ReportedPlace? place)
    {
        if (place is null)
        {
            return;
        }

        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", place.Line);
        writer.WriteNumber("startColumn", place.Column);
        writer.WriteNumber("endLine", place.EndLine);
        writer.WriteNumber("endColumn", place.EndColumn);
        writer.WriteEndObject();
    }

    /// <summary>
    /// A message's text has no placeholders and no links here: braces of the SQL are doubled (3.11.5), a link's middle is parted (3.11.6).
    /// </summary>
    private static void Message(Utf8JsonWriter writer, string key, string text)
    {
        writer.WriteStartObject(key);
        writer.WriteString("text", text.Replace("](", "] (", StringComparison.Ordinal)
            .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        writer.WriteEndObject();
    }

    /// <summary>A relative reference where the file is below the current directory (RFC 3986, 4.2), else absolute.</summary>
    private static string Reference(string file)
    {
        string relative = Path.IsPathRooted(file) ? Path.GetRelativePath(Environment.CurrentDirectory, file) : file;
        relative = relative.Replace(Path.DirectorySeparatorChar, '/');
        bool isAbove = relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);
        return isAbove ? new Uri(Path.GetFullPath(file)).AbsoluteUri
            : string.Join('/', relative.Split('/').Where(part => part != ".").Select(Uri.EscapeDataString));
    }
}
