using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SchemaGate.Postgres.Tests;

/// <summary>A server in a temporary directory, for tests that stop it, starve it or copy it to a standby.</summary>
internal sealed class ThrowawayServer : IAsyncDisposable
{
    private readonly string _directory;
    private readonly int _port;

    private ThrowawayServer(string directory, int port)
    {
        _directory = directory;
        _port = port;
    }

    public string Url => Given ?? $"postgresql://postgres@127.0.0.1:{_port}/postgres";

    /// <summary>The file that has what the server logs.</summary>
    public string Log => $"{_directory}.log";

    public string SocketDirectory => Path.GetDirectoryName(_directory)!;

    private static string Binaries { get; } = Newest();

    /// <summary>For other major versions a server that is there already, with the settings that tests ask for; null makes one.</summary>
    private static string? Given { get; } = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SERVER");

    public static async Task<ThrowawayServer> StartAsync(string settings = "")
    {
        ThrowawayServer server = Allocate();
        if (Given is not null)
        {
            return server;
        }

        await server.RunAsync("initdb", "-D", server._directory, "-A", "trust", "-U", "postgres", "--no-sync");
        await server.StartAgainAsync(settings);
        return server;
    }

    /// <summary>A streaming standby of this server.</summary>
    public async Task<ThrowawayServer> StandbyAsync()
    {
        ThrowawayServer standby = Allocate();
        await standby.RunAsync(
            "pg_basebackup", "-D", standby._directory, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-h", "127.0.0.1", "-p", $"{_port}",
            "-U", "postgres");
        await standby.StartAgainAsync();
        return standby;
    }

    public Task StartAgainAsync(string settings = "") => RunAsync(
        "pg_ctl", "-D", _directory, "-l", Log, "-w", "-o",
        $"-p {_port} -k {SocketDirectory} -c listen_addresses=127.0.0.1 -c fsync=off {settings}", "start");

    public Task StopAsync(string mode = "fast") => RunAsync("pg_ctl", "-D", _directory, "-m", mode, "-w", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_directory, "postmaster.pid")))
        {
            await StopAsync("immediate");
        }

        Directory.Delete(SocketDirectory, recursive: true);
    }

    private static string Newest() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int version) ? version : 0)
            .Select(path => Path.Combine(path, "bin")).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb"))) ?? ""
        : "";

    private static ThrowawayServer Allocate()
    {
        if (Binaries.Length == 0)
        {
            Prerequisite.Missing("No PostgreSQL server's programs are in /usr/lib/postgresql/*/bin.");
        }

        string parent = Directory.CreateTempSubdirectory("schemagate-pg").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(parent, (UnixFileMode)0b111_111_111);
        }

        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return new ThrowawayServer(Path.Combine(parent, "data"), ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private async Task RunAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(Binaries, program);
        bool isRoot = Environment.UserName == "root";
        ProcessStartInfo start =
            new(isRoot ? "runuser" : path, isRoot ? ["-u", "postgres", "--", path, .. arguments] : arguments) { WorkingDirectory = "/" };
        // Not redirected: the server would inherit the pipe and keep it open.
        start.RedirectStandardOutput = program != "pg_ctl";
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} failed with {process.ExitCode}; see {Log}");
    }
}
