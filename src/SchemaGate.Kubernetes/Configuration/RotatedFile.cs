namespace SchemaGate.Kubernetes.Configuration;

/// <summary>
/// A small file that others replace: looked at again at most every ten seconds. While it cannot be read or is empty,
/// what was read last counts.
/// </summary>
internal sealed class RotatedFile(string path, int maxBytes, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private string? text;
    private long readAt;

    /// <param name="now">Look at once.</param>
    /// <returns>The same instance while the text is the same.</returns>
    /// <exception cref="KubernetesException">InvalidConfiguration: it has never been readable.</exception>
    public string Text(bool now = false)
    {
        lock (gate)
        {
            if (text is null || now || time.GetElapsedTime(readAt) >= Interval)
            {
                readAt = time.GetTimestamp();
                text = Read(text);
            }

            return text;
        }
    }

    private string Read(string? last)
    {
        try
        {
            var read = BoundedFile.ReadText(path, maxBytes);
            if (string.IsNullOrWhiteSpace(read))
            {
                return last ?? throw YamlFile.Invalid($"{path} is empty");
            }

            return read == last ? last : read;
        }
        catch (KubernetesException) when (last is not null)
        {
            return last;
        }
    }
}
