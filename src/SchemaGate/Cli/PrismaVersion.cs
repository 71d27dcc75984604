using System.Text.Json;
using System.Text.RegularExpressions;
using SchemaGate.Core;
using SchemaGate.Evidence;

namespace SchemaGate.Cli;

/// <summary>The major version of Prisma that a checkout's <c>package.json</c> asks for: another major may have other commands.</summary>
internal static partial class PrismaVersion
{
    private const string Command = "npx prisma ";

    /// <summary>The text with its <c>npx prisma</c> commands naming that version; as it is where none is found.</summary>
    public static string Named(string text, Checkout checkout) =>
        text.Contains(Command, StringComparison.Ordinal) && Major(Path.Combine(checkout.Root, "package.json")) is { } major
            ? text.Replace(Command, $"npx prisma@{major} ", StringComparison.Ordinal)
            : text;

    /// <summary>Null for what is not there, or no package's description.</summary>
    private static string? Major(string path)
    {
        if (!File.Exists(path) || TextFile.Read(path, "package", "JSON") is not Evidence<string>.Found { Value: var text })
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Major(document.RootElement, "devDependencies") ?? Major(document.RootElement, "dependencies");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Major(JsonElement package, string kind) =>
        package.ValueKind == JsonValueKind.Object && package.TryGetProperty(kind, out JsonElement wanted)
        && wanted.ValueKind == JsonValueKind.Object && wanted.TryGetProperty("prisma", out JsonElement version)
        && version.ValueKind == JsonValueKind.String && Range().Match(version.GetString()!) is { Success: true } match
            ? match.Groups["major"].Value
            : null;

    /// <summary>Such as <c>^7.1.0</c>, <c>~6.19</c>, <c>7</c>, <c>7.x</c>; of several majors none is meant.</summary>
    [GeneratedRegex(@"^[\^~=v\s]*(?<major>[0-9]{1,3})(?:\.[0-9x*]+){0,2}(?:-[\w.]+)?$", RegexOptions.CultureInvariant
        | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Range();
}
