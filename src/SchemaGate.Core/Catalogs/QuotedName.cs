using System.Collections.Immutable;
using System.Text;
using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Core.Catalogs;

/// <summary>Names in quotation marks, as facts have them: <c>"public"."users"</c>.</summary>
public static class QuotedName
{
    public static string Of(params string[] parts) => string.Join('.', parts.Select(Sql.Name));

    /// <summary>The parts of the first name in a text; none where there is no text.</summary>
    public static ImmutableArray<string> Parts(string? text)
    {
        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>();
        int at = 0;
        while (text is not null && at < text.Length && text[at] == '"')
        {
            StringBuilder part = new();
            for (at++; at < text.Length && (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"')); at++)
            {
                at += text[at] == '"' ? 1 : 0;
                part.Append(text[at]);
            }

            parts.Add(part.ToString());
            at += at + 1 < text.Length && text[at + 1] == '.' ? 2 : text.Length;
        }

        return parts.ToImmutable();
    }
}
