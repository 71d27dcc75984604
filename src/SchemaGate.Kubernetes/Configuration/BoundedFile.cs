using System.Text;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Reads small files whole, and refuses large ones by name.</summary>
internal static class BoundedFile
{
    public static string ReadText(string path, int maxBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One more byte than allowed: a pipe's length is not known before it is read.
            var buffer = new byte[maxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? throw YamlFile.Invalid($"{path} is larger than {maxBytes / 1024} KiB; is it the right file?")
                : new StreamReader(new MemoryStream(buffer, 0, length), Encoding.UTF8).ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new KubernetesException(StatusReason.InvalidConfiguration, $"{path} cannot be read: {e.Message}", inner: e);
        }
    }
}
