using SchemaGate.Core.Catalogs;
using static SchemaGate.Tests.Catalogs.Mending.MadeCatalog;

namespace SchemaGate.Tests.Catalogs.Mending;

public sealed class MendNamesTests
{
    [Theory]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("drop table x;--", "\"drop table x;--\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("Ünï 'c'", "\"Ünï 'c'\"")]
    [InlineData("user", "\"user\"")]
    public void A_name_is_itself_whatever_it_is(string name, string quoted)
    {
        CatalogObject table = Thing(CatalogKind.Table, name, (CatalogFact.Comment, "it's\n-- no; comment"));
        CatalogObject[] objects =
        [
            table, Column(name, name, "text", (CatalogFact.Grants, $"{name.ReplaceLineEndings(" ")}=r")).Needing(table),
            Part(CatalogKind.Trigger, name, name, (CatalogFact.Definition, "CREATE TRIGGER"), (CatalogFact.Enabled, "disabled"))
                .Needing(table),
        ];
        Assert.Equal(
            [
                $"CREATE TABLE \"public\".{quoted} (\n  {quoted} text\n);",
                $"COMMENT ON TABLE \"public\".{quoted} IS 'it''s\n-- no; comment';",
                $"GRANT SELECT ({quoted}) ON TABLE \"public\".{quoted} TO {quoted.ReplaceLineEndings(" ")};",
                "CREATE TRIGGER;", $"ALTER TABLE \"public\".{quoted} DISABLE TRIGGER {quoted};",
            ],
            Statements(Of(), Of(objects)));
    }

    [Theory]
    [InlineData("f(integer, text)", "\"f\"(integer, text)")]
    [InlineData("odd (fn(text[])", "\"odd (fn\"(text[])")]
    [InlineData("g(\"s)(\".\"t\"\"(\", numeric)", "\"g\"(\"s)(\".\"t\"\"(\", numeric)")]
    [InlineData("h()", "\"h\"()")]
    public void A_functions_arguments_stand_behind_its_name(string name, string quoted) => Assert.Equal(
        [$"DROP FUNCTION \"public\".{quoted};"],
        Statements(Of(Thing(CatalogKind.Function, name, (CatalogFact.Definition, "CREATE OR REPLACE FUNCTION f"))), Of()));

    [Fact]
    public void A_name_of_63_bytes_leaves_room_for_the_one_of_the_old_type()
    {
        string name = new('é', 31);
        CatalogObject table = Thing(CatalogKind.Table, "t"), old = Labelled("'a'"), column = Column("t", "c", name).Needing(old);
        Assert.Contains(
            Statements(Of(table, old, column), Of(table, Labelled("'b'"), column)),
            sql => sql == $"ALTER TYPE \"public\".\"{name}\" RENAME TO \"{name[..29]}_old\";");

        CatalogObject Labelled(string labels) => Thing(CatalogKind.Enum, name, (CatalogFact.Labels, labels));
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("two\r\nlines")]
    [InlineData("two\rlines; DROP TABLE x;")]
    [InlineData("\n\n*/; DROP TABLE x; /*")]
    public void What_destroys_is_a_comment_to_its_last_line(string name)
    {
        CatalogObject table = Thing(CatalogKind.Table, name);
        Assert.All(Text(Of(table), Of()).TrimEnd('\n').Split('\n', '\r'), line => Assert.StartsWith("--", line, StringComparison.Ordinal));
    }
}
