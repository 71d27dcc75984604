using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Benchmarks.Startup;

namespace SchemaGate.Benchmarks.Proving;

/// <summary>
/// <c>schemagate prove</c> as a whole process: 2,000 statements on 177 tables, beside psql preparing each of them as it is, before and
/// after: no proof can take less of the server.
/// </summary>
internal static class ProveCommand
{
    private const int Runs = 5;

    public static async Task<int> RunAsync(string binary)
    {
        using ProvedSchema schema = new();
        await using ScratchDatabase database = await ScratchDatabase.CreateAsync($"schemagate-benchmark-{Guid.NewGuid():N}");
        string url = database.Address.ToString();
        await ChildProcess.RunAsync(binary, ["migrate", schema.Root, "--through", ProvedSchema.Last, "--database", url]);
        string[] prove = ["prove", schema.Root, "--database", url, "--statements", schema.Statements];
        string[] harmless = [.. prove, "--through", ProvedSchema.Harmless];
        (string said, _) = await ChildProcess.RunAsync(binary, harmless);
        Console.WriteLine($"{said.TrimEnd().Split('\n')[^1]}\n");
        await StartedTable.RunAsync(
            $"{ProvedSchema.Shapes} statements, {ProvedSchema.Tables} tables", Runs,
            new("schemagate prove", binary, harmless),
            // A comment makes it another set, which nothing was built of.
            Shell("schemagate prove, the first of its set", $"echo '-- '$(date +%N) >> {schema.First}; {Line(binary, harmless)}"),
            Shell("schemagate prove, two migrations of which one breaks", $"{Line(binary, prove)}; test $? = 1"),
            new("psql, PREPARE twice", "psql", "-q", "-f", schema.PreparedTwice, url));
        return 0;
    }

    private static Started Shell(string name, string line) => new(name, "sh", "-c", line);

    private static string Line(string binary, string[] arguments) => $"{binary} {string.Join(' ', arguments.Select(word => $"'{word}'"))}";
}
