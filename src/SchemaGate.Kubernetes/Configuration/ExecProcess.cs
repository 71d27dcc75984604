using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Runs a credential plugin, for a limited time and output.</summary>
internal static class ExecProcess
{
    private const int MaxOutputBytes = 1 << 20;
    private const int MaxShownBytes = 1 << 10;

    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="KubernetesException">CredentialPluginFailed; the message shows the beginning of its standard error.</exception>
    public static async Task<byte[]> RunAsync(ExecPlugin plugin, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(plugin.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var process = Start(plugin);
        try
        {
            process.StandardInput.Close();
            var complaint = new byte[MaxShownBytes];
            var complaining = FillAsync(process.StandardError.BaseStream, complaint, drain: true);
            var output = await OutputAsync(plugin, process, either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? output : throw await FailedAsync(plugin, process.ExitCode, complaining, complaint);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw plugin.Failed(string.Create(CultureInfo.InvariantCulture, $"did not end within {plugin.TimeLimit.TotalSeconds:0.#} s"));
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo(Found(plugin), plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = plugin.Info;
        try
        {
            return Process.Start(start) ?? throw plugin.Failed("cannot be started");
        }
        catch (Win32Exception e)
        {
            throw plugin.Failed($"cannot be started: {new Win32Exception(e.NativeErrorCode).Message}");
        }
    }

    // This runtime would also look in its own and the working directory, where anybody may have left a program.
    private static string Found(ExecPlugin plugin)
    {
        var directories = Path.IsPathRooted(plugin.Command)
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var endings = OperatingSystem.IsWindows() ? ["", ".exe"] : new[] { "" };
        var candidates = directories.SelectMany(directory => endings.Select(ending => Path.Join(directory, plugin.Command) + ending));
        return candidates.FirstOrDefault(candidate => Path.IsPathRooted(candidate) && File.Exists(candidate))
            ?? throw plugin.Failed(
                $"is not installed ({plugin.Command} not found){(plugin.InstallHint is { } hint ? $": {OneLine(hint)}" : "")}");
    }

    private static async Task<byte[]> OutputAsync(ExecPlugin plugin, Process process, CancellationToken cancellation)
    {
        var output = new byte[MaxOutputBytes + 1];
        // Not by the stream's own cancellation: a pipe that a grandchild keeps open is not always let go of.
        var length = await FillAsync(process.StandardOutput.BaseStream, output, drain: false).WaitAsync(cancellation);
        return length <= MaxOutputBytes ? output[..length] : throw plugin.Failed($"answered with more than {MaxOutputBytes >> 20} MiB");
    }

    private static async Task<int> FillAsync(Stream stream, byte[] buffer, bool drain)
    {
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            if (drain)
            {
                // A program whose pipe is full would wait for ever.
                await stream.CopyToAsync(Stream.Null);
            }

            return length;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static async Task<KubernetesException> FailedAsync(ExecPlugin plugin, int code, Task complaining, byte[] complaint)
    {
        await complaining.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var text = OneLine(Encoding.UTF8.GetString(complaint));
        return plugin.Failed($"failed with exit code {code}{(text.Length > 0 ? $": {text}" : " and without a word")}");
    }

    private static string OneLine(string text) =>
        string.Concat(text.Take(MaxShownBytes).Select(sign => char.IsControl(sign) ? ' ' : sign)).Trim();

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended, or is not ours to end any more.
        }
    }
}
