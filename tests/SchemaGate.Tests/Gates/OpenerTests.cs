using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class OpenerTests
{
    [Fact]
    public void Every_reason_of_a_gate_says_who_can_open_it() => Assert.Equal(
        ReasonTable.Rows.Keys.Append(Reasons.WriteRefused).Order(StringComparer.Ordinal),
        Openers.Rows.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void A_gate_that_opens_by_itself_is_not_stalled() => Assert.All(
        ReasonTable.Rows.Where(row => row.Value.Stalled), row => Assert.NotEqual(Opener.Nobody, Openers.Rows[row.Key]));
}
