using SchemaGate.Core.Catalogs.Folding;

namespace SchemaGate.Tests.Catalogs;

public sealed class IndexTextTests
{
    [Theory]
    [InlineData("CREATE INDEX i ON public.t USING btree (a, b DESC)", "a b")]
    [InlineData("CREATE UNIQUE INDEX \"I. \"\"x\" ON ONLY \"S\".\"T t\" USING gin (\"A,)\" gin_trgm_ops) INCLUDE (c)", "unique A,)")]
    [InlineData("CREATE INDEX i ON public.t USING btree (lower(a), (b + 1), c COLLATE \"C\") WHERE (d > ')'::text)", "* * c where")]
    [InlineData("CREATE INDEX i ON public.t USING btree (COALESCE(a, ' WHERE '::text))", "*")]
    public void A_definition_tells_its_keys(string definition, string keys)
    {
        IndexText text = IndexText.Of(definition)!;
        string found = string.Join(
            ' ', [.. text.Unique ? ["unique"] : (string[])[], .. text.Columns.Select(column => column ?? "*"), .. text.HasWhere
                ? ["where"]
                : (string[])[]]);
        Assert.Equal(keys, found);
    }

    [Fact]
    public void Another_text_is_none() => Assert.Null(IndexText.Of("CREATE TABLE t ()"));
}
