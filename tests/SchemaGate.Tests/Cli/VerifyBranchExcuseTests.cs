namespace SchemaGate.Tests.Cli;

/// <summary>What excuses a finding of verify's on a branch, and what does not.</summary>
public sealed class VerifyBranchExcuseTests : IDisposable
{
    private const string Squash = "20241224000001_squashed";

    private readonly GitShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("00000000000001_init")]
    [InlineData("00000000000000_init")]
    public async Task The_oldest_migration_renamed_and_edited_is_no_squash(string name)
    {
        _shop.Git("mv", $"prisma/migrations/{Shop.First}", $"prisma/migrations/{name}");
        _shop.Replace(GitShop.Script(name), "int", "bigint");
        _shop.Replace(GitShop.Document, Shop.First, name);
        string findings = await _shop.FindingsAsync();
        Assert.StartsWith("1: ", findings, StringComparison.Ordinal);
        Assert.Contains("migration-deleted", findings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_squash_needs_an_entry_of_its_own_and_excuses_no_other_migration()
    {
        _shop.Git("rm", "-rq", $"prisma/migrations/{Shop.First}", $"prisma/migrations/{Shop.Second}");
        _shop.Migrate(Squash, "CREATE TABLE companies (id int); CREATE TABLE sites (id int);");
        Assert.Contains("undocumented-migration", await _shop.FindingsAsync(), StringComparison.Ordinal);
        _shop.Enter(Squash);
        Assert.DoesNotContain("undocumented-migration", await _shop.FindingsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("migration-out-of-order", await _shop.FindingsAsync(), StringComparison.Ordinal);
        _shop.ChangeWell("20241224000002_add_coupons");
        Assert.Contains("migration-out-of-order", await _shop.FindingsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("block", "1: migration-renamed")]
    [InlineData("warn", "1: migration-file-missing, undocumented-migration, migration-renamed")]
    [InlineData("ignore", "1: migration-file-missing, undocumented-migration")]
    public async Task Renames_that_may_be_still_leave_a_migration_without_an_entry(string edited, string findings)
    {
        _shop.Git("mv", $"prisma/migrations/{Shop.Third}", $"prisma/migrations/{GitShop.New}");
        Assert.Equal(findings, await _shop.FindingsAsync("--edited", edited));
    }
}
