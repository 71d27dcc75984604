using SchemaGate.Core.Catalogs;
using static SchemaGate.Tests.Catalogs.Things;

namespace SchemaGate.Tests.Catalogs;

public sealed class CatalogComparisonTests
{
    private static readonly (string Fact, string Value) s_ofKey = (CatalogFact.OfConstraint, "k");

    [Fact]
    public void Positions_owners_and_extensions_versions_are_no_difference() => Assert.Equal("", Words(
        Catalog(
            Column("t", "a", "text", (CatalogFact.Position, "1"), (CatalogFact.OwnerRole, "me")),
            Thing(CatalogKind.Extension, null, "citext", (CatalogFact.Version, "1.5"))),
        Catalog(
            Column("t", "a", "text", (CatalogFact.Position, "2"), (CatalogFact.OwnerRole, "you")),
            Thing(CatalogKind.Extension, null, "citext", (CatalogFact.Version, "1.6")))));

    [Fact]
    public void Versions_of_extensions_are_compared_where_somebody_asks() => Assert.Equal(
        "extension citext: version is 1.6, the history makes 1.5",
        Words(
            Catalog(Thing(CatalogKind.Extension, null, "citext", (CatalogFact.Version, "1.5"))),
            Catalog(Thing(CatalogKind.Extension, null, "citext", (CatalogFact.Version, "1.6"))),
            CatalogScope.Default with { ExtensionVersions = true }));

    [Theory]
    [InlineData("app=r", "app=r\nreader=r", "")]
    [InlineData("app=r", "reader=r", "grants are reader=r, the history makes app=r")]
    [InlineData("app=r", "app=rw", "grants are app=rw, the history makes app=r")]
    [InlineData("", "public=r", "grants are public=r, the history makes none but the owner's")]
    [InlineData("", "owner=r", "")]
    public void Grants_count_to_roles_that_the_history_names(string history, string live, string words) => Assert.Equal(
        words.Length == 0 ? "" : $"table public.t: {words}",
        Words(
            Catalog(Table("t", (CatalogFact.Grants, history)), Table("u", (CatalogFact.Grants, "owner=r"))),
            Catalog(
                Table("t", (CatalogFact.Grants, live), (CatalogFact.OwnerRole, "owner")), Table("u", (CatalogFact.Grants, "owner=r")))));

    [Fact]
    public void The_histories_side_may_be_the_other_and_every_role_may_count()
    {
        (Catalog none, Catalog reader) = (Catalog(Table("t")), Catalog(Table("t", (CatalogFact.Grants, "reader=r"))));
        Assert.Equal("", Words(none, reader));
        Assert.NotEmpty(Words(none, reader, CatalogScope.Default with { History = HistorySide.To }));
        Assert.NotEmpty(Words(none, reader, CatalogScope.Default with { AllGrants = true }));
    }

    [Theory]
    [InlineData(CatalogKind.Extension, CatalogFact.InSchema, "theirs", HistorySide.From, "")]
    [InlineData(CatalogKind.Extension, CatalogFact.InSchema, "theirs", HistorySide.To,
        "extension x is there, and the history does not make it")]
    [InlineData(CatalogKind.Extension, CatalogFact.InSchema, "public", HistorySide.From,
        "extension x is there, and the history does not make it")]
    [InlineData(CatalogKind.Publication, CatalogFact.Publishes, "TABLE \"theirs\".\"t\"", HistorySide.From, "")]
    [InlineData(CatalogKind.Publication, CatalogFact.Publishes, "TABLE \"theirs\".\"t\", TABLES IN SCHEMA \"public\"", HistorySide.From,
        "publication public.x is there, and the history does not make it")]
    [InlineData(CatalogKind.Publication, CatalogFact.Publishes, "ALL TABLES", HistorySide.From,
        "publication public.x is there, and the history does not make it")]
    public void What_belongs_to_no_schema_counts_where_it_is_for_one_that_is_compared_or_where_the_history_makes_it(
        CatalogKind kind, string fact, string value, HistorySide history, string words) => Assert.Equal(words, Words(
        Catalog(), Catalog(Thing(kind, null, "x", (fact, value))), CatalogScope.Default with { History = history }));

    [Fact]
    public void Where_no_side_is_a_historys_others_extensions_are_left_out_of_both_but_for_those_that_are_used()
    {
        CatalogObject extension = Thing(CatalogKind.Extension, null, "citext", (CatalogFact.InSchema, "theirs"));
        (Catalog has, Catalog lacks) = (Catalog(Table("t"), extension), Catalog(Table("t")));
        CatalogScope scope = CatalogScope.Default with { HasHistory = false };
        Assert.Equal(("", ""), (Words(has, lacks, scope), Words(lacks, has, scope)));
        Assert.Equal("", Words(has, has, scope));
        Catalog uses = Catalog(Table("t") with { Needs = [extension.Name] }, extension);
        Assert.Equal("extension citext is there, and the history does not make it", Words(lacks, uses));
        Assert.NotEmpty(Words(uses, lacks, scope));
    }

    [Fact]
    public void The_name_of_an_identitys_sequence_counts_where_somebody_gave_it()
    {
        CatalogObject Id(string sequence) => Column("t", "id", "bigint", (CatalogFact.Identity, "always"),
            (CatalogFact.IdentitySequence, $"\"public\".\"{sequence}\""));
        Assert.Equal("", Words(Catalog(Id("t_id_seq")), Catalog(Id("t_id_seq1"))));
        Assert.Equal(
            "column public.t.id: identity sequence is \"public\".\"ids\", the history makes \"public\".\"t_id_seq\"",
            Words(Catalog(Id("t_id_seq")), Catalog(Id("ids"))));
    }

    [Fact]
    public void An_index_is_told_with_its_constraint()
    {
        CatalogObject index = Thing(CatalogKind.Index, null, "k", (CatalogFact.Table, "\"public\".\"t\""), s_ofKey);
        CatalogObject constraint = Thing(CatalogKind.Constraint, "t", "k");
        Assert.Equal(
            "constraint public.t.k is missing: the history makes it", Words(Catalog(Table("t"), constraint, index), Catalog(Table("t"))));
        Assert.Equal("index public.k is missing: the history makes it", Words(
            Catalog(Table("t"), constraint, index), Catalog(Table("t"), constraint)));
    }

    [Fact]
    public void Names_of_NOT_NULL_are_compared_where_both_servers_have_them()
    {
        CatalogObject named = Thing(CatalogKind.Constraint, "t", "mine", (CatalogFact.ConstraintType, "not null"));
        Assert.Equal("", Words(Catalog(18, Table("t"), named), Catalog(17, Table("t"))));
        Assert.NotEmpty(Words(Catalog(18, Table("t"), named), Catalog(18, Table("t"))));
    }

    [Fact]
    public void Another_majors_wording_and_privileges_are_no_difference()
    {
        CatalogObject View(string query) => Thing(
            CatalogKind.View, null, "v", (CatalogFact.Definition, query), (CatalogFact.Grants, query.Contains('.') ? "app=ar" : "app=amr"));
        Assert.Equal(
            "", Words(Catalog(15, View("SELECT t.a FROM t WHERE (t.a > 1)")), Catalog(17, View("SELECT a\n FROM t WHERE (a > 1)"))));
        Assert.NotEmpty(Words(Catalog(15, View("SELECT t.a FROM t")), Catalog(15, View("SELECT a FROM t"))));
        Assert.NotEmpty(Words(Catalog(15, View("SELECT t.a FROM t")), Catalog(17, View("SELECT b FROM t"))));
        CatalogObject Table(string grants) => Thing(CatalogKind.Table, null, "t", (CatalogFact.Grants, grants));
        Assert.NotEmpty(Words(Catalog(17, Table("app=amr")), Catalog(18, Table("app=ar"))));
    }

    [Theory]
    [InlineData("SELECT t.a FROM public.t", "SELECT a FROM t", true)]
    [InlineData("(a)", "a", true)]
    [InlineData("((a))", "a", true)]
    [InlineData("f(a)", "f a", false)]
    [InlineData("a IN (b)", "a IN b", false)]
    [InlineData("\"a\" = 'x'", "a   =  'x'", true)]
    [InlineData("\"A\"", "a", false)]
    [InlineData("'it''s'", "'its'", false)]
    [InlineData("'a b'", "'a  b'", false)]
    [InlineData("a + (b - c)", "a + b - c", false)]
    [InlineData("", "", true)]
    public void Texts_are_compared_by_their_terms(string left, string right, bool same) =>
        Assert.Equal(same, CatalogText.Plain(left) == CatalogText.Plain(right));

    [Theory]
    [InlineData("audit_*", "table public.users is missing: the history makes it")]
    [InlineData("users", "table public.audit_log is missing: the history makes it")]
    [InlineData("public.*", "")]
    [InlineData("other.*", "table public.audit_log is missing: the history makes it\ntable public.users is missing: the history makes it")]
    [InlineData("table:*", "")]
    [InlineData("index:*", "table public.audit_log is missing: the history makes it\ntable public.users is missing: the history makes it")]
    public void What_is_ignored_is_ignored_with_its_parts(string glob, string outermost)
    {
        Catalog all = Catalog(
            Table("audit_log"), Column("audit_log", "a", "text"), Table("users"), Column("users", "a", "text"),
            Thing(CatalogKind.Index, null, "by_a", (CatalogFact.Table, "\"public\".\"users\"")));
        IReadOnlyList<CatalogChange> changes = CatalogComparison.Compare(
            all, Catalog(), CatalogScope.Default with { Ignore = [glob] });
        string words = string.Join(
            '\n', CatalogChanges.Outermost(changes).Where(change => change.Name.Kind == CatalogKind.Table)
                .Select(change => CatalogWords.Of(change)));
        Assert.Equal(outermost, words);
    }

    [Theory]
    [InlineData("users.email", CatalogKind.Column, "users", "email", true)]
    [InlineData("email", CatalogKind.Column, "users", "email", false)]
    [InlineData("column:email", CatalogKind.Column, "users", "email", true)]
    [InlineData("column:email", CatalogKind.Constraint, "users", "email", false)]
    [InlineData("materialized-view:sum*", CatalogKind.MaterializedView, null, "summary", true)]
    [InlineData("total", CatalogKind.Function, null, "total(integer)", true)]
    [InlineData("total(text)", CatalogKind.Function, null, "total(integer)", false)]
    [InlineData("x:y", CatalogKind.Table, null, "x:y", true)]
    public void A_pattern_may_name_a_kind_a_part_or_arguments(string glob, CatalogKind kind, string? owner, string name, bool matches) =>
        Assert.Equal(matches, (CatalogScope.Default with { Ignore = [glob] }).LeavesOut(Thing(kind, owner, name)));

    [Theory]
    [InlineData("_prisma_migrations", true)]
    [InlineData("__EFMigrationsHistory", true)]
    [InlineData("databasechangeloglock", true)]
    [InlineData("migrations", false)]
    public void Tools_own_tables_are_left_out_with_their_parts(string table, bool isTools)
    {
        CatalogObject[] things =
        [
            Table(table), Column(table, "id", "text"),
            Thing(CatalogKind.Index, null, "i", (CatalogFact.Table, QuotedName.Of("public", table))),
            Thing(CatalogKind.Sequence, null, "s", (CatalogFact.OwnedBy, QuotedName.Of("public", table, "id"))),
        ];
        Assert.All(things, thing => Assert.Equal(isTools, CatalogScope.Default.LeavesOut(thing)));
        Assert.All(things, thing => Assert.False((CatalogScope.Default with { ToolTables = true }).LeavesOut(thing)));
    }

    [Fact]
    public void What_follows_from_another_change_is_not_outermost()
    {
        Catalog all = Catalog(
            Table("t"), Column("t", "a", "text"), Thing(CatalogKind.Constraint, "t", "k"),
            Thing(CatalogKind.Index, null, "i", (CatalogFact.Table, "\"public\".\"t\"")), Table("u"), Column("u", "a", "text"),
            Column("u", "b", "text", (CatalogFact.Inherited, "yes")));
        IReadOnlyList<CatalogChange> changes = CatalogComparison.Compare(all, Catalog(Table("u")), CatalogScope.Default);
        Assert.Equal(6, changes.Count);
        Assert.Equal("u.a t", string.Join(' ', CatalogChanges.Outermost(changes).Select(change =>
            $"{(change.Name.Owner is null ? "" : $"{change.Name.Owner}.")}{change.Name.Name}").Order(StringComparer.Ordinal).Reverse()));
    }

    [Fact]
    public void A_missing_and_an_extra_table_or_column_alike_may_be_a_new_name()
    {
        IReadOnlyList<CatalogChange> changes = CatalogComparison.Compare(
            Catalog(Table("old"), Column("old", "a", "text"), Table("t"), Column("t", "x", "text"), Column("t", "n", "integer"),
                Column("t", "m", "date"), Column("t", "o", "date")),
            Catalog(Table("new"), Column("new", "a", "text"), Table("t"), Column("t", "y", "text"), Column("t", "n2", "bigint"),
                Column("t", "p", "date")),
            CatalogScope.Default);
        Assert.Equal("public.old public.new, public.t.x public.t.y", string.Join(", ", CatalogRenames.Likely(changes)
            .Select(rename => $"{rename.Missing.Name} {rename.Extra.Name}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Words_are_bounded_and_begin_where_definitions_part()
    {
        string begin = new('x', 5000);
        string words = Words(
            Catalog(Thing(CatalogKind.View, null, "v", (CatalogFact.Definition, $"{begin} old"))),
            Catalog(Thing(CatalogKind.View, null, "v", (CatalogFact.Definition, $"{begin} new"))));
        Assert.InRange(words.Length, 1, 400);
        Assert.Matches("x new, the history makes …x+ old$", words);
    }

    [Theory]
    [InlineData("public", "users")]
    [InlineData("a.b", "c\"d")]
    [InlineData("\"", "")]
    public void A_quoted_name_is_read_as_it_was_written(params string[] parts) =>
        Assert.Equal(parts, QuotedName.Parts(QuotedName.Of(parts) + ", \"more\""), StringComparer.Ordinal);
}
