using System.Xml;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Liquibase's XML: the change sets of one file. Entities and document types are refused.</summary>
internal static class LiquibaseXml
{
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 16 << 20,
    };

    public static IReadOnlyList<Migration> Read(LayoutFile file, ICollection<string> problems)
    {
        List<Migration> migrations = [];
        string path = file.Path;
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(file.Text.TrimStart('\uFEFF')), s_settings);
            while (reader.Read())
            {
                if (reader is not { NodeType: XmlNodeType.Element, LocalName: "databaseChangeLog" or "changeSet" })
                {
                    continue;
                }

                string own = reader.GetAttribute("logicalFilePath") ?? path;
                if (reader.LocalName == "databaseChangeLog")
                {
                    path = own;
                }
                else if (reader.GetAttribute("id") is not { Length: > 0 } || reader.GetAttribute("author") is not { Length: > 0 })
                {
                    problems.Add($"{MigrationLayout.Printable(file.Path)}, line {((IXmlLineInfo)reader).LineNumber}: "
                        + "the change set lacks its id or author: write both.");
                }
                else if (LiquibaseSql.IsForPostgres(reader.GetAttribute("dbms")) && reader.GetAttribute("ignore") != "true")
                {
                    migrations.Add(new($"{own}::{reader.GetAttribute("id")}::{reader.GetAttribute("author")}", "", MigrationChecksum.None)
                    {
                        Unjudged = "it is written in XML",
                    });
                }
            }
        }
        catch (XmlException exception)
        {
            problems.Add($"{MigrationLayout.Printable(file.Path)} is not well-formed XML (line {exception.LineNumber}): mend it.");
        }

        return migrations;
    }

    /// <summary>
    /// Whether a changelog of any format seems to include a file by its name: then a file of plain SQL is one change set.
    /// </summary>
    public static bool Includes(LayoutFile changelog, LayoutFile file)
    {
        string text = changelog.Text;
        for (
            int place = text.IndexOf(file.FileName, StringComparison.Ordinal);
            place > 0;
            place = text.IndexOf(file.FileName, place + 1, StringComparison.Ordinal))
        {
            if (text.LastIndexOf("include", place, StringComparison.Ordinal) > text.LastIndexOf("sqlFile", place, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
