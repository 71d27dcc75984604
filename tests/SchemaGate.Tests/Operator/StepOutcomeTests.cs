using System.Net;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Which failed writes a person is told of.</summary>
public sealed class StepOutcomeTests
{
    [Fact]
    public void What_the_API_server_goes_on_refusing_is_told_in_its_words() => Assert.Equal(
        "The API server refuses what the operator writes to deployment/shop: no",
        Failed(StatusReason.Forbidden, HttpStatusCode.Forbidden, isRetryable: false).Refusal?.Message);

    [Fact]
    public void What_may_succeed_in_a_moment_or_got_no_answer_is_not()
    {
        Assert.Null(Failed("InternalError", HttpStatusCode.InternalServerError, isRetryable: true).Refusal);
        Assert.Null(Failed(StatusReason.Timeout, status: null, isRetryable: false).Refusal);
    }

    [Fact]
    public void What_may_not_be_read_is_no_write_that_is_refused() =>
        Assert.Null(Failed(StatusReason.Forbidden, HttpStatusCode.Forbidden, isRetryable: false, isWrite: false).Refusal);

    [Theory]
    [InlineData(StatusReason.Conflict)]
    [InlineData(StatusReason.NotFound)]
    public void What_others_have_written_meanwhile_is_looked_at_again(string reason) =>
        Assert.IsType<StepOutcome.Overtaken>(StepOutcome.Of("deployment/shop", new(reason, "no", HttpStatusCode.Conflict)));

    private static StepOutcome.Failed Failed(string reason, HttpStatusCode? status, bool isRetryable, bool isWrite = true) =>
        Assert.IsType<StepOutcome.Failed>(
            StepOutcome.Of("deployment/shop", new(reason, "no", status, isRetryable) { IsWrite = isWrite }));
}
