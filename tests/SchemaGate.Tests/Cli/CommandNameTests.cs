using SchemaGate.Cli;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Cli;

public sealed class CommandNameTests
{
    private const string Plugin = "/home/alice/.krew/bin/kubectl-schemagate";

    [Theory]
    [InlineData("schemagate", "schemagate", false)]
    [InlineData("/usr/bin/schemagate", "schemagate", false)]
    [InlineData("schemagate.dll", "schemagate", false)]
    [InlineData(null, "schemagate", false)]
    [InlineData(Plugin, "kubectl schemagate", false)]
    [InlineData("kubectl_complete-schemagate", "kubectl schemagate", true)]
    public void A_file_s_name_says_how_it_is_typed(string? path, string words, bool completes) =>
        Assert.Equal((words, completes), (CommandName.Of(path).Words, CommandName.Of(path).Completes));

    [Theory]
    [InlineData("Run `schemagate approve shop`, then `kubectl get schemagate shop`.",
        "Run `kubectl schemagate approve shop`, then `kubectl get schemagate shop`.")]
    [InlineData("Examples:\n  schemagate status -A\n  helm template . | schemagate verify --manifests -",
        "Examples:\n  kubectl schemagate status -A\n  helm template . | kubectl schemagate verify --manifests -")]
    [InlineData("image: registry.example.com/schemagate of `schemagate`", "image: registry.example.com/schemagate of `schemagate`")]
    public void A_text_s_commands_are_written_as_they_are_typed(string text, string expected)
    {
        Assert.Equal(expected, CommandName.Of(Plugin).In(text));
        Assert.Equal(text, CommandName.Own.In(text));
    }

    [Fact]
    public async Task The_plugin_s_help_and_refusals_say_kubectl_schemagate()
    {
        string help = (await new Schemagate { Path = Plugin }.InvokeAsync(
            ["status", "--help"], TestContext.Current.CancellationToken)).Output;
        Assert.Contains("  kubectl schemagate status [", help, StringComparison.Ordinal);
        Assert.Contains("\n    kubectl schemagate status -A\n", help.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("See `kubectl schemagate verify --help`.", (await new Schemagate { Path = Plugin }.InvokeAsync(
            ["verify", "--bogus"], TestContext.Current.CancellationToken)).Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plugin_s_advice_names_its_own_commands() => Assert.Contains(
        "`kubectl schemagate approve ", (await new Schemagate { Path = Plugin }.InvokeAsync(
            ["explain", Reasons.ApprovalRequired], TestContext.Current.CancellationToken)).Output, StringComparison.Ordinal);
}
