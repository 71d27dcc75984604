using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Lint;

/// <summary>One known finding.</summary>
/// <param name="Fingerprint">See <see cref="Baseline.Fingerprint"/>.</param>
internal sealed record BaselineEntry(string Migration, string Rule, string Fingerprint);

/// <summary>A baseline: findings that are known and hidden. The file is sorted, so that it merges well.</summary>
internal sealed record Baseline(int Version, IReadOnlyList<BaselineEntry> Findings)
{
    private const int CurrentVersion = 1;
    private const int FingerprintLength = 32;

    public static Baseline Empty { get; } = new(CurrentVersion, []);

    public static Baseline Of(LintReport report) => new(CurrentVersion,
    [
        .. report.Migrations
            .SelectMany(
                migration => migration.Findings.Select(finding => new BaselineEntry(migration.Name, finding.Rule, finding.Fingerprint)))
            .Distinct()
            .OrderBy(entry => entry.Migration, StringComparer.Ordinal)
            .ThenBy(entry => entry.Rule, StringComparer.Ordinal)
            .ThenBy(entry => entry.Fingerprint, StringComparer.Ordinal),
    ]);

    /// <summary>
    /// Without line numbers: what stands above a statement may change. Line ends do not count, as a checkout may change them.
    /// </summary>
    public static string Fingerprint(string rule, string migration, string statement)
    {
        string text = $"{rule}\n{migration}\n{statement.Replace("\r\n", "\n", StringComparison.Ordinal)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..FingerprintLength];
    }

    /// <exception cref="UsageException">It is no baseline.</exception>
    public static Baseline Read(string file, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BaselineJson.Default.Baseline) is { Version: CurrentVersion } baseline
                && !baseline.Findings.Contains(null!)
                ? baseline
                : throw new UsageException(
                    $"{StyledText.Printable(file)} is no baseline of this version: write it again with --write-baseline.");
        }
        catch (JsonException exception)
        {
            throw new UsageException(
                $"{StyledText.Printable(file)}:{(exception.LineNumber ?? 0) + 1}: This is no baseline: write it with --write-baseline.");
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, BaselineJson.Relaxed.Baseline) + "\n";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Baseline))]
internal sealed partial class BaselineJson : JsonSerializerContext
{
    public static BaselineJson Relaxed => field ??= new(
        new JsonSerializerOptions(Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
