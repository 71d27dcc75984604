using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using SchemaGate.EndToEnd.Releasing;
using SchemaGate.EndToEnd.Support;

[assembly: AssemblyFixture(typeof(ReleaseFixture))]

namespace SchemaGate.EndToEnd.Releasing;

/// <summary>What <c>config/release/build</c> makes of the tests' binary. Needs node and no cluster.</summary>
public sealed class ReleaseFixture : IAsyncDisposable
{
    public const string Url = "https://downloads.example.com/schemagate/current";

    public const string Image =
        "registry.example.com/ours/schemagate@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly Lazy<Task> built;

    public ReleaseFixture() => built = new(() => BuildAsync(Folder, TestEnvironment.Binary, 1_700_000_000));

    public static string Version { get; } = XDocument.Load(Path.Combine(TestEnvironment.Checkout, "Directory.Build.props"))
        .Descendants("VersionPrefix").Single().Value;

    public static string Platform => IsArm ? "linux-arm64" : "linux-x64";

    public static string Architecture => IsArm ? "arm64" : "amd64";

    public static string Archive => $"schemagate_{Version}_linux_{Architecture}.tar.gz";

    private static bool IsArm => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64;

    private string Folder { get; } = Directory.CreateTempSubdirectory("schemagate-release-").FullName;

    /// <summary>The directory, built once.</summary>
    public async Task<string> FolderAsync()
    {
        await built.Value;
        return Folder;
    }

    /// <param name="output">Where to.</param>
    /// <param name="binary">Of which binary.</param>
    /// <param name="time">SOURCE_DATE_EPOCH.</param>
    public static Task<string> BuildAsync(string output, string binary, long time) =>
        TestEnvironment.RunAsync("env", Command(output, binary, time));

    public static Task<(int Code, string Output, string Error)> TryBuildAsync(string output, string binary) =>
        TestEnvironment.TryAsync("env", Command(output, binary, 0));

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string[] Command(string output, string binary, long time) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"SOURCE_DATE_EPOCH={time}"),
        Path.Combine(TestEnvironment.Checkout, "config/release/build"), "--binary", binary, "--output", output,
        "--url", Url, "--image", Image,
    ];
}
