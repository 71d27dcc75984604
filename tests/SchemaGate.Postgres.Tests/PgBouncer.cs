using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SchemaGate.Postgres.Tests;

/// <summary>A PgBouncer before the test server, in a temporary directory.</summary>
internal sealed class PgBouncer : IDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";
    private readonly string _directory;
    private readonly int _port;

    private PgBouncer(string directory, int port) => (_directory, _port) = (directory, port);

    public static async Task<PgBouncer> StartAsync(TestDatabase database, string mode, string settings)
    {
        if (!File.Exists(Program) || OperatingSystem.IsWindows())
        {
            Prerequisite.Missing($"{Program} is not there (Debian's package pgbouncer).");
        }

        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        PgBouncer pooler = new(
            Directory.CreateTempSubdirectory("schemagate-pgbouncer").FullName, ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(pooler._directory, (UnixFileMode)0b111_111_111);
        }

        Uri server = new(database.UrlText());
        string[] user = server.UserInfo.Split(':');
        await File.WriteAllTextAsync(
            Path.Combine(pooler._directory, "users"), $"\"{user[0]}\" \"{Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? "")}\"\n");
        await File.WriteAllTextAsync(Path.Combine(pooler._directory, "ini"), $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {pooler._port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_dir =
            auth_type = plain
            auth_file = {pooler._directory}/users
            logfile = {pooler._directory}/log
            pidfile = {pooler._directory}/pid
            pool_mode = {mode}
            {settings}

            """);
        // It refuses to run as root.
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", Program] : [Program];
        using Process process = Process.Start(command[0], [.. command.Skip(1), "-q", "-d", Path.Combine(pooler._directory, "ini")]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        await pooler.ListensAsync();
        return pooler;
    }

    /// <summary>The parent is gone before the child listens.</summary>
    private async Task ListensAsync()
    {
        for (int tries = 0; ; tries++)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    public Uri Before(string url) => new UriBuilder(url) { Host = "127.0.0.1", Port = _port }.Uri;

    public void Dispose()
    {
        string pid = Path.Combine(_directory, "pid");
        if (File.Exists(pid))
        {
            using Process process = Process.GetProcessById(int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture));
            process.Kill();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
