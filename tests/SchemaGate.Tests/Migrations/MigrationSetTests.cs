using System.Text;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Migrations;

public sealed class MigrationSetTests
{
    [Fact]
    public void Each_directory_with_a_script_is_a_migration_in_prismas_order()
    {
        MigrationSet set = Read(
            ("b/migration.sql", "SELECT 2"), ("10_x/migration.sql", ""), (".hidden/migration.sql", ""), ("2_x/migration.sql", ""));
        Assert.Equal(".hidden 10_x 2_x b", string.Join(' ', set.Names));
        Assert.Equal("SELECT 2", set.Migrations[3].Sql);
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Stray_files_and_deeper_directories_are_ignored()
    {
        MigrationSet set = Read(
            ("README.md", "x"), ("1_x/migration.sql", ""), ("1_x/notes.md", ""), ("1_x/old/migration.sql", "no"), ("migration.sql", ""));
        Assert.Equal("1_x", Assert.Single(set.Names));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void No_files_are_an_empty_set_without_a_problem()
    {
        MigrationSet set = Read();
        Assert.Empty(set.Names);
        Assert.Empty(set.Problems);
    }

    [Theory]
    [InlineData("1_x/notes.md")]
    [InlineData("1_x/old/migration.sql")]
    [InlineData("1_x/Migration.sql")]
    public void A_directory_without_a_script_is_a_problem(string path) =>
        Assert.Contains("P3015", Assert.Single(Read((path, "")).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("provider = \"postgresql\"")]
    [InlineData("# comment\r\nprovider = \"postgresql\"\r\n")]
    [InlineData("provider = \"postgresql\"\nprovider = \"mysql\"")]
    [InlineData(" provider = \"mysql\"")]
    [InlineData("")]
    public void A_lock_file_for_postgresql_is_sound(string content) => Assert.Empty(Read(("migration_lock.toml", content)).Problems);

    [Theory]
    [InlineData("provider = \"mysql\"")]
    [InlineData("provider=\"postgresql\"")]
    [InlineData("provider = \"postgresql\" # ours")]
    [InlineData("provider = \"postgresql\"\r\r\n")]
    public void Any_other_lock_file_is_a_problem(string content) =>
        Assert.Contains("P3019", Assert.Single(Read(("migration_lock.toml", content)).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_and_invalid_UTF8_stay_in_the_text_and_its_checksum()
    {
        byte[] content = [0xEF, 0xBB, 0xBF, (byte)'a', 0xFF];
        Migration migration = Assert.Single(MigrationSet.Read([new("1_x/migration.sql", content)]).Migrations);
        Assert.Equal("\uFEFFa\uFFFD", migration.Sql);
        Assert.Equal(MigrationChecksum.Of("\uFEFFa\uFFFD"), migration.Checksum);
        Assert.Contains("byte order mark", migration.Unjudged, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_character_that_somebody_wrote_is_text_as_other_text() =>
        Assert.Null(Assert.Single(Read(("1_x/migration.sql", "SELECT '\uFFFD'")).Migrations).Unjudged);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_not_judged() => Assert.Contains("not UTF-8", Assert.Single(
        MigrationSet.Read([new("1_x/migration.sql", new byte[] { (byte)'a', 0xFF })]).Migrations).Unjudged, StringComparison.Ordinal);

    [Theory]
    [InlineData("20250101_flat.sql", "20250101_flat.sql is no migration to Prisma")]
    [InlineData("1_x/data-migration.ts", "1_x/data-migration.ts is a data migration of your own")]
    public void Files_that_never_run_are_told(string path, string words)
    {
        MigrationSet set = Read(("1_x/migration.sql", ""), (path, ""), ("1_x/README.md", ""), ("README.md", ""));
        Assert.Empty(set.Problems);
        Assert.StartsWith(words, Assert.Single(set.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_first", "20240101000000_x", true)]
    [InlineData("1_a", "10_b", true)]
    [InlineData("20240101000000_a", "20240102000000_b", false)]
    public void An_order_that_older_versions_of_Prisma_had_otherwise_is_told(string first, string second, bool isTold)
    {
        MigrationSet set = Read(($"{first}/migration.sql", ""), ($"{second}/migration.sql", ""));
        Assert.Equal([first, second], set.Names);
        Assert.Equal(isTold, set.Notes.Any(note => note.Contains("before 6.6", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_wrong_behind_the_last_migration_that_is_wanted_is_no_problem()
    {
        MigrationSet set = Read(
            ("1_x/migration.sql", ""), ("2_y/migration.sql", ""), ("3_z/notes.txt", ""), ("4_nul/migration.sql", "\0"), ("x\u0007/a", ""));
        Assert.Equal(4, set.Problems.Count);
        Assert.Equal(["1_x", "2_y"], set.Through("2_y")!.Names);
        Assert.Empty(set.Through("2_y")!.Problems);
        Assert.Contains("3_z", Assert.Single(set.Through("4_nul")!.Problems.Take(1)), StringComparison.Ordinal);
        Assert.Null(set.Through("9_none"));
    }

    [Fact]
    public void What_is_wrong_before_it_or_with_the_whole_set_stays()
    {
        MigrationSet set = Read(
            ("migration_lock.toml", "provider = \"mysql\""), ("0_w/notes.txt", ""), ("1_x/migration.sql", ""), ("1_X/migration.sql", ""));
        Assert.Equal(3, set.Through("1_x")!.Problems.Count);
    }

    [Fact]
    public void A_script_in_UTF16_is_a_problem_that_says_so() => Assert.Contains(
        "save it as UTF-8",
        Assert.Single(MigrationSet.Read([new("1_x/migration.sql", Encoding.Unicode.GetBytes("SELECT 1"))]).Problems),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("1_\u0007x", "control characters")]
    [InlineData("1_x\nINFO forged", "control characters")]
    public void A_name_with_control_characters_is_a_problem_that_prints_none(string name, string expected)
    {
        string problem = Assert.Single(Read(($"{name}/migration.sql", "")).Problems);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(problem, char.IsControl);
    }

    [Fact]
    public void A_name_may_have_255_characters_and_not_one_more()
    {
        Assert.Empty(Read((new string('a', 255) + "/migration.sql", "")).Problems);
        Assert.Empty(Read((string.Concat(Enumerable.Repeat("😀", 255)) + "/migration.sql", "")).Problems);
        Assert.Contains("255", Assert.Single(Read((new string('a', 256) + "/migration.sql", "")).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_a_problem() =>
        Assert.Contains("'1_a' and '1_A'", Assert.Single(
            Read(("1_A/migration.sql", ""), ("1_a/migration.sql", "")).Problems), StringComparison.Ordinal);

    private static MigrationSet Read(params IEnumerable<(string Path, string Content)> files) =>
        MigrationSet.Read(files.Select(file => KeyValuePair.Create(file.Path, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Content))));
}
