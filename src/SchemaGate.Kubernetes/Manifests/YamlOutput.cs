using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SchemaGate.Kubernetes.Manifests;

/// <summary>JSON as YAML, in the order in which it stands. What reads it back has the same JSON.</summary>
public static class YamlOutput
{
    /// <summary>What YAML 1.1, which kubectl's readers speak, takes for something else than text.</summary>
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null",
    };

    public static void Write(TextWriter output, JsonElement value)
    {
        // No line is folded: what is cut out of it with a line's tools is whole.
        Emitter emitter = new(output, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Emit(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart());
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    emitter.Emit(Text(member.Name));
                    Emit(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Any));
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(value.GetString()!));
                break;
            default:
                emitter.Emit(new Scalar(value.GetRawText()));
                break;
        }
    }

    /// <summary>
    /// Bare where it begins with a letter and is no word of YAML's own; the emitter quotes what cannot stand bare all the same.
    /// </summary>
    private static Scalar Text(string text) => new(
        AnchorName.Empty, TagName.Empty, text,
        text.Length > 0 && char.IsAsciiLetter(text[0]) && !s_words.Contains(text) && !text.Any(char.IsControl)
            ? ScalarStyle.Any
            : ScalarStyle.DoubleQuoted,
        isPlainImplicit: true, isQuotedImplicit: true);
}
