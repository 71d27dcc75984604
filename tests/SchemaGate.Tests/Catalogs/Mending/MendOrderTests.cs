using SchemaGate.Core.Catalogs;
using static SchemaGate.Tests.Catalogs.Mending.MadeCatalog;

namespace SchemaGate.Tests.Catalogs.Mending;

public sealed class MendOrderTests
{
    private static readonly CatalogObject s_table = Thing(CatalogKind.Table, "t");
    private static readonly CatalogObject s_column = Column("t", "c", "integer");

    [Fact]
    public void A_view_comes_after_the_view_that_it_needs_and_goes_before_it()
    {
        CatalogObject first = View("z", "SELECT 1;"), second = View("a", "SELECT 2;").Needing(first);
        Assert.Equal(
            ["CREATE VIEW \"public\".\"z\" AS\nSELECT 1;", "CREATE VIEW \"public\".\"a\" AS\nSELECT 2;"],
            Statements(Of(), Of(first, second)));
        Assert.Equal(["DROP VIEW \"public\".\"a\";", "DROP VIEW \"public\".\"z\";"], Statements(Of(first, second), Of()));
    }

    [Fact]
    public void Foreign_keys_of_tables_that_refer_to_each_other_come_last_and_go_first()
    {
        CatalogObject[] objects = [s_table, Thing(CatalogKind.Table, "u"), Key("t", "u"), Key("u", "t")];
        Assert.Equal(
            ["CREATE TABLE \"public\".\"t\" ();", "CREATE TABLE \"public\".\"u\" ();", Added("t", "u"), Added("u", "t")],
            Statements(Of(), Of(objects)));
        Assert.Equal(
            [Dropped("u"), Dropped("t"), "DROP TABLE \"public\".\"u\";", "DROP TABLE \"public\".\"t\";"],
            Statements(Of(objects), Of()));
    }

    [Fact]
    public void What_needs_a_column_of_another_type_is_dropped_before_and_made_again_after_once()
    {
        CatalogObject view = View("v", "SELECT c FROM t;").Needing(s_column);
        CatalogObject above = View("w", "SELECT c FROM v;").Needing(view, s_column);
        Assert.Equal(
            [
                "DROP VIEW \"public\".\"w\";", "DROP VIEW \"public\".\"v\";",
                "ALTER TABLE \"public\".\"t\" ALTER COLUMN \"c\" TYPE bigint;",
                "CREATE VIEW \"public\".\"v\" AS\nSELECT c FROM t;", "CREATE VIEW \"public\".\"w\" AS\nSELECT c FROM v;",
            ],
            Statements(Of(s_table, s_column, view, above), Of(s_table, Column("t", "c", "bigint"), view, above)));
    }

    [Fact]
    public void A_default_that_calls_a_function_of_the_tables_rows_comes_after_both()
    {
        CatalogObject function = Thing(CatalogKind.Function, "f(t)", (CatalogFact.Definition, "CREATE OR REPLACE FUNCTION public.f(t)\n"))
            .Needing(s_table);
        CatalogObject column = Column("t", "c", "integer", (CatalogFact.Default, "f(NULL)")).Needing(s_table, function);
        Assert.Equal(
            [
                "SET check_function_bodies = off;", "CREATE TABLE \"public\".\"t\" (\n  \"c\" integer\n);",
                "CREATE OR REPLACE FUNCTION public.f(t);", "ALTER TABLE ONLY \"public\".\"t\" ALTER COLUMN \"c\" SET DEFAULT f(NULL);",
                "RESET check_function_bodies;",
            ],
            Statements(Of(), Of(s_table, column, function)));
    }

    [Fact]
    public void A_sequence_comes_before_the_default_that_asks_it_and_is_owned_after()
    {
        CatalogObject sequence = Thing(CatalogKind.Sequence, "s", (CatalogFact.OwnedBy, "\"public\".\"t\".\"c\"")).Needing(s_column);
        CatalogObject column = Column("t", "c", "integer", (CatalogFact.Default, "nextval('s')")).Needing(s_table, sequence);
        Assert.Equal(
            [
                "CREATE SEQUENCE \"public\".\"s\";", "CREATE TABLE \"public\".\"t\" (\n  \"c\" integer DEFAULT nextval('s')\n);",
                "ALTER SEQUENCE \"public\".\"s\" OWNED BY \"public\".\"t\".\"c\";",
            ],
            Statements(Of(), Of(s_table, column, sequence)));
        Assert.Equal(["DROP TABLE \"public\".\"t\";"], Statements(Of(s_table, column, sequence), Of()));
    }

    [Fact]
    public void An_enum_that_loses_a_label_is_replaced_under_its_columns()
    {
        CatalogObject old = Enum("'a'\n'b'"), now = Enum("'a'");
        CatalogObject column = Column("t", "c", "public.e", (CatalogFact.Default, "'a'::public.e")).Needing(s_table, old);
        Assert.Equal(
            [
                "ALTER TABLE ONLY \"public\".\"t\" ALTER COLUMN \"c\" DROP DEFAULT;", "ALTER TYPE \"public\".\"e\" RENAME TO \"e_old\";",
                "CREATE TYPE \"public\".\"e\" AS ENUM ('a');",
                "ALTER TABLE \"public\".\"t\" ALTER COLUMN \"c\" TYPE public.e USING \"c\"::text::public.e;",
                "ALTER TABLE ONLY \"public\".\"t\" ALTER COLUMN \"c\" SET DEFAULT 'a'::public.e;", "DROP TYPE \"public\".\"e_old\";",
            ],
            Statements(Of(s_table, column, old), Of(s_table, column, now)));
    }

    [Theory]
    [InlineData("'a'\n'b'\n'c'", "ALTER TYPE \"public\".\"e\" ADD VALUE 'c';")]
    [InlineData("'c'\n'a'\n'b'", "ALTER TYPE \"public\".\"e\" ADD VALUE 'c' BEFORE 'a';")]
    [InlineData("'a'\n'it''s\n,'\n'b'", "ALTER TYPE \"public\".\"e\" ADD VALUE 'it''s\n,' AFTER 'a';")]
    public void A_label_is_added_at_its_place(string labels, string sql) =>
        Assert.Equal([sql], Statements(Of(Enum("'a'\n'b'")), Of(Enum(labels))));

    [Fact]
    public void A_label_that_the_same_plan_uses_needs_a_transaction_before()
    {
        CatalogObject old = Enum("'a'"), now = Enum("'a'\n'b'");
        CatalogObject column = Column("t", "c", "public.e").Needing(s_table, old);
        CatalogObject with = Column("t", "c", "public.e", (CatalogFact.Default, "'b'::public.e")).Needing(s_table, old);
        Assert.Contains(Plan(Of(s_table, column, old), Of(s_table, with, now)).Statements, statement => statement.OutsideTransaction);
        Assert.DoesNotContain(
            Plan(Of(s_table, column, old), Of(s_table, column, now)).Statements, statement => statement.OutsideTransaction);
    }

    private static CatalogObject Enum(string labels) => Thing(CatalogKind.Enum, "e", (CatalogFact.Labels, labels));

    private static CatalogObject View(string name, string query) => Thing(CatalogKind.View, name, (CatalogFact.Definition, query));

    private static CatalogObject Key(string table, string other) => Part(
        CatalogKind.Constraint, table, $"{table}_key", (CatalogFact.ConstraintType, "foreign key"),
        (CatalogFact.Definition, $"FOREIGN KEY (c) REFERENCES {other}"))
        .Needing(Thing(CatalogKind.Table, table), Thing(CatalogKind.Table, other));

    private static string Added(string table, string other) =>
        $"ALTER TABLE \"public\".\"{table}\" ADD CONSTRAINT \"{table}_key\" FOREIGN KEY (c) REFERENCES {other};";

    private static string Dropped(string table) => $"ALTER TABLE \"public\".\"{table}\" DROP CONSTRAINT \"{table}_key\";";
}
