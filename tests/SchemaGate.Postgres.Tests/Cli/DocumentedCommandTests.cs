using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>The commands of README and guides that need no cluster, as they stand there, by a shell: in a checkout whose migrations are in
/// no database yet. tests/commands.yaml says how each ends.</summary>
public sealed class DocumentedCommandTests : IDisposable
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop, namespace: shop, labels: { schemagate.dev/gated: "true" } }
        spec: { selector: { matchLabels: { app: shop } }, template: {
          metadata: { labels: { app: shop, schemagate.dev/gated: "true" },
            annotations: { schemagate.dev/requires: shop=registry.example.com/shop/schema:1.42.0 } },
          spec: { containers: [ { name: app, image: "registry.example.com/shop:1.42.0" } ] } } }
        """;

    private readonly string root = Directory.CreateTempSubdirectory("schemagate-commands-").FullName;

    public DocumentedCommandTests()
    {
        string sources = Path.Combine(Repository.Root, "config/demo/schema-v2");
        foreach (string file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories))
        {
            Write(Path.GetRelativePath(sources, file), File.ReadAllText(file));
        }

        Write("deploy/shop.yaml", Manifest);
        foreach (string folder in (string[])["bin", "etc/bash_completion.d", "zsh", ".config/fish/completions"])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        File.CreateSymbolicLink(Path.Combine(root, "bin/schemagate"), Path.Combine(AppContext.BaseDirectory, "schemagate"));
    }

    public static TheoryData<string> Commands =>
        [.. Known().Where(one => one["exit"] is not null).Select(one => one["command"]!.ToString())];

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_of_the_documents_does_what_it_is_said_to(string command)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        JsonNode one = Known().Single(one => one["command"]!.ToString() == command);
        (int code, string said) = await RunAsync($"{one["before"] ?? ":"} || exit 99\n{command}", database.UrlText());
        Assert.True(code == one["exit"]!.GetValue<long>(), string.Create(CultureInfo.InvariantCulture, $"{command}: {code}\n{said}"));
    }

    private static IEnumerable<JsonNode> Known() =>
        Yaml.ToJson(Yaml.Load(Path.Combine(Repository.Root, "tests/commands.yaml")))!.AsArray().OfType<JsonNode>();

    private async Task<(int Code, string Said)> RunAsync(string script, string database)
    {
        ProcessStartInfo start = new("bash")
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        // zsh's array counts from one; and what is the machine's is this directory's here.
        start.ArgumentList.Add($"fpath=(- zsh)\n{script.Replace("/etc/", $"{root}/etc/", StringComparison.Ordinal)}");
        start.Environment["PATH"] = $"{root}/bin:{start.Environment["PATH"]}";
        start.Environment["HOME"] = root;
        start.Environment["DATABASE_URL"] = database;
        start.Environment["LAST_RELEASED"] = "00000000000000_init_baseline";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    private void Write(string file, string text)
    {
        string path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
