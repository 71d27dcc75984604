namespace SchemaGate.EndToEnd.Registries;

/// <summary>An image in a folder, made by umoci: its later layers delete a file and a directory, and add a file.</summary>
internal sealed class SampleImage : IDisposable
{
    /// <summary>What its docs directory has in the end.</summary>
    public const string Content = "docs/kept.md=kept docs/new.md=new";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("schemagate-");

    private SampleImage()
    {
    }

    public static async Task<SampleImage> MakeAsync()
    {
        var sample = new SampleImage();
        var (root, image) = (sample.folder.FullName, $"{sample.folder.FullName}/image:1");
        await ImageTool.RunAsync("umoci", "init", "--layout", $"{root}/image");
        await ImageTool.RunAsync("umoci", "new", "--image", image);
        Write($"{root}/first/docs/kept.md", "kept");
        Write($"{root}/first/docs/gone.md", "gone");
        Write($"{root}/first/docs/old/gone.md", "gone");
        Write($"{root}/second/new.md", "new");
        await ImageTool.RunAsync("umoci", "insert", "--image", image, $"{root}/first/docs", "/docs");
        await ImageTool.RunAsync("umoci", "insert", "--image", image, "--whiteout", "/docs/gone.md");
        await ImageTool.RunAsync("umoci", "insert", "--image", image, "--whiteout", "/docs/old");
        await ImageTool.RunAsync("umoci", "insert", "--image", image, $"{root}/second/new.md", "/docs/new.md");
        return sample;
    }

    /// <summary>Pushes it with skopeo, which trusts any certificate here.</summary>
    public Task PushAsync(string reference, params string[] options) => ImageTool.RunAsync("skopeo",
        ["copy", "--quiet", "--dest-tls-verify=false", .. options, $"oci:{folder.FullName}/image:1", $"docker://{reference}"]);

    public void Dispose() => folder.Delete(recursive: true);

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
