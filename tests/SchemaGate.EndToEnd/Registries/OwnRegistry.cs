using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SchemaGate.Tests;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>A docker-registry of one test, on a free port.</summary>
internal sealed class OwnRegistry : IAsyncDisposable
{
    // Of "password", by bcrypt with the least rounds.
    private const string Accounts = "user:$2b$04$BMT0ETAIjE4rGlMzdluZoevORWY04PSakLi.ekzoBzg6W6RUSlU/S\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("schemagate-");
    private readonly int port;
    private readonly IPAddress host;
    private Process? process;

    private OwnRegistry(IPAddress host) => (this.host, port) = (host, FreePort.Next(host));

    /// <summary><c>host:port</c>, as a reference begins.</summary>
    public string Address => $"{host}:{port}";

    /// <param name="authority">Issued its certificate; null for plain HTTP.</param>
    /// <param name="hasPassword">Whether it lets in only <c>user</c> with <c>password</c>.</param>
    /// <param name="tokens">Whose tokens it demands; null for none.</param>
    /// <param name="host">Where it listens; null is 127.0.0.1.</param>
    public static async Task<OwnRegistry> StartAsync(
        PrivateAuthority? authority = null, bool hasPassword = false, TokenServer? tokens = null, IPAddress? host = null)
    {
        var registry = new OwnRegistry(host ?? IPAddress.Loopback);
        registry.Configure(authority, hasPassword, tokens);
        try
        {
            registry.process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", registry.Path("config.yml")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            registry.process.BeginErrorReadLine();
            registry.process.BeginOutputReadLine();
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("docker-registry is not installed");
        }

        await registry.WaitAsync();
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    private void Configure(PrivateAuthority? authority, bool hasPassword, TokenServer? tokens)
    {
        File.WriteAllText(Path("accounts"), Accounts);
        if (authority is not null)
        {
            File.WriteAllText(Path("server.crt"), authority.Server.ExportCertificatePem());
            File.WriteAllText(Path("server.key"), authority.ServerKeyPem);
            File.WriteAllText(Path("authority.crt"), authority.Certificate.ExportCertificatePem());
        }

        var tls = authority is null ? "" : $$""", tls: { certificate: {{Path("server.crt")}}, key: {{Path("server.key")}} }""";
        var auth = hasPassword ? $$"""auth: { htpasswd: { realm: test, path: {{Path("accounts")}} } }"""
            : tokens is null ? ""
            : $$"""
                auth:
                  token:
                    realm: {{tokens.Realm}}
                    service: {{TokenServer.Audience}}
                    issuer: {{TokenServer.Issuer}}
                    rootcertbundle: {{Path("authority.crt")}}
                """;
        File.WriteAllText(Path("config.yml"), $$"""
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{Path("data")}} }, maintenance: { uploadpurging: { enabled: false } } }
            http: { addr: "{{Address}}", secret: test{{tls}} }
            {{auth}}
            """);
    }

    private string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    private async Task WaitAsync()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(host, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        Assert.Fail("docker-registry does not accept connections");
    }
}
