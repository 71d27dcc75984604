using System.Text.RegularExpressions;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Parsing;

/// <summary>Facts as text, without places, uses, and what is false or empty.</summary>
internal static partial class Facts
{
    public static IReadOnlyList<Statement> Read(string sql) => StatementReader.Read(sql).Statements;

    public static string Of(string sql) => string.Join("; ", Read(sql).Select(Of));

    public static string Of(object fact)
    {
        string text = Places().Replace(fact.ToString()!, "");
        for (string before = ""; before != text;)
        {
            before = text;
            text = Defaults().Replace(text, "");
        }

        return Braces().Replace(text, "").Replace(" = ", "=", StringComparison.Ordinal).Replace(" {}", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"TextSpan \{[^}]*\}|Fingerprint = \d+,? ?|(?:Literals|Functions|Relations) = \[[^\]]*\],? ?", RegexOptions.None, 5000)]
    private static partial Regex Places();

    [GeneratedRegex(@"\b\w+ = (?:False|\[\]|)(?:, |(?= \}))|, (?= ?\})", RegexOptions.None, 5000)]
    private static partial Regex Defaults();

    [GeneratedRegex(@"(?<=\{) |(?:, | )(?=\})", RegexOptions.None, 5000)]
    private static partial Regex Braces();
}
