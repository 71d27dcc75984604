using System.Diagnostics;
using System.Globalization;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Releasing;

/// <summary>The npm packages, installed from their tarballs by npm without a network.</summary>
public sealed class NpmTests(ReleaseFixture release) : IAsyncLifetime
{
    private readonly DirectoryInfo project = Directory.CreateTempSubdirectory("schemagate-npm-");

    private string Command => Path.Combine(project.FullName, "node_modules/.bin/schemagate");

    private string Launcher => Path.Combine(project.FullName, "node_modules/schemagate/bin/schemagate.js");

    public async ValueTask InitializeAsync()
    {
        string packages = Path.Combine(await release.FolderAsync(), "npm");
        await File.WriteAllTextAsync(Path.Combine(project.FullName, "package.json"), "{}");
        // The platform's package is an optional dependency of the other one, and is found beside it.
        await TestEnvironment.RunAsync("npm",
        [
            "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", project.FullName,
            Path.Combine(packages, $"schemagate-{ReleaseFixture.Version}.tgz"),
            Path.Combine(packages, $"schemagate-{ReleaseFixture.Platform}-{ReleaseFixture.Version}.tgz"),
        ]);
    }

    public ValueTask DisposeAsync()
    {
        project.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_is_the_command_with_its_input_its_output_and_its_exit_codes()
    {
        Assert.Equal($"schemagate {ReleaseFixture.Version}", (await TestEnvironment.RunAsync(
            "npx", ["--offline", "--prefix", project.FullName, "schemagate", "version"])).Split('\n')[0].Split(" (")[0]);
        (int code, string output, string error) = await TestEnvironment.TryAsync(Command, ["lint", "-"], "DROP TABLE users;\n");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("drop-table", output, StringComparison.Ordinal);
        Assert.Equal(0, (await TestEnvironment.TryAsync(Command, ["lint", "-"], "CREATE TABLE t (id int PRIMARY KEY);\n")).Code);
        Assert.Equal(2, (await TestEnvironment.TryAsync(Command, ["verify", "/no/such/directory"])).Code);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_as_it_ends_the_command(string signal)
    {
        string[] arguments = ["wait", "shop=x:1", "-n", "shop", "--server", "https://127.0.0.1:1"];
        using Process process = Process.Start(new ProcessStartInfo(Command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        // It is at work once it says why it waits.
        string? line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Contains("waiting", line, StringComparison.Ordinal);
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(
            TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task Another_platform_is_told_what_there_is()
    {
        string pretence = Path.Combine(project.FullName, "elsewhere.js");
        await File.WriteAllTextAsync(
            pretence, "Object.defineProperty(process, 'platform', { value: 'win32' });", TestContext.Current.CancellationToken);
        (int code, string output, string error) = await TestEnvironment.TryAsync("node", ["--require", pretence, Launcher, "version"]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("schemagate: there is no binary for win32-", error, StringComparison.Ordinal);
        Assert.Contains($"only for {ReleaseFixture.Platform} with glibc", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_was_left_out_is_named_with_what_brings_it()
    {
        Directory.Delete(Path.Combine(project.FullName, "node_modules/@schemagate"), recursive: true);
        (int code, _, string error) = await TestEnvironment.TryAsync(Command, ["version"]);
        Assert.Equal(2, code);
        Assert.StartsWith($"schemagate: @schemagate/{ReleaseFixture.Platform} is not installed.", error, StringComparison.Ordinal);
    }
}
