using System.Text.Json;

namespace SchemaGate.Benchmarks.Idling;

/// <summary>What one client has asked of the API server since a moment, from the server's own audit log.</summary>
internal sealed class AuditLog(string path, string agent)
{
    private readonly long from = new FileInfo(path).Length;

    /// <summary>Every request that has ended since; a watch counts when it ends.</summary>
    public IReadOnlyList<Request> Read()
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = from;
        using StreamReader lines = new(file);
        List<Request> requests = [];
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            if (entry.RootElement.TryGetProperty("userAgent", out JsonElement name)
                && name.GetString()!.StartsWith(agent, StringComparison.Ordinal))
            {
                requests.Add(new(
                    entry.RootElement.GetProperty("verb").GetString()!, entry.RootElement.GetProperty("requestURI").GetString()!,
                    entry.RootElement.GetProperty("stageTimestamp").GetDateTimeOffset()));
            }
        }

        return requests;
    }

    internal sealed record Request(string Verb, string Address, DateTimeOffset EndedAt)
    {
        public bool RenewsLease => Verb is "update" && Address.Contains("/leases/", StringComparison.Ordinal);

        public bool Writes => Verb is not ("get" or "list" or "watch") && !RenewsLease;
    }
}
