using SchemaGate.Core;

namespace SchemaGate.Tests;

public sealed class ShellWordTests
{
    [Theory]
    [InlineData("20240101_add-x.y", "20240101_add-x.y")]
    [InlineData("$(rm -rf ~)", "'$(rm -rf ~)'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    public void A_name_is_one_word(string name, string word) => Assert.Equal(word, ShellWord.Of(name));
}
