using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using static SchemaGate.Tests.Catalogs.Mending.MadeCatalog;

namespace SchemaGate.Tests.Catalogs.Mending;

public sealed class ColumnTypeTests
{
    [Theory]
    [InlineData("character varying(20)", "character varying(30)", false, "")]
    [InlineData("character varying(30)", "character varying(20)", true, "")]
    [InlineData("character varying(30)", "text", false, "")]
    [InlineData("text", "character varying(30)", true, "")]
    [InlineData("numeric(10,2)", "numeric(12,4)", false, "")]
    [InlineData("numeric(10,2)", "numeric(11,4)", true, "")]
    [InlineData("numeric(10,2)", "numeric", false, "")]
    [InlineData("integer", "bigint", false, "")]
    [InlineData("bigint", "integer", true, "")]
    [InlineData("integer", "numeric(3,0)", true, "")]
    [InlineData("timestamp(3) with time zone", "timestamp with time zone", false, "")]
    [InlineData("timestamp with time zone", "timestamp without time zone", true, "")]
    [InlineData("text", "integer", true, "\"c\"::integer")]
    [InlineData("integer", "uuid", true, "\"c\"::text::uuid")]
    [InlineData("boolean", "integer", true, "\"c\"::integer")]
    [InlineData("text[]", "integer[]", true, "\"c\"::text::integer[]")]
    [InlineData("public.\"e(3)\"", "text", false, "")]
    public void A_change_says_whether_it_can_lose_something_and_casts_where_it_must(string from, string to, bool loses, string cast)
    {
        CatalogObject table = Thing(CatalogKind.Table, "t");
        MendStatement statement = Plan(Of(table, Column("t", "c", from)), Of(table, Column("t", "c", to))).Statements.Single();
        string with = cast.Length > 0 ? $" USING {cast}" : "";
        Assert.Equal(($"ALTER TABLE \"public\".\"t\" ALTER COLUMN \"c\" TYPE {to}{with};", loses), (statement.Sql, statement.Destroys));
    }
}
