using System.Globalization;
using System.Text;
using System.Xml;

namespace SchemaGate.Cli.Reports;

/// <summary>
/// JUnit's XML, as pipelines read it: a suite for each source, a test case for each migration or file, an error for what could not be read.
/// </summary>
internal static class JUnitPrinter
{
    public static void Print(FindingsReport report, TextWriter output)
    {
        using (XmlWriter xml = XmlWriter.Create(
            output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", CloseOutput = false, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", report.Title);
            foreach (IGrouping<string, ReportedFile> suite in report.Files.GroupBy(file => file.Source, StringComparer.Ordinal))
            {
                Suite(xml, suite.Key, [.. suite]);
            }

            Problems(xml, report.Problems);
            xml.WriteEndElement();
        }

        output.Write('\n');
    }

    private static void Suite(XmlWriter xml, string source, ReportedFile[] files)
    {
        Start(xml, source, files.Length, failures: files.Count(file => file.Fails), errors: 0);
        foreach (ReportedFile file in files)
        {
            xml.WriteStartElement("testcase");
            Attribute(xml, "classname", source);
            Attribute(xml, "name", file.Name);
            Attribute(xml, "file", file.File);
            Attribute(xml, "time", "0");
            if (file.Fails)
            {
                xml.WriteStartElement("failure");
                Attribute(xml, "type", file.Level);
                Attribute(xml, "message", file.Sentence);
                xml.WriteString(Valid(Text(file, file.Findings.Where(finding => finding.Counts))));
                xml.WriteEndElement();
            }

            ReportedFinding[] others = [.. file.Findings.Where(finding => !finding.Counts)];
            if (others.Length > 0)
            {
                xml.WriteElementString("system-out", Valid(Text(file, others)));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Problems(XmlWriter xml, IReadOnlyList<string> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        Start(xml, "not judged", problems.Count, failures: 0, errors: problems.Count);
        foreach (string problem in problems)
        {
            xml.WriteStartElement("testcase");
            Attribute(xml, "classname", "not judged");
            Attribute(xml, "name", problem);
            Attribute(xml, "time", "0");
            xml.WriteStartElement("error");
            Attribute(xml, "message", problem);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Start(XmlWriter xml, string name, int tests, int failures, int errors)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", name);
        foreach ((string key, int number) in new[]
        {
            ("tests", tests), ("failures", failures), ("errors", errors), ("skipped", 0), ("time", 0),
        })
        {
            Attribute(xml, key, number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Text(ReportedFile file, IEnumerable<ReportedFinding> findings) => string.Join('\n', findings.Select(finding =>
        $"{file.File}{(finding.Place is { } place ? $":{place.Line}:{place.Column}" : "")}: {finding.Word} {finding.Rule}: "
        + $"{finding.Message}{(finding.SafeWay.Length > 0 ? $" Safe way: {finding.SafeWay}" : "")}"));

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Valid(value));

    /// <summary>XML 1.0 has no place for most control characters, not even escaped (2.2).</summary>
    private static string Valid(string text)
    {
        StringBuilder valid = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isAllowed = rune.Value is '\t' or '\n' or '\r' || (rune.Value >= 0x20 && rune.Value is not (0xFFFE or 0xFFFF));
            valid.Append(isAllowed ? rune.ToString() : "\uFFFD");
        }

        return valid.ToString();
    }
}
