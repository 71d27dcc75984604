using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Tests.Evidence;

/// <summary>What a cache counts against what it keeps from the garbage collector.</summary>
[Collection(Alone.Name)]
public sealed class HeldBytesTests
{
    [Theory]
    [InlineData(20, 100_000)]
    [InlineData(2_000, 1_000)]
    [InlineData(10_000, 20)]
    public void An_images_weight_is_what_it_takes_in_memory(int migrations, int length) => IsWeighed(
        () => new Evidence<ChangelogEvidence>.Found(new("image", null, "CHANGELOG.md", Document(migrations), Set(migrations, length))),
        HeldBytes.Of);

    [Fact]
    public void A_judgements_weight_is_what_it_takes_in_memory() => IsWeighed(
        () => RiskEvidence.Judge(
            MigrationSet.Read(Enumerable.Range(0, 200).Select(number => KeyValuePair.Create(
                $"{number}/migration.sql",
                (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("DROP TABLE t CASCADE;\n", 60)))))),
            RiskEvidence.Options(major: 15),
            TimeProvider.System),
        HeldBytes.Of);

    private static void IsWeighed<T>(Func<T> make, Func<T, long> weigh)
    {
        GC.KeepAlive(make());
        long before = Kept();
        T value = make();
        long taken = Kept() - before;
        long weight = weigh(value);
        Assert.True(weight > 0.6 * taken && weight < 3 * taken, $"{weight} of {taken}");
        GC.KeepAlive(value);
    }

    /// <summary>What other tests have left goes over several collections: finalizers, and buffers that pools give back.</summary>
    private static long Kept()
    {
        long now = GC.GetTotalMemory(forceFullCollection: true);
        long kept;
        do
        {
            kept = now;
            GC.WaitForPendingFinalizers();
            now = GC.GetTotalMemory(forceFullCollection: true);
        }
        while (kept - now > 1 << 16);
        return now;
    }

    private static MigrationSet Set(int count, int length) => MigrationSet.Read(Enumerable.Range(0, count).Select(number =>
        KeyValuePair.Create(
            $"{number:D6}_a/migration.sql", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"-- {number}\n{new string('a', length)}"))));

    private static Changelog Document(int count) => ChangelogParser.Parse(
        "## Migrated\n\n" + string.Concat(Enumerable.Range(0, count).Select(number =>
            $"### {number:D6}_a\n\n- **Status:** MIGRATED\n- **Description:** It adds what {number} needs.\n- **Risk Level:** Low\n\n")));
}
