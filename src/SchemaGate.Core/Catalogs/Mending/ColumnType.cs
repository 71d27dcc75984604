using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>A type in format_type's words, and what a change from one to the other takes.</summary>
internal sealed partial record ColumnType(string Base, int[] Modifiers)
{
    private static readonly string[] s_numbers = ["smallint", "integer", "bigint", "numeric"];
    private static readonly string[] s_times = ["date", "timestamp without time zone", "timestamp with time zone"];
    private static readonly string[] s_strings = ["text", "character varying", "character"];

    public static ColumnType Of(string? text)
    {
        Match match = Parts().Match(text ?? "");
        int[] modifiers = match.Success
            ? [.. match.Groups["modifiers"].Value.Split(',').Select(item => int.Parse(item, CultureInfo.InvariantCulture))]
            : [];
        return new(match.Success ? match.Groups["before"].Value + match.Groups["after"].Value : text ?? "", modifiers);
    }

    /// <summary>What its columns have where nobody says otherwise (pg_type.typstorage); SET STORAGE DEFAULT came with 16.</summary>
    public string DefaultStorage => Base switch
    {
        "numeric" or "inet" or "cidr" => "MAIN",
        "smallint" or "integer" or "bigint" or "real" or "double precision" or "boolean" or "date" or "uuid" or "oid" => "PLAIN",
        _ => "EXTENDED",
    };

    /// <summary>Whether the two differ in their modifiers only.</summary>
    public static bool SameBase(string? from, string? to) => Of(from).Base == Of(to).Base;

    /// <summary>Whether every value of the old type is one of the new, and comes back the same.</summary>
    public static bool Widens(string? from, string? to) => (Of(from), Of(to)) switch
    {
        var (old, now) when old.Base == now.Base => Wider(old, now),
        var (old, now) when s_numbers.Contains(old.Base) && s_numbers.Contains(now.Base) =>
            now.Modifiers.Length == 0 && Array.IndexOf(s_numbers, old.Base) < Array.IndexOf(s_numbers, now.Base),
        ({ Base: "real" }, { Base: "double precision" }) => true,
        ({ Base: "date" }, { Base: "timestamp without time zone", Modifiers: [] }) => true,
        ({ Base: "cidr" }, { Base: "inet" }) => true,
        ({ Base: "jsonb" }, { Base: "json" }) => true,
        var (_, now) => now is { Base: "text" or "character varying", Modifiers: [] },
    };

    /// <summary>
    /// What follows USING, or null where an assignment does it. By text where a direct cast may not exist: a statement without a cast is
    /// refused even on an empty table.
    /// </summary>
    public static string? Using(string column, string from, string to)
    {
        (ColumnType old, ColumnType now) = (Of(from), Of(to));
        bool assigned = old.Base == now.Base || s_strings.Contains(now.Base)
            || new[] { [.. s_numbers, "real", "double precision"], s_times, ["json", "jsonb"], ["inet", "cidr"] }
                .Any(family => family.Contains(old.Base) && family.Contains(now.Base));
        bool direct = (old.Base, now.Base) is ("boolean", "integer") or ("integer", "boolean");
        string cast = direct || s_strings.Contains(old.Base) ? "" : "::text";
        return assigned ? null : $"{column}{cast}::{to}";
    }

    /// <summary>By text, to a type that replaces one of its name.</summary>
    public static string ByText(string column, string to) => $"{column}::text::{to}";

    /// <summary>No modifier is the widest; but a numeric one without is, too, exact.</summary>
    private static bool Wider(ColumnType old, ColumnType now) => (old.Modifiers, now.Modifiers) switch
    {
        (_, []) => true,
        ([], _) => false,
        ([var precision, var scale], [var wider, var finer]) => finer >= scale && wider - finer >= precision - scale,
        var (before, after) => after[0] >= before[0],
    };

    [GeneratedRegex(@"^(?<before>[^""(]+)\((?<modifiers>[-0-9,]+)\)(?<after>.*)$", RegexOptions.None, 1000)]
    private static partial Regex Parts();
}
