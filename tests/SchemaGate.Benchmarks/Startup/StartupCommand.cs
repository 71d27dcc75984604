using System.Globalization;

namespace SchemaGate.Benchmarks.Startup;

/// <summary>Starting the published binary beside what a user would start instead, in turns, so that the machine's load meets all alike.</summary>
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

        Started[] commands =
        [
            new("schemagate version", binary, "version"),
            new("node -e 0", "node", "-e", "0"),
            new("psql --version", "psql", "--version"),
        ];
        for (int run = -1; run < Runs; run++)
        {
            foreach (Started command in commands)
            {
                await command.RunAsync(isWarmup: run < 0);
            }
        }

        Console.WriteLine("| command            | wall ms | ratio | CPU ms | ratio | peak MiB | ratio |");
        Console.WriteLine("|--------------------|--------:|------:|-------:|------:|---------:|------:|");
        foreach (Started command in commands)
        {
            Console.WriteLine($"| {command.Name,-18} {Cell(command, started => started.Wall, 7)}{Cell(command, started => started.Cpu, 6)}{Cell(command, started => started.Peak, 8)}|");
        }

        return 0;

        string Cell(Started command, Func<Started, Sample> of, int width)
        {
            double value = of(command).Median;
            string shown = value.ToString("F1", CultureInfo.InvariantCulture).PadLeft(width);
            return $"| {shown} | {(value / of(commands[0]).Median).ToString("F2", CultureInfo.InvariantCulture),5} ";
        }
    }

    /// <summary>A command and what GNU time says of its runs.</summary>
    private sealed record Started(string Name, string File, params string[] Arguments)
    {
        /// <summary>Milliseconds.</summary>
        public Sample Wall { get; } = new();

        /// <summary>User and system, milliseconds; GNU time counts in tens.</summary>
        public Sample Cpu { get; } = new();

        /// <summary>Resident set, MiB.</summary>
        public Sample Peak { get; } = new();

        public async Task RunAsync(bool isWarmup)
        {
            (_, string error) = await ChildProcess.RunAsync("/usr/bin/time", ["-f", "%e %U %S %M", File, .. Arguments]);
            double[] values = [.. error.Trim().Split('\n')[^1].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
            if (!isWarmup)
            {
                Wall.Add(values[0] * 1000);
                Cpu.Add((values[1] + values[2]) * 1000);
                Peak.Add(values[3] / 1024);
            }
        }
    }
}
