using System.Diagnostics;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Tests.Pipelines;

/// <summary>Programs that a pipeline runs, which find the command that was just built.</summary>
internal static class Script
{
    /// <summary>Skips the test, or fails it where CI=true promises that everything is there.</summary>
    public static void Needs(string program)
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));
        Assert.False(!isThere && Environment.GetEnvironmentVariable("CI") == "true", $"{program} is not installed");
        Assert.SkipUnless(isThere, $"{program} is not installed");
    }

    /// <summary>What it printed and returned; both of its outputs together.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string directory, IEnumerable<(string Name, string Value)> environment, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DATABASE_URL");
        foreach ((string name, string value) in GitShop.Environment().Concat(environment))
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = $"{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        // A program's name is looked for on the PATH of this process, which has not what was just built.
        start.FileName = program == "schemagate" ? Path.Combine(AppContext.BaseDirectory, program) : program;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
