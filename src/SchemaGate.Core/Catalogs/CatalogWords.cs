namespace SchemaGate.Core.Catalogs;

/// <summary>A change in words.</summary>
public static class CatalogWords
{
    private const int Longest = 120;

    /// <summary>
    /// One sentence without a full stop: <c>column public.users.email: type is varchar(20), the history makes text</c>. The side that is to
    /// be is <see cref="CatalogChange.From"/>.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="history">What the side that is to be is called.</param>
    public static string Of(CatalogChange change, string history = "the history")
    {
        ArgumentNullException.ThrowIfNull(change);
        string subject = OneLine($"{Kind(change.Name.Kind)} {change.Name}");
        return (change.From, change.To) switch
        {
            (null, { } extra) => $"{subject} {Extra(extra, history)}",
            (_, null) => $"{subject} is missing: {history} makes it",
            ({ } from, { } to) => $"{subject}: {string.Join("; ", change.Facts.Select(fact => Fact(fact, from, to, history)))}",
        };
    }

    /// <summary>A kind as people say it; nothing for what says its own kind.</summary>
    public static string Kind(CatalogKind kind) => kind switch
    {
        CatalogKind.CompositeType => "composite type",
        CatalogKind.RangeType => "range type",
        CatalogKind.ForeignTable => "foreign table",
        CatalogKind.MaterializedView => "materialized view",
        CatalogKind.Statistics => "extended statistics",
        CatalogKind.Other => "",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Extra(CatalogObject extra, string history) => extra.Has(CatalogFact.Valid)
        ? $"is INVALID, left by a build that failed, and {history} does not make it"
        : $"is there, and {history} does not make it";

    private static string Fact(string fact, CatalogObject from, CatalogObject to, string history) => (fact, from[fact], to[fact]) switch
    {
        (CatalogFact.Valid, _, not null) => "it is INVALID: its build failed",
        (CatalogFact.Valid, _, null) => $"it is valid, and {history} leaves it INVALID",
        (CatalogFact.Labels, { } was, { } now) => Labels(was.Split('\n'), now.Split('\n'), history),
        (CatalogFact.Grants, _, _) => Grants(from, to, history),
        (CatalogFact.NotNull, null, _) => $"it is not null, {history} lets it be null",
        (CatalogFact.NotNull, _, null) => $"it may be null, {history} makes it not null",
        (CatalogFact.Enabled, _, _) =>
            $"it is {to[fact] ?? "enabled"}, {history} makes it {from[fact] ?? "enabled"}",
        (_, null, "yes") => $"it is {Truth(fact)}, {history} does not make it so",
        (_, "yes", null) => $"it is not {Truth(fact)}, {history} makes it so",
        (_, null, { } now) => $"{Is(fact)} {Short(now)}, {history} makes none",
        (_, { } was, null) => $"it has no {fact}, {history} makes {Short(was)}",
        (CatalogFact.Definition, { } was, { } now) => $"{Is(fact)} {Middle(now, was)}, {history} makes {Middle(was, now)}",
        (_, { } was, { } now) => $"{Is(fact)} {Short(now)}, {history} makes {Short(was)}",
        _ => fact,
    };

    private static string Labels(string[] was, string[] now, string history)
    {
        string[] missing = [.. was.Except(now, StringComparer.Ordinal)];
        string[] extra = [.. now.Except(was, StringComparer.Ordinal)];
        return (missing, extra) switch
        {
            ([], []) => $"labels are in the order {Short(string.Join(", ", now))}, {history} makes {Short(string.Join(", ", was))}",
            (_, []) => $"it lacks {Short(string.Join(", ", missing))}, which {history} makes",
            ([], _) => $"it has {Short(string.Join(", ", extra))}, which {history} does not make",
            _ => $"it lacks {Short(string.Join(", ", missing))} and has {Short(string.Join(", ", extra))}, which {history} does not make",
        };
    }

    private static string Grants(CatalogObject from, CatalogObject to, string history)
    {
        string Text(CatalogObject thing) => Short(
            string.Join(", ", CatalogGrants.Of(thing).Select(role => $"{role.Key}={role.Value}")) is { Length: > 0 } grants
            ? grants
            : "none but the owner's");
        return $"grants are {Text(to)}, {history} makes {Text(from)}";
    }

    private static string Is(string fact) => fact is CatalogFact.Options or CatalogFact.Attributes or CatalogFact.Roles
        ? $"{fact} are"
        : $"{fact} is";

    private static string Truth(string fact) => fact switch
    {
        CatalogFact.RowSecurity => "under row security",
        CatalogFact.ForceRowSecurity => "under row security for its owner",
        _ => fact,
    };

    /// <summary>From a little before where the texts part: definitions begin alike.</summary>
    private static string Middle(string text, string other)
    {
        int same = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        int begin = same <= Longest / 2 ? 0 : same - (Longest / 4);
        return (begin > 0 ? "…" : "") + Short(text[begin..]);
    }

    private static string Short(string text) => BoundedText.Of(OneLine(text), Longest);

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
