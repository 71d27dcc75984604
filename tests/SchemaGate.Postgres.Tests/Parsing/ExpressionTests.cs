using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Tests.Parsing;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1", Volatility.Constant)]
    [InlineData("-1", Volatility.Constant)]
    [InlineData("false", Volatility.Constant)]
    [InlineData("'1 day'", Volatility.Constant)]
    [InlineData("'a'::s.e", Volatility.Constant)]
    [InlineData("NULL", Volatility.Constant)]
    [InlineData("now()", Volatility.Stable)]
    [InlineData("CURRENT_TIMESTAMP", Volatility.Stable)]
    [InlineData("CURRENT_USER", Volatility.Stable)]
    [InlineData("ARRAY[]::text[]", Volatility.Stable)]
    [InlineData("'a' || 'b'", Volatility.Stable)]
    [InlineData("(now() AT TIME ZONE 'utc')::date", Volatility.Stable)]
    [InlineData("pg_catalog.lower('A')", Volatility.Stable)]
    [InlineData("CASE WHEN true THEN coalesce(1, 2) END", Volatility.Stable)]
    [InlineData("jsonb_build_object('a', 1)", Volatility.Stable)]
    [InlineData("extract(year FROM now())", Volatility.Stable)]
    [InlineData("my_function(1)", Volatility.Unknown)]
    [InlineData("app.lower('A')", Volatility.Unknown)]
    [InlineData("1 OPERATOR(app.+) 1", Volatility.Unknown)]
    [InlineData("(SELECT 1)", Volatility.Unknown)]
    [InlineData("random()", Volatility.Volatile)]
    [InlineData("lower(gen_random_uuid()::text)", Volatility.Volatile)]
    [InlineData("extensions.uuid_generate_v4()", Volatility.Volatile)]
    [InlineData("my_function(clock_timestamp())", Volatility.Volatile)]
    [InlineData("nextval('s'::regclass)", Volatility.Volatile)]
    public void A_default_is_as_volatile_as_its_worst_part(string sql, Volatility volatility) =>
        Assert.Equal(volatility, Default(sql).Volatility);

    [Theory]
    [InlineData("NULL", true)]
    [InlineData("NULL::text", true)]
    [InlineData("''", false)]
    [InlineData("coalesce(NULL, 1)", false)]
    public void A_null_default_is_told_from_others(string sql, bool isNull) => Assert.Equal(isNull, Default(sql).IsNull);

    [Theory]
    [InlineData("a IS NOT NULL", "a")]
    [InlineData("t.a IS NOT NULL AND (b > 1 AND c IS NOT NULL)", "a,c")]
    [InlineData("a IS NOT NULL OR b IS NOT NULL", "")]
    [InlineData("NOT (a IS NOT NULL)", "")]
    [InlineData("lower(a) IS NOT NULL", "")]
    [InlineData("a IS NULL", "")]
    public void A_check_proves_columns_not_null(string sql, string columns) =>
        Assert.Equal(columns, string.Join(',', Check(sql).NotNullColumns.Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("a", "a", "")]
    [InlineData("a::text::numeric(3)", "a", "text,numeric(3)")]
    [InlineData("t.a::int", "a", "int4")]
    [InlineData("lower(a)", null, "")]
    [InlineData("lower(a)::citext", null, "citext")]
    [InlineData("'x'::text", null, "text")]
    public void A_column_under_casts_is_told(string sql, string? column, string casts)
    {
        AlterTable alter = (AlterTable)Facts.Read($"ALTER TABLE t ALTER a TYPE text USING {sql}")[0];
        Expression? conversion = ((AlterColumnType)alter.Actions[0]).Using;
        Assert.Equal((column, casts), (conversion!.CastColumn, string.Join(',', conversion.Casts)));
    }

    private static Expression Default(string sql) =>
        ((SetDefault)((AlterTable)Facts.Read($"ALTER TABLE t ALTER a SET DEFAULT {sql}")[0]).Actions[0]).Expression;

    private static Expression Check(string sql) =>
        ((CheckConstraint)((AddConstraint)((AlterTable)Facts.Read(
            $"ALTER TABLE t ADD CHECK ({sql})")[0]).Actions[0]).Constraint).Expression;
}
