using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SchemaGate.Evidence;

/// <summary>What git wrote, and how it ended.</summary>
/// <param name="Complaint">The beginning of its standard error.</param>
internal sealed record GitAnswer(int Code, byte[] Output, string Complaint)
{
    public string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');
}

/// <summary>Asks the git that is installed, which knows every way to keep objects. Nothing is written, and no shell is between.</summary>
/// <param name="root">A directory of the repository.</param>
/// <param name="time">The clock of the time limit.</param>
internal sealed class GitRepository(string root, TimeProvider time)
{
    /// <summary>More than the history of any schema takes.</summary>
    private const int MostBytes = 128 << 20;
    private const int MostShown = 1 << 10;

    /// <summary>A clone that lacks objects fetches them while it is asked.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>What a hook's git leaves in the environment is about the place that it was started in, and PATH may be elsewhere.</summary>
    private static readonly string[] s_ofOthers = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

    public string Root { get; } = Path.GetFullPath(root);

    public GitRepository In(string directory) => new(directory, time);

    /// <param name="arguments">Of which no user's word may be an option.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="GitException">It is not there, or takes too long, or says too much.</exception>
    public async Task<GitAnswer> AskAsync(IEnumerable<string> arguments, string input, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(s_limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using Process process = Start(arguments);
        try
        {
            Task<byte[]> complaining = BeginningAsync(process.StandardError.BaseStream, either.Token);
            Task writing = WriteAsync(process.StandardInput, input);
            byte[] output = await AllAsync(process.StandardOutput.BaseStream, either.Token);
            await writing.WaitAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return new(process.ExitCode, output, Encoding.UTF8.GetString(await complaining.WaitAsync(either.Token)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new GitException($"git did not answer within {s_limit.TotalSeconds} seconds.");
        }
        finally
        {
            Kill(process);
        }
    }

    private Process Start(IEnumerable<string> arguments)
    {
        // A hook of the repository's own configuration would run otherwise.
        ProcessStartInfo start = new(Program(), ["-c", "core.fsmonitor=false", .. arguments])
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in s_ofOthers)
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        // A path is a path, whatever signs are in its name.
        start.Environment["GIT_LITERAL_PATHSPECS"] = "1";
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start) ?? throw new GitException("git cannot be started.");
        }
        catch (Win32Exception exception)
        {
            throw new GitException($"git cannot be started: {new Win32Exception(exception.NativeErrorCode).Message}.");
        }
    }

    /// <summary>Of the PATH: the runtime would also look in the current directory, where a checkout may have its own.</summary>
    private static string Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Join(directory, OperatingSystem.IsWindows() ? "git.exe" : "git"))
        .FirstOrDefault(candidate => Path.IsPathRooted(candidate) && File.Exists(candidate))
        ?? throw new GitException("git is not installed, and --changed-since asks it what the branch adds.");

    private static async Task WriteAsync(StreamWriter writer, string input)
    {
        try
        {
            await using (writer)
            {
                await writer.WriteAsync(input);
            }
        }
        catch (IOException)
        {
            // It has ended without reading all: its exit code says why.
        }
    }

    private static async Task<byte[]> AllAsync(Stream stream, CancellationToken cancellation)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[64 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > MostBytes)
            {
                throw new GitException($"git has more than {MostBytes >> 20} MiB to say of the places that are asked about.");
            }
        }

        return content.ToArray();
    }

    /// <summary>The rest is read, too: a program whose pipe is full waits for ever.</summary>
    private static async Task<byte[]> BeginningAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] beginning = new byte[MostShown];
        int length = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellation);
        await stream.CopyToAsync(Stream.Null, cancellation);
        return beginning[..length];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or NotSupportedException
            or AggregateException)
        {
            // It has ended.
        }
    }
}
