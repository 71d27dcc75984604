using System.Diagnostics;

namespace SchemaGate.Benchmarks;

/// <summary>Runs a command and waits for it.</summary>
internal static class ChildProcess
{
    /// <returns>Standard output and standard error; a failure throws with the latter.</returns>
    public static async Task<(string Output, string Error)> RunAsync(string file, IReadOnlyList<string> arguments, string input = "")
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output, await error)
            : throw new InvalidOperationException($"{file} exited with {process.ExitCode}: {await error}");
    }
}
