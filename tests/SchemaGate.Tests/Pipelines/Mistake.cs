using SchemaGate.Tests.Cli;

namespace SchemaGate.Tests.Pipelines;

/// <summary>What a branch can do wrong, made on a real history.</summary>
internal static class Mistake
{
    /// <summary>How it is made, by the id that it is told by.</summary>
    private static readonly Dictionary<string, Action<GitShop>> s_all = new(StringComparer.Ordinal)
    {
        ["schema-without-migration"] = shop => shop.ChangeSchema(),
        ["schema-without-entry"] = shop => shop.ChangeSchema(),
        ["undocumented-migration"] = shop => shop.Migrate(),
        ["migration-file-missing"] = shop => shop.Enter(),
        ["migration-edited"] = shop => shop.Replace(GitShop.Script(Shop.Third), "int", "bigint"),
        ["migration-renamed"] = shop => shop.Git("mv", $"prisma/migrations/{Shop.Third}", $"prisma/migrations/{GitShop.New}"),
        ["migration-deleted"] = shop => shop.Git("rm", "-rq", $"prisma/migrations/{Shop.Third}"),
        ["migration-out-of-order"] = shop =>
        {
            shop.ChangeWell();
            shop.OnMain(() => shop.Migrate("20250301000000_add_vouchers"));
        },
        ["migration-name-taken"] = shop =>
        {
            shop.ChangeWell();
            shop.OnMain(() => shop.Migrate(sql: "SELECT 'another';"));
        },
        ["migration-order-taken"] = shop =>
        {
            shop.ChangeWell("20250101000000_b");
            shop.OnMain(() => shop.Migrate("20250101000000_a"));
        },
    };

    public static TheoryData<string> Ids => [.. s_all.Keys];

    public static void Make(string id, GitShop shop) => s_all[id](shop);
}
