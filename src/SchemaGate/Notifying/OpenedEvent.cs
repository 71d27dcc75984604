using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaGate.Core.Gates.Notifying;

namespace SchemaGate.Notifying;

/// <summary>
/// A notice as a CloudEvent (CloudEvents 1.0.2; JSON Event Format, structured mode). The same notice gives the same bytes, however
/// often it is sent.
/// </summary>
/// <param name="Source">The gate's path in the API.</param>
/// <param name="Subject">Namespace and name.</param>
internal sealed record OpenedEvent(string Id, string Source, string Subject, string Time, OpenedData Data)
{
    public const string ContentType = "application/cloudevents+json";

    public string Specversion { get; } = "1.0";

    public string Type { get; } = "dev.schemagate.gate.opened.v1";

    public string Datacontenttype { get; } = "application/json";

    /// <returns>UTF-8; about 20 kB at most.</returns>
    public static byte[] Of(OpenedGate gate, string? environment, Notice notice) => JsonSerializer.SerializeToUtf8Bytes(
        new OpenedEvent(
            notice.Id,
            $"/apis/schemagate.dev/v1alpha1/namespaces/{gate.Namespace}/schemagates/{gate.Name}",
            $"{gate.Namespace}/{gate.Name}",
            Text(notice.At),
            new(
                gate, environment, notice.Image, notice.Digest, new(notice.Identity), notice.Through,
                [.. notice.Migrations.Select(migration => new OpenedMigration(
                    migration.Name, migration.At is { } at ? Text(at) : null))],
                notice.Count)),
        NotifyJson.Default.OpenedEvent);

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
}

/// <param name="Image">The reference as the gate names it.</param>
/// <param name="Through">The last required migration.</param>
/// <param name="Migrations">What was applied since the last event, the first fifty.</param>
/// <param name="MigrationCount">How many those are altogether.</param>
internal sealed record OpenedData(
    OpenedGate Gate, string? Environment, string Image, string Digest, OpenedDatabase Database, string? Through,
    IReadOnlyList<OpenedMigration> Migrations, int MigrationCount);

/// <summary>The gate that has opened.</summary>
internal sealed record OpenedGate(string Namespace, string Name, string Uid);

/// <param name="Identity">System identifier/database/schema: nothing of its URL.</param>
internal sealed record OpenedDatabase(string Identity);

/// <param name="AppliedAt">By the database's clock; absent where its tool keeps no time.</param>
internal sealed record OpenedMigration(string Name, string? AppliedAt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OpenedEvent))]
internal sealed partial class NotifyJson : JsonSerializerContext;
