using System.CommandLine;

namespace SchemaGate.Cli;

/// <summary><c>schemagate version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Command command = new("version", """
            Print the version.

            Examples:
              schemagate version
              schemagate version --output json

            Exit codes: 0.
            """)
        {
            OutputOption.Option,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        // SemVer: what follows the plus sign is the build's commit.
        string[] parts = ProductVersion.Text.Split('+', 2);
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(output, new VersionReport(parts[0], parts.ElementAtOrDefault(1)), CliJson.Relaxed.VersionReport);
        }
        else
        {
            output.WriteLine($"schemagate {parts[0]}{(parts.Length > 1 ? $" ({parts[1]})" : "")}");
        }

        return ExitCodes.Open;
    }
}

/// <summary>The JSON shape of <c>version</c>.</summary>
internal sealed record VersionReport(string Version, string? Commit);
