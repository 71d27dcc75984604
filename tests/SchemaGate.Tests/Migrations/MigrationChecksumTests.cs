using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Migrations;

public sealed class MigrationChecksumTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("SELECT 1;\n", "")]
    public void A_checksum_is_lowercase_SHA_256(string sql, string expected)
    {
        string value = MigrationChecksum.Of(sql).Value;
        Assert.Matches("^[0-9a-f]{64}$", value);
        Assert.True(expected.Length == 0 || value == expected);
    }

    [Fact]
    public void Line_ends_alone_are_no_edit()
    {
        MigrationChecksum lf = MigrationChecksum.Of("a\nb\n");
        MigrationChecksum crlf = MigrationChecksum.Of("a\r\nb\r\n");
        Assert.True(lf.Matches(crlf.Value));
        Assert.True(crlf.Matches(lf.Value));
        Assert.True(MigrationChecksum.Of("a\r\nb\n").Matches(crlf.Value));
        Assert.False(lf.Matches(MigrationChecksum.Of("a\nb").Value));
    }

    [Fact]
    public void A_stored_checksum_of_another_length_is_compared_without_padding()
    {
        // The hash of "abc" has bytes below 16, which old versions wrote as one digit each.
        MigrationChecksum checksum = MigrationChecksum.Of("abc");
        string unpadded = string.Concat(checksum.Value.Chunk(2).Select(pair => pair[0] == '0' ? pair[1].ToString() : new string(pair)));
        Assert.NotEqual(64, unpadded.Length);
        Assert.True(checksum.Matches(unpadded));
        Assert.False(checksum.Matches(unpadded[1..]));
        Assert.False(checksum.Matches(""));
    }
}
