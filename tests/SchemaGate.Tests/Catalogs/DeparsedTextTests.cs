using SchemaGate.Core.Catalogs;

namespace SchemaGate.Tests.Catalogs;

public sealed class DeparsedTextTests
{
    [Theory]
    [InlineData(
        "((s)::text = ANY ((ARRAY['a'::character varying, 'b, (\"c\"] it''s'::character varying])::text[]))",
        "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b, (\"c\"] it''s'::character varying)::text]))")]
    [InlineData("(ARRAY[1, f(2, 3)])::numeric(10,2)[] || x", "ARRAY[(1)::numeric(10,2), (f(2, 3))::numeric(10,2)] || x")]
    [InlineData("(ARRAY['now'::text])::timestamp with time zone[]", "ARRAY[('now'::text)::timestamp with time zone]")]
    [InlineData("(ARRAY[a[1]])::\"Odd \"\"x.y\".\"T\"[]", "ARRAY[(a[1])::\"Odd \"\"x.y\".\"T\"]")]
    [InlineData("'(ARRAY[1, 2])::text[]'", "'(ARRAY[1, 2])::text[]'")]
    [InlineData("(ARRAY[1, 2])::shop.numbers", "(ARRAY[1, 2])::shop.numbers")]
    [InlineData("(ARRAY[1, 'no end", "(ARRAY[1, 'no end")]
    public void A_cast_of_an_array_is_one_of_each_item(string text, string settled)
    {
        Assert.Equal(settled, DeparsedText.Settled(CatalogKind.Constraint, text));
        Assert.Equal(settled, DeparsedText.Settled(CatalogKind.Constraint, settled));
    }

    [Fact]
    public void A_body_in_somebodys_own_words_stays()
    {
        const string Text = "CREATE OR REPLACE FUNCTION f()\n LANGUAGE sql\nAS $function$SELECT (ARRAY['a'])::text[]$function$";
        Assert.Equal(Text, DeparsedText.Settled(CatalogKind.Function, Text));
    }

    [Theory]
    [InlineData("a, b, lower((a || b))", "b, a, lower((a || b))", true)]
    [InlineData("a, b", "a, c", false)]
    [InlineData("(a || b)", "(b || a)", false)]
    public void The_order_of_statistics_columns_is_none(string one, string other, bool same) =>
        Assert.Equal(same, Statistics(one) == Statistics(other));

    private static string Statistics(string columns) =>
        DeparsedText.Settled(CatalogKind.Statistics, $"CREATE STATISTICS public.s (ndistinct, mcv) ON {columns} FROM public.t");
}
