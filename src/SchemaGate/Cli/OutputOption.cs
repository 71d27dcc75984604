using System.CommandLine;

namespace SchemaGate.Cli;

/// <summary><c>--output</c>.</summary>
internal static class OutputOption
{
    public static Option<string> Option { get; } = Create();

    public static bool IsJson(ParseResult arguments) => arguments.GetValue(Option) == "json";

    private static Option<string> Create()
    {
        Option<string> option = new("--output", "-o") { Description = "For people or for programs.", DefaultValueFactory = _ => "text" };
        return option.AcceptOnlyFromAmong("text", "json");
    }
}
