using System.Diagnostics;
using System.Globalization;
using SchemaGate.Benchmarks.Startup;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Benchmarks.Linting;

/// <summary>Judging a thousand files as a whole process, beside squawk, and inside this one.</summary>
internal static class LintCommand
{
    private const int Files = 1000;
    private const int Runs = 10;

    /// <param name="binary">The published binary.</param>
    /// <param name="squawk">squawk's own binary, not the script of its npm package, which starts node first.</param>
    public static async Task<int> RunAsync(string binary, string squawk)
    {
        string directory = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;
        try
        {
            string[] scripts = [.. Enumerable.Range(0, Files).Select(SampleSql.Script)];
            for (int index = 0; index < Files; index++)
            {
                await File.WriteAllTextAsync(Path.Combine(directory, $"{index:D4}.sql"), scripts[index]);
            }

            await StartedTable.RunAsync(
                $"{Files} files, {scripts.Sum(script => script.Length) >> 10} KiB", Runs,
                new("schemagate lint", "sh", "-c", $"{binary} lint {directory} --output json --fail-on never > /dev/null"),
                // It exits with 1 where it finds something.
                new("squawk", "sh", "-c", $"{squawk} --reporter json {directory}/*.sql > /dev/null || true"));
            InProcess(scripts);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void InProcess(string[] scripts)
    {
        (Sample parsing, Sample judging) = (new(), new());
        int statements = 0;
        for (int run = -1; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            ParsedMigration[] parsed = [.. scripts.Select(
                (sql, index) => new ParsedMigration($"{index:D4}", sql, StatementReader.Read(sql)))];
            TimeSpan parsingTook = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            RiskJudge.Judge(parsed, RiskOptions.Default);
            statements = parsed.Sum(migration => migration.Script.Statements.Count);
            if (run >= 0)
            {
                parsing.Add(parsingTook.TotalSeconds);
                judging.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\n{statements} statements in this process: {statements / parsing.Median:N0} a second are read, "
                + $"{statements / judging.Median:N0} judged."));
    }
}
