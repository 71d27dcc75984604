namespace SchemaGate.Benchmarks.Startup;

/// <summary>Starting the published binary beside what a user would start instead.</summary>
internal static class StartupCommand
{
    private const int Runs = 20;

    public static async Task<int> RunAsync(string binary)
    {
        if (!File.Exists(binary))
        {
            await Console.Error.WriteLineAsync($"{binary} is not there; README.md says how to publish it");
            return 1;
        }

        await StartedTable.RunAsync(
            "whole process", Runs,
            new("schemagate version", binary, "version"),
            new("node -e 0", "node", "-e", "0"),
            new("psql --version", "psql", "--version"));
        return 0;
    }
}
