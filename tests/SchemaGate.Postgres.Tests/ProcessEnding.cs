using System.Diagnostics;

namespace SchemaGate.Postgres.Tests;

internal static class ProcessEnding
{
    /// <summary>Waits for a process whose output is redirected, and disposes of it.</summary>
    /// <returns>Its exit code; its output and, behind that, its standard error.</returns>
    public static async Task<(int Code, string Text)> EndAsync(this Process process)
    {
        using Process run = process;
        Task<string> output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (run.ExitCode, await output + await error);
    }
}
