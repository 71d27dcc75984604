using System.Globalization;

namespace SchemaGate.Benchmarks.Startup;

/// <summary>Runs commands in turns, so that the machine's load meets all alike, and prints their medians beside the first one's.</summary>
internal static class StartedTable
{
    /// <param name="title">What the table is of.</param>
    /// <param name="runs">Of each command, after one that does not count.</param>
    /// <param name="commands">The first is what the others are compared with.</param>
    public static async Task RunAsync(string title, int runs, params Started[] commands)
    {
        for (int run = -1; run < runs; run++)
        {
            foreach (Started command in commands)
            {
                await command.RunAsync(isWarmup: run < 0);
            }
        }

        Console.WriteLine($"| {title} | wall ms | ratio | CPU ms | ratio | peak MiB | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (Started command in commands)
        {
            Console.WriteLine($"| {command.Name} {Cell(command, started => started.Wall)}{Cell(command, started => started.Cpu)}"
                + $"{Cell(command, started => started.Peak)}|");
        }

        string Cell(Started command, Func<Started, Sample> of)
        {
            double value = of(command).Median;
            return string.Create(CultureInfo.InvariantCulture, $"| {value:F1} | {value / of(commands[0]).Median:F2} ");
        }
    }
}
