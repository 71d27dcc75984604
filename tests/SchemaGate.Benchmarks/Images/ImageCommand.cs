using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Images;

/// <summary>
/// The image's size, as a registry keeps it and as a node unpacks it, beside the smallest image that could wait in a shell.
/// </summary>
internal static class ImageCommand
{
    public static async Task<int> RunAsync()
    {
        (string built, _) = await ChildProcess.RunAsync(Path.Combine(Checkout.Root, "tests/cluster/build-image"), []);
        using HttpClient http = new();
        http.DefaultRequestHeaders.Add(
            "Accept", ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]);
        Size own = await SizeAsync(http, built.Trim());
        Size busybox = await SizeAsync(http, $"{Needed.Registry}/app:v1");
        Console.WriteLine("| image | compressed MiB | ratio | unpacked MiB | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        Print("schemagate", own, own);
        Print("busybox", busybox, own);
        return 0;
    }

    /// <param name="http">Accepts manifests.</param>
    /// <param name="reference">An image on a registry without TLS: <c>host/repository@digest</c> or <c>host/repository:tag</c>.</param>
    private static async Task<Size> SizeAsync(HttpClient http, string reference)
    {
        string[] parts = reference.Split('/', 2);
        string[] name = parts[1].Split('@') is [var repository, var digest] ? [repository, digest] : parts[1].Split(':');
        string address = $"http://{parts[0]}/v2/{name[0]}";
        using JsonDocument manifest = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{address}/manifests/{name[1]}")));
        Size size = new(0, 0);
        foreach (JsonElement layer in manifest.RootElement.GetProperty("layers").EnumerateArray())
        {
            await using Stream blob = await http.GetStreamAsync(new Uri($"{address}/blobs/{layer.GetProperty("digest").GetString()}"));
            await using GZipStream unpacked = new(blob, CompressionMode.Decompress);
            size = new(size.Compressed + layer.GetProperty("size").GetInt64(), size.Unpacked + await LengthAsync(unpacked));
        }

        return size;
    }

    private static async Task<long> LengthAsync(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        for (int read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
        {
            length += read;
        }

        return length;
    }

    private static void Print(string name, Size size, Size own) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {size.Compressed / 1048576.0:F1} | {(double)size.Compressed / own.Compressed:F2} | {size.Unpacked / 1048576.0:F1} | "
            + $"{(double)size.Unpacked / own.Unpacked:F2} |"));

    /// <summary>Bytes of all layers; unpacked as tar archives.</summary>
    private sealed record Size(long Compressed, long Unpacked);
}
