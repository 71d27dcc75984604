using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SchemaGate.Cli.Approve;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Diff;
using SchemaGate.Cli.Drift;
using SchemaGate.Cli.Explain;
using SchemaGate.Cli.GoBack;
using SchemaGate.Cli.Lint;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Open;
using SchemaGate.Cli.Prove;
using SchemaGate.Cli.Rehearse;
using SchemaGate.Cli.Resolve;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Undo;
using SchemaGate.Cli.Uninstall;
using SchemaGate.Cli.Verify;
using SchemaGate.Cli.Wait;

namespace SchemaGate.Cli;

/// <summary>The machine-readable reports. Every key is always there; what is not known is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(MigrateReport))]
[JsonSerializable(typeof(RehearseReport))]
[JsonSerializable(typeof(ResolveReport))]
[JsonSerializable(typeof(GatesReport))]
[JsonSerializable(typeof(GateLine))]
[JsonSerializable(typeof(WaitReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(ReasonReport))]
[JsonSerializable(typeof(GoBackReport))]
[JsonSerializable(typeof(LintReport))]
[JsonSerializable(typeof(RuleReport))]
[JsonSerializable(typeof(RuleReport[]))]
[JsonSerializable(typeof(ApproveReport))]
[JsonSerializable(typeof(OpenReport))]
[JsonSerializable(typeof(UndoReport))]
[JsonSerializable(typeof(UninstallReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(EntriesReport))]
[JsonSerializable(typeof(EntryReport))]
[JsonSerializable(typeof(EditReport))]
[JsonSerializable(typeof(SyncReport))]
[JsonSerializable(typeof(ChecklistReport))]
[JsonSerializable(typeof(ProveReport))]
[JsonSerializable(typeof(DiffReport))]
[JsonSerializable(typeof(AdoptReport))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Quotes and letters as they are: the output is read by people and jq, and stands in no web page.</summary>
    public static CliJson Relaxed => field ??= new(
        new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For streams of objects: one on each line.</summary>
    public static CliJson OneLine => field ??= new(new JsonSerializerOptions(Relaxed.Options) { WriteIndented = false });

    public static void Write<T>(TextWriter output, T report, JsonTypeInfo<T> type)
    {
        JsonSerializerOptions options = type.Options;
        JsonWriterOptions style = new() { Encoder = options.Encoder, Indented = options.WriteIndented, NewLine = options.NewLine };
        using (Utf8JsonWriter writer = new(new TextBufferWriter(output), style))
        {
            JsonSerializer.Serialize(writer, report, type);
        }

        output.WriteLine();
    }
}
