using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using static SchemaGate.Tests.Catalogs.Mending.MadeCatalog;

namespace SchemaGate.Tests.Catalogs.Mending;

public sealed class MendScriptTests
{
    /// <summary>Where the other side is the history's, and knows no such role.</summary>
    private static readonly CatalogScope s_history = CatalogScope.Default with { History = HistorySide.To };
    private static readonly CatalogObject s_table = Thing(CatalogKind.Table, "t");

    [Fact]
    public void Who_needs_what_stands_there_as_a_comment_is_one_too_and_nothing_else()
    {
        CatalogObject wide = Column("t", "c", "text"), narrow = Column("t", "c", "integer");
        CatalogObject view = Thing(CatalogKind.View, "v", (CatalogFact.Definition, "SELECT c FROM t;")).Needing(wide);
        CatalogObject index = Thing(CatalogKind.Index, "i", (CatalogFact.Definition, "CREATE INDEX i ON t (a)"));
        Assert.Equal(
            """
            -- Needs what stands here as a comment:
            -- DROP VIEW "public"."v";

            -- From text: fails, or changes what is there, where a value does not fit.
            -- Loses what is there:
            -- ALTER TABLE "public"."t" ALTER COLUMN "c" TYPE integer USING "c"::integer;

            -- Needs what stands here as a comment:
            -- CREATE VIEW "public"."v" AS
            -- SELECT c FROM t;

            CREATE INDEX i ON t (a);

            """.ReplaceLineEndings("\n"),
            Text(Of(s_table, wide, view), Of(s_table, narrow, view, index)));
    }

    /// <summary>A table that was renamed by hand, with its sequence and its key: alone, each would be taken from it.</summary>
    [Fact]
    public void What_belongs_to_a_table_that_stays_is_not_taken_from_it()
    {
        Catalog Named(string table) => Of(
            Thing(CatalogKind.Table, table),
            Thing(CatalogKind.Sequence, "t_id_seq", (CatalogFact.OwnedBy, QuotedName.Of("public", table, "id"))),
            Column(table, "id", "integer", (CatalogFact.Default, "nextval('t_id_seq')")).Needing(Thing(CatalogKind.Sequence, "t_id_seq")),
            Thing(CatalogKind.Statistics, "t_stats", (CatalogFact.Table, QuotedName.Of("public", table)),
                (CatalogFact.Definition, $"CREATE STATISTICS public.t_stats ON id, id FROM {table}")),
            Thing(CatalogKind.View, "v", (CatalogFact.Definition, $"SELECT id FROM {table};")).Needing(Column(table, "id", "integer")));
        Assert.DoesNotContain(Text(Named("u"), Named("t")).Split('\n'),
            line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal));
    }

    [Fact]
    public void What_loses_something_runs_where_it_is_allowed()
    {
        MendPlan plan = Plan(Of(s_table), Of());
        Assert.Equal("DROP TABLE \"public\".\"t\";\n", MendScript.Text(plan, new(AllowDestructive: true)));
        Assert.Equal("-- Loses what is there:\n-- DROP TABLE \"public\".\"t\";\n", MendScript.Text(plan, new(AllowDestructive: false)));
    }

    [Fact]
    public void A_view_that_no_longer_needs_a_column_is_made_again_though_the_column_stays()
    {
        CatalogObject column = Column("t", "c", "text");
        CatalogObject before = Thing(CatalogKind.View, "v", (CatalogFact.Definition, "SELECT c FROM t;")).Needing(column);
        CatalogObject after = Thing(CatalogKind.View, "v", (CatalogFact.Definition, "SELECT 1;"));
        Assert.Equal(
            "DROP VIEW \"public\".\"v\";\n\n-- Loses what is there:\n-- ALTER TABLE \"public\".\"t\" DROP COLUMN \"c\";\n\n"
                + "CREATE VIEW \"public\".\"v\" AS\nSELECT 1;\n",
            Text(Of(s_table, column, before), Of(s_table, after)));
    }

    [Fact]
    public void What_no_statement_mends_is_a_sentence()
    {
        CatalogObject a = At("a", "1"), b = At("b", "2");
        MendPlan plan = Plan(Of(s_table, At("b", "1"), Thing(CatalogKind.Other, "operator +")), Of(s_table, a, b));
        Assert.Equal(["ALTER TABLE \"public\".\"t\" ADD COLUMN \"a\" text;"], Sql(plan));
        Assert.Equal(
            [
                "operator +: it is too much, and no statement is written for this kind.",
                "table public.t: a comes last, not at the place of the other side; no statement moves a column.",
            ],
            plan.Left);

        static CatalogObject At(string name, string place) => Column("t", name, "text", (CatalogFact.Position, place)).Needing(s_table);
    }

    [Fact]
    public void What_the_comparison_leaves_out_is_made_again_and_never_dropped()
    {
        CatalogObject old = Column("t", "c", "integer"), now = Column("t", "c", "bigint");
        CatalogObject view = Thing(CatalogKind.View, "audit_v", (CatalogFact.Definition, "SELECT c FROM t;")).Needing(old);
        CatalogObject other = Thing(CatalogKind.View, "audit_w", (CatalogFact.Definition, "SELECT;"));
        Catalog from = Of(s_table, old, view), to = Of(s_table, now, other);
        CatalogScope scope = CatalogScope.Default with { Ignore = ["audit_*"] };
        Assert.Equal(
            [
                "DROP VIEW \"public\".\"audit_v\";", "ALTER TABLE \"public\".\"t\" ALTER COLUMN \"c\" TYPE bigint;",
                "CREATE VIEW \"public\".\"audit_v\" AS\nSELECT c FROM t;",
            ],
            Sql(CatalogMending.Of(from, to, CatalogComparison.Compare(from, to, scope))));
    }

    [Fact]
    public void A_constraint_that_is_made_again_keeps_the_comment_of_its_index()
    {
        CatalogObject index = Thing(CatalogKind.Index, "k", (CatalogFact.OfConstraint, "k"), (CatalogFact.Table, "\"public\".\"t\""),
            (CatalogFact.Definition, "CREATE UNIQUE INDEX"), (CatalogFact.Comment, "key"));
        Assert.Equal(
            [
                "ALTER TABLE \"public\".\"t\" DROP CONSTRAINT \"k\";",
                "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"k\" UNIQUE (b);",
                "COMMENT ON INDEX \"public\".\"k\" IS 'key';",
            ],
            Statements(Of(s_table, index, Key("UNIQUE (a)")), Of(s_table, index, Key("UNIQUE (b)"))));

        static CatalogObject Key(string definition) =>
            Part(CatalogKind.Constraint, "t", "k", (CatalogFact.ConstraintType, "unique"), (CatalogFact.Definition, definition));
    }

    [Fact]
    public void What_is_made_again_keeps_what_was_granted_by_hand()
    {
        CatalogObject old = Column("t", "c", "integer"), now = Column("t", "c", "bigint");
        CatalogObject view = Thing(CatalogKind.View, "v", (CatalogFact.Definition, "SELECT c FROM t;")).Needing(old);
        CatalogObject granted = view with { Facts = view.Facts.Add(CatalogFact.Grants, "reader=r") };
        Catalog from = Of(s_table, old, granted), to = Of(s_table, now, view);
        Assert.Contains(
            CatalogMending.Of(from, to, CatalogComparison.Compare(from, to, s_history)).Statements,
            statement => statement.Sql == "GRANT SELECT ON TABLE \"public\".\"v\" TO \"reader\";");
    }
}
