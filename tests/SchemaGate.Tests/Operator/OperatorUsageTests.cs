using System.CommandLine;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What the operator's command line refuses, before anything is asked.</summary>
public sealed class OperatorUsageTests
{
    private static readonly Command s_operator = OperatorCommand.Create();

    [Theory]
    [InlineData("--service", "schemagate", "--webhook-url", "https://h")]
    [InlineData("--webhook-url", "http://h")]
    [InlineData("--webhook-url", "h")]
    [InlineData("--listen", "localhost:9443")]
    [InlineData("--listen", "127.0.0.1")]
    [InlineData("--metrics-port", "65536")]
    [InlineData("--metrics-port", "-1")]
    [InlineData("--pages-port", "65536")]
    [InlineData("--health-listen", "127.0.0.1:0")]
    [InlineData("--shutdown-delay", "soon")]
    [InlineData("--runner-otlp-endpoint", "collector:4317")]
    [InlineData("--runner-otlp-endpoint", "ftp://collector:4317")]
    [InlineData("--runner-otlp-endpoint", "http://user:pl4nted@collector:4317")]
    public void What_cannot_be_meant_names_its_option_and_quotes_no_password(params string[] args)
    {
        string problem = Assert.Single(s_operator.Parse(args).Errors).Message;
        Assert.Contains(args[0], problem, StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--webhook-url", "h")]
    [InlineData("--metrics-port", "-1")]
    [InlineData("--pages-port", "-1")]
    public void A_command_that_is_made_again_says_nothing_twice(params string[] args)
    {
        OperatorCommand.Create();
        Assert.Single(OperatorCommand.Create().Parse(args).Errors);
    }

    [Fact]
    public void What_can_be_meant_is_taken() => Assert.Empty(s_operator.Parse(
        ["--service", "schemagate", "--runner-otlp-endpoint", "http://collector:4317", "--metrics-port", "0"]).Errors);

    [Theory]
    [InlineData(2, "--allow-registry", "https://registry.example.com/")]
    [InlineData(2, "--allow-receiver", "https://hooks.example.com/")]
    [InlineData(2, "--registry-ca-file", "/etc/hostname")]
    [InlineData(3, "--registry-ca-file", "/no/such/file")]
    [InlineData(3, "--kubeconfig", "/no/such/file")]
    public async Task What_is_no_host_is_a_mistake_and_a_file_that_is_not_there_is_nothing_to_begin_with(int code, params string[] args) =>
        Assert.Equal(code, await s_operator.Parse(args).InvokeAsync(
            cancellationToken: TestContext.Current.CancellationToken));
}
