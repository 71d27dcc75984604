using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SchemaGate.Cli.Reports;

/// <summary>
/// GitLab's Code Quality report, a subset of Code Climate's (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
/// It has no place for what could not be read: the exit code says it.
/// </summary>
internal static class CodeQualityPrinter
{
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(FindingsReport report, TextWriter output)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, s_options))
        {
            writer.WriteStartArray();
            foreach (ReportedFile file in report.Files)
            {
                foreach (ReportedFinding finding in file.Findings)
                {
                    Issue(writer, file, finding);
                }
            }

            writer.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
    }

    private static void Issue(Utf8JsonWriter writer, ReportedFile file, ReportedFinding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("description", finding.SafeWay.Length == 0 ? finding.Message : $"{finding.Message} {finding.SafeWay}");
        writer.WriteString("check_name", finding.Rule);
        writer.WriteString("fingerprint", finding.Fingerprint);
        writer.WriteString("severity", finding.Level switch
        {
            ReportedLevel.Error => "critical",
            ReportedLevel.Warning => "minor",
            _ => "info",
        });
        writer.WriteStartObject("location");
        writer.WriteString("path", Relative(file.File));
        writer.WriteStartObject("lines");
        writer.WriteNumber("begin", finding.Place?.Line ?? 1);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>From the current directory, which is the repository in a job.</summary>
    private static string Relative(string file) =>
        Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(file)).Replace(Path.DirectorySeparatorChar, '/');
}
