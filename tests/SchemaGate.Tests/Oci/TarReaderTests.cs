using System.Formats.Tar;
using System.Text;
using TarEntryKind = SchemaGate.Oci.Tar.TarEntryKind;
using TarReader = SchemaGate.Oci.Tar.TarReader;

namespace SchemaGate.Tests.Oci;

public sealed class TarReaderTests
{
    private static readonly byte[] End = new byte[1024];

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.V7)]
    public async Task Every_format_is_read(TarEntryFormat format) =>
        Assert.Equal(
            "d/:Directory a:File=hello", await ReadAsync(Archive.Tar(format, Archive.Directory("d/"), Archive.File("a", "hello"))));

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task Long_names_are_read(TarEntryFormat format)
    {
        var name = string.Concat(Enumerable.Repeat("directory/", 60)) + "ümläut.sql";
        Assert.Equal($"{name}:File=x b:File=y", await ReadAsync(Archive.Tar(format, Archive.File(name, "x"), Archive.File("b", "y"))));
    }

    [Fact]
    public async Task A_ustar_name_may_be_split()
    {
        var name = new string('p', 120) + "/" + new string('n', 90);
        Assert.Equal($"{name}:File=x", await ReadAsync(Archive.Tar(TarEntryFormat.Ustar, Archive.File(name, "x"))));
    }

    [Fact]
    public async Task Extended_attributes_may_hold_any_bytes() => Assert.Equal("b:File=hi", await ReadAsync([
        .. Archive.Raw("x", 'x', [.. Archive.Pax("SCHILY.xattr.security.capability", "\u0001\0\n\n7 a=b\n"), .. Archive.Pax("path", "b")]),
        .. Archive.Raw("a", '0', "hi"u8.ToArray()), .. End]));

    [Fact]
    public async Task A_size_in_an_extended_header_counts() => Assert.Equal("a:File=hi", await ReadAsync([
        .. Archive.Raw("x", 'x', Archive.Pax("size", "2")), .. Archive.Raw("a", '0', "hi"u8.ToArray(), size: 0), .. End]));

    [Fact]
    public async Task A_link_has_no_data_whatever_its_size_says() => Assert.Equal("l:Link a:File=hi", await ReadAsync([
        .. Archive.Raw("l", '1', [], size: 999), .. Archive.Raw("a", '0', "hi"u8.ToArray()), .. End]));

    [Fact]
    public async Task A_global_header_names_nothing() => Assert.Equal("a:File=hi", await ReadAsync([
        .. Archive.Raw("g", 'g', Archive.Pax("path", "b")), .. Archive.Raw("a", '0', "hi"u8.ToArray()), .. End]));

    [Fact]
    public async Task A_sparse_file_has_its_own_name_and_is_not_taken_for_a_file() => Assert.Equal("big:Sparse a:File=hi", await ReadAsync([
        .. Archive.Raw("x", 'x', [
            .. Archive.Pax("GNU.sparse.major", "1"), .. Archive.Pax("GNU.sparse.name", "big"),
            .. Archive.Pax("path", "GNUSparseFile.0/big")]),
        .. Archive.Raw("y", '0', new byte[600]), .. Archive.Raw("a", '0', "hi"u8.ToArray()), .. End]));

    [Fact]
    public async Task Names_that_are_not_UTF8_stay_different() => Assert.Equal("\u00fe:File= \u00ff:File=", await ReadAsync([
        .. Archive.Raw("\u00fe", '0', []), .. Archive.Raw("\u00ff", '0', []), .. End]));

    [Fact]
    public async Task An_archive_without_an_end_mark_ends_where_it_ends()
    {
        Assert.Equal("a:File=hi", await ReadAsync(Archive.Raw("a", '0', "hi"u8.ToArray())));
        Assert.Equal("a:File=hi", await ReadAsync(Archive.Raw("a", '0', "hi"u8.ToArray())[..514]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(600)]
    public async Task A_cut_archive_is_refused(int length) => await Assert.ThrowsAsync<InvalidDataException>(
        () => ReadAsync(Archive.Raw("a", '0', new byte[700])[..length]));

    [Fact]
    public async Task Entries_behind_a_single_block_of_zeros_are_not_passed_over_in_silence() =>
        await Assert.ThrowsAsync<InvalidDataException>(
        () => ReadAsync([.. Archive.Raw("a", '0', []), .. new byte[512], .. Archive.Raw("b", '0', []), .. End]));

    [Fact]
    public async Task A_wrong_checksum_is_refused()
    {
        var archive = Archive.Raw("a", '0', []);
        archive[0] = (byte)'b';
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(archive));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    public async Task An_extended_header_is_not_allocated_at_the_size_that_it_states(char type)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([.. Archive.Raw("x", type, [], size: 2_000_000_000)]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData("path", "a\0b")]
    [InlineData("size", "-1")]
    [InlineData("size", "99999999999999999999")]
    [InlineData("size", "9223372036854775807")]
    public async Task An_impossible_extended_header_is_refused(string key, string value) => await Assert.ThrowsAsync<InvalidDataException>(
        () => ReadAsync([.. Archive.Raw("x", 'x', Archive.Pax(key, value)), .. Archive.Raw("a", '0', []), .. End]));

    [Theory]
    [InlineData("x")]
    [InlineData("-5 a=b\n")]
    [InlineData("99 a=b\n")]
    [InlineData("6 a=b")]
    [InlineData("6 abc\n")]
    [InlineData("5 =b\n")]
    [InlineData("0 \n")]
    public async Task A_malformed_extended_header_is_refused(string records) => await Assert.ThrowsAsync<InvalidDataException>(
        () => ReadAsync([.. Archive.Raw("x", 'x', Encoding.ASCII.GetBytes(records)), .. Archive.Raw("a", '0', []), .. End]));

    private static async Task<string> ReadAsync(byte[] archive)
    {
        // Odd steps, so that reads end in the middle of everything.
        var stream = new MemoryStream(archive);
        var reader = new TarReader(async buffer => await stream.ReadAsync(buffer[..Math.Min(buffer.Length, 77)]));
        var text = new List<string>();
        while (await reader.NextAsync() is { } entry)
        {
            var data = entry.Kind == TarEntryKind.File ? "=" + Encoding.UTF8.GetString(await reader.ReadDataAsync()) : "";
            text.Add($"{entry.Name}:{entry.Kind}{data}");
        }

        return string.Join(' ', text);
    }
}
