using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace SchemaGate.EndToEnd.Support;

/// <summary>What <c>tests/cluster/up</c> exports. Where it is missing a test is skipped, and under CI=true it fails.</summary>
public static class TestEnvironment
{
    public static string Registry => Needed("SCHEMAGATE_TEST_REGISTRY");

    public static string RegistryData => Needed("SCHEMAGATE_TEST_REGISTRY_DATA");

    public static string Database => Needed("SCHEMAGATE_TEST_DATABASE");

    /// <summary>The server's data directory: only one that is the test cluster's own is stopped and damaged.</summary>
    public static string DatabaseData => Needed("SCHEMAGATE_TEST_DATABASE_DATA");

    /// <summary>The operator's image, by digest.</summary>
    public static string Image => Needed("SCHEMAGATE_TEST_IMAGE");

    /// <summary>The published command: the image's, unless it is not for this machine.</summary>
    public static string Binary => Needed("SCHEMAGATE_TEST_BINARY");

    /// <summary>The directory that tests/prisma/install prints.</summary>
    public static string Prisma => Needed("SCHEMAGATE_TEST_PRISMA");

    /// <summary>The directory that tests/deploy-tools/install prints.</summary>
    public static string DeployTools => Needed("SCHEMAGATE_TEST_DEPLOY_TOOLS");

    /// <summary>The interpreter of Lua 5.1: what Argo CD's scripts are written for.</summary>
    public static string Lua => Installed("lua5.1", "lua");

    public static string Prometheus => Installed("prometheus", "prometheus");

    /// <summary>Comes with Prometheus.</summary>
    public static string Promtool => Installed("promtool", "prometheus");

    public static string Kubeconfig => Needed("KUBECONFIG");

    /// <summary>The checkout's root.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>
    /// <c>kubectl apply -f -</c>, which does not read the server's whole OpenAPI document first (three times the CPU of all the
    /// rest): the server validates, and kubectl knows by itself how its kinds are merged.
    /// </summary>
    public static IReadOnlyList<string> Apply { get; } = ["apply", "--validate=false", "--openapi-patch=false", "-f", "-"];

    /// <summary>This machine's address for pods, and for itself.</summary>
    public static string Host => Needed("SCHEMAGATE_TEST_HOST");

    /// <summary>An address of the registry or the database as pods reach it.</summary>
    public static string FromPods(string address) => address.Replace("127.0.0.1", Host, StringComparison.Ordinal);

    /// <summary>Stops or starts a component of the test cluster.</summary>
    public static Task ServiceAsync(string name, string action) =>
        RunAsync(Path.Combine(Checkout, "tests/cluster/service"), [name, action]);

    /// <returns>Standard output; a failure throws with standard error.</returns>
    public static async Task<string> RunAsync(string file, IReadOnlyList<string> arguments, string? input = null) =>
        Done(file, arguments, await TryAsync(file, arguments, input));

    /// <summary>As <see cref="RunAsync"/>, for what may write.</summary>
    public static async Task<string> AskedAgainAsync(string file, IReadOnlyList<string> arguments, string? input = null) =>
        Done(file, arguments, await TryAgainAsync(file, arguments, input));

    /// <summary>
    /// Where replicas are being killed, a write that none could be asked about is repeated,
    /// as every deployment tool does.
    /// </summary>
    public static async Task<(int Code, string Output, string Error)> TryAgainAsync(
        string file,
        IReadOnlyList<string> arguments,
        string? input = null)
    {
        (int Code, string Output, string Error) end = await TryAsync(file, arguments, input);
        for (int tries = 0; OperatorFixture.IsUnderKills && tries < 60 && end.Code != 0
            && end.Error.Contains("failed calling webhook", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            end = await TryAsync(file, arguments, input);
        }

        return end;
    }

    public static async Task<(int Code, string Output, string Error)> TryAsync(
        string file,
        IReadOnlyList<string> arguments,
        string? input = null)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (process.ExitCode, await output, await error);
    }

    private static string Done(string file, IReadOnlyList<string> arguments, (int Code, string Output, string Error) end)
    {
        Assert.True(end.Code == 0, $"{file} {string.Join(' ', arguments)} exited with {end.Code}: {end.Error}{end.Output}");
        return end.Output;
    }

    private static string Installed(string command, string name)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, command))))
        {
            Skip($"{command} is not installed; run: tests/cluster/install {name}");
        }

        return command;
    }

    private static string Needed(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(value))
        {
            string missing = $"{name} is not set; run: eval \"$(tests/cluster/up)\" and export "
                + "SCHEMAGATE_TEST_IMAGE=$(tests/cluster/build-image) SCHEMAGATE_TEST_PRISMA=$(tests/prisma/install) "
                + "SCHEMAGATE_TEST_BINARY=$(tests/cluster/build-image --binary) "
                + "SCHEMAGATE_TEST_DEPLOY_TOOLS=$(tests/deploy-tools/install)";
            Skip(missing);
        }

        return value;
    }

    [DoesNotReturn]
    private static void Skip(string missing)
    {
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
        Assert.Skip(missing);
    }

    private static string FindCheckout()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "SchemaGate.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside a checkout");
    }
}
