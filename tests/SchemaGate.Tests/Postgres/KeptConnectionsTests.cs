using SchemaGate.Postgres.Connections;
using SchemaGate.Tests.Kubernetes;

namespace SchemaGate.Tests.Postgres;

public sealed class KeptConnectionsTests
{
    private readonly ManualTime time = new();
    private readonly KeptConnections kept;

    public KeptConnectionsTests()
    {
        kept = new(time);
        for (int url = 0; url < KeptConnections.Most; url++)
        {
            Assert.Empty(Read($"{url}"));
        }
    }

    [Fact]
    public void Who_is_read_again_keeps_the_connection() => Assert.Empty(Read("0"));

    [Fact]
    public void One_too_many_closes_its_own_while_the_others_are_read() => Assert.Equal(["late"], Read("late"), StringComparer.Ordinal);

    [Fact]
    public void One_that_is_not_read_any_more_makes_room()
    {
        time.Advance(KeptConnections.Patience);
        for (int url = 1; url < KeptConnections.Most; url++)
        {
            Read($"{url}");
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["0"], Read("late"), StringComparer.Ordinal);
        Assert.Empty(Read("late"));
        Assert.Equal(["0"], Read("0"), StringComparer.Ordinal);
    }

    [Fact]
    public void Two_readings_of_one_url_at_a_time_count_as_two_connections()
    {
        kept.Begin("0");
        kept.Begin("0");
        Assert.Empty(kept.End("0", keeps: true));
        Assert.Equal(["0"], kept.End("0", keeps: true), StringComparer.Ordinal);
        Assert.Empty(Read("0"));
    }

    [Fact]
    public void What_failed_gives_its_place_up()
    {
        Assert.Equal(["0"], Read("0", keeps: false), StringComparer.Ordinal);
        Assert.Empty(Read("late"));
    }

    private IReadOnlyList<string> Read(string url, bool answered = true)
    {
        kept.Begin(url);
        return kept.End(url, answered);
    }
}
