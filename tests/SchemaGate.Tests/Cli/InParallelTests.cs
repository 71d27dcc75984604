using SchemaGate.Cli.Lint;

namespace SchemaGate.Tests.Cli;

public sealed class InParallelTests
{
    private static readonly int[] s_items = [.. Enumerable.Range(0, 500)];

    [Fact]
    public void What_is_done_in_order_is_and_every_result_has_its_place()
    {
        List<int> order = [];
        int[] results = InParallel.Select<int, int, int>(s_items, item => item + 1, item =>
        {
            order.Add(item);
            return () => -item;
        });

        Assert.Equal(s_items.Select(item => item + 1), order);
        Assert.Equal(s_items.Select(item => -item - 1), results);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_failure_at_any_stage_ends_the_others_and_is_thrown(int stage)
    {
        int FailsAt(int here, int item) => here == stage && item == 250 ? throw new InvalidOperationException("250") : item;

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => InParallel.Select<int, int, int>(s_items, item => FailsAt(1, item), item =>
            {
                int second = FailsAt(2, item);
                return () => FailsAt(3, second);
            }));
        Assert.Equal("250", failure.Message);
    }
}
