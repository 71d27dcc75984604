using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Risk;

public sealed class SchemaFoldTests
{
    private static readonly ObjectName s_t = new("public", "t");

    private static KnownSchema Fold(string sql) => StatementReader.Read(sql).Statements.Aggregate(KnownSchema.Empty, SchemaFold.After);

    private static KnownTable Table(string sql) => Assert.IsType<KnownTable>(Fold(sql).FindTable(s_t));

    [Theory]
    [InlineData("CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL, b text DEFAULT 'x', "
        + "c int GENERATED ALWAYS AS IDENTITY);", "id:bigserial! a:int4! b:text= c:int4!=")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD b text NOT NULL DEFAULT '', DROP a;", "b:text!=")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ALTER a TYPE bigint, ALTER a SET NOT NULL, ALTER a SET DEFAULT 1;", "a:int8!=")]
    [InlineData("CREATE TABLE t (a int NOT NULL DEFAULT 1); ALTER TABLE t ALTER a DROP NOT NULL, ALTER a DROP DEFAULT; "
        + "ALTER TABLE t RENAME a TO b;", "b:int4")]
    [InlineData("CREATE TABLE s (a int); CREATE TABLE t (LIKE s, b int);", "a:int4 b:int4")]
    [InlineData("CREATE TABLE s (a int); ALTER TABLE s RENAME TO t;", "a:int4")]
    [InlineData("CREATE TABLE x.t (a int); ALTER TABLE x.t SET SCHEMA public;", "a:int4")]
    [InlineData("SET search_path TO 'x'; CREATE TABLE t (a int); SET search_path TO public; CREATE TABLE t (b int);", "b:int4")]
    [InlineData("CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (b int);", "a:int4")]
    [InlineData("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e, b int); DROP TYPE e CASCADE;", "b:int4")]
    public void Columns_are_what_the_statements_leave(string sql, string columns) =>
        Assert.Equal(columns, string.Join(' ', Table(sql).Columns.Select(column =>
            $"{column.Name}:{column.Type}{(column.NotNull == true ? "!" : "")}"
            + (column.HasDefault == true && column.Type is { IsSerial: false } ? "=" : ""))));

    [Theory]
    [InlineData("CREATE TABLE t (a int UNIQUE, b int REFERENCES o, CHECK (a > 0), PRIMARY KEY (b));", "t_a_check t_a_key t_b_fkey t_pkey")]
    [InlineData("CREATE TABLE t (a int UNIQUE, b int UNIQUE); ALTER TABLE t DROP CONSTRAINT t_a_key; "
        + "ALTER TABLE t RENAME CONSTRAINT t_b_key TO k;", "k")]
    [InlineData("CREATE TABLE t (a int, b int, UNIQUE (a, b)); ALTER TABLE t DROP a;", "")]
    [InlineData("CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (o int REFERENCES o); DROP TABLE o CASCADE;", "")]
    [InlineData("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i;", "k")]
    [InlineData("CREATE TABLE t (a int UNIQUE); ALTER INDEX t_a_key RENAME TO k;", "k")]
    public void Constraints_have_the_names_that_PostgreSQL_gives_them(string sql, string names) =>
        Assert.Equal(names, string.Join(' ', Table(sql).Constraints.Select(constraint => constraint.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void A_constraint_is_valid_once_it_was_validated()
    {
        const string Added = "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;";
        Assert.False(Table(Added).Constraint("k")!.IsValid);
        Assert.True(Table(Added + "ALTER TABLE t VALIDATE CONSTRAINT k;").Constraint("k")!.IsValid);
    }

    [Fact]
    public void Foreign_keys_are_found_from_both_sides_and_under_new_names()
    {
        KnownSchema schema = Fold("CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE c (o int REFERENCES o (id)); "
            + "ALTER TABLE o RENAME TO t; ALTER TABLE t RENAME id TO key;");
        (KnownTable child, KnownConstraint constraint) = Assert.Single(schema.ReferencesTo(s_t));
        ForeignKeyConstraint key = Assert.IsType<ForeignKeyConstraint>(constraint.Definition);
        Assert.Equal(("c", s_t, "key"), (child.Name.Name, key.Table, key.ReferencedColumns[0]));
    }

    [Theory]
    [InlineData("ALTER TABLE t ADD a int;", false, true)]
    [InlineData("CREATE TABLE t AS SELECT 1 AS a;", false, true)]
    [InlineData("CREATE TABLE t (LIKE elsewhere);", false, true)]
    [InlineData("CREATE TABLE t (a int); DO $$ BEGIN NULL; END $$;", true, false)]
    [InlineData("CREATE TABLE t (a int); ALTER FROBNICATE x;", true, false)]
    public void What_the_history_does_not_say_is_unknown_and_not_absent(string sql, bool table, bool schema) =>
        Assert.Equal((table, schema), (Table(sql).IsComplete, Fold(sql).IsComplete));

    [Fact]
    public void Enum_values_keep_their_order()
    {
        KnownSchema schema = Fold("CREATE TYPE e AS ENUM ('a', 'c'); ALTER TYPE e ADD VALUE 'b' BEFORE 'c'; ALTER TYPE e ADD VALUE 'd'; "
            + "ALTER TYPE e RENAME VALUE 'a' TO 'A'; ALTER TYPE e RENAME TO f;");
        KnownEnum known = Assert.IsType<KnownEnum>(schema.Type(new ObjectName("public", "f")));
        Assert.Equal("A b c d", string.Join(' ', known.Values.Select(value => value.Label)));
    }

    [Theory]
    [InlineData("CREATE TABLE t (id bigserial);", true)]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN id bigserial;", true)]
    [InlineData("CREATE TABLE t (id bigserial); DROP TABLE t;", false)]
    [InlineData("CREATE TABLE t (id bigint);", false)]
    public void A_serial_columns_sequence_comes_and_goes_with_its_table(string sql, bool isThere) =>
        Assert.Equal(isThere, Fold(sql).Relations.ContainsKey(new ObjectName("public", "t_id_seq")));

    [Fact]
    public void An_index_is_found_under_its_tables_new_name()
    {
        KnownSchema schema = Fold("CREATE TABLE s (a int); CREATE INDEX i ON s (a); ALTER INDEX i RENAME TO j; ALTER TABLE s RENAME TO t;");
        Assert.Equal(s_t, schema.Index(new ObjectName(null, "j"))?.Owner.Name);
        Assert.Null(schema.Index(new ObjectName(null, "i")));
    }
}
