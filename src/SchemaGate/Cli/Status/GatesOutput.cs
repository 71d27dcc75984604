using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaGate.Kubernetes.Manifests;

namespace SchemaGate.Cli.Status;

/// <summary>What <c>status</c> prints: the words of <c>kubectl get --output</c>.</summary>
internal enum GatesFormat
{
    Text,
    Wide,
    Name,
    Json,
    Yaml,
}

/// <summary><c>--output</c> of <c>status</c>.</summary>
internal static class GatesOutput
{
    /// <summary>A gate as kubectl names it.</summary>
    private const string Kind = "schemagate.schemagate.dev";

    public static Option<string> Option { get; } = Create();

    public static GatesFormat Of(ParseResult arguments) => Enum.Parse<GatesFormat>(arguments.GetValue(Option)!, ignoreCase: true);

    /// <summary>A report for programs.</summary>
    public static void Write<T>(TextWriter output, GatesFormat format, T report, JsonTypeInfo<T> type)
    {
        if (format == GatesFormat.Yaml)
        {
            YamlOutput.Write(output, JsonSerializer.SerializeToElement(report, type));
        }
        else
        {
            CliJson.Write(output, report, type);
        }
    }

    public static void Names(GatesReport report, TextWriter output)
    {
        foreach (GateLine gate in report.Gates)
        {
            output.WriteLine($"{Kind}/{gate.Name}");
        }
    }

    private static Option<string> Create()
    {
        Option<string> option = new("--output", "-o")
        {
            Description = "For people (text; wide: gates with more columns) or for programs (json, yaml; name: gates, as kubectl names "
                + "them).",
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong("text", "wide", "name", "json", "yaml");
    }
}
