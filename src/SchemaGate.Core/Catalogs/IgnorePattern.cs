namespace SchemaGate.Core.Catalogs;

/// <summary>Which objects are ignored.</summary>
/// <param name="Kind">Only those of this kind; null for every kind.</param>
/// <param name="Glob">
/// Of a name with or without its schema, of what is a part only with its owner (<c>users.email</c>); what is a part of what matches matches
/// too. With a kind also of a part's own name. A function's may have its arguments.
/// </param>
internal sealed record IgnorePattern(CatalogKind? Kind, string Glob, string Text)
{
    public static IgnorePattern Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? "" : text[..colon].Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return Enum.TryParse(word, ignoreCase: true, out CatalogKind kind) && word.All(char.IsAsciiLetter)
            ? new(kind, text[(colon + 1)..], text)
            : new(null, text, text);
    }

    public bool Matches(CatalogObject thing)
    {
        CatalogName name = thing.Name;
        if (Kind is { } kind)
        {
            return kind == name.Kind && (MatchesOwn(name) || Core.Glob.Matches(Glob, name.Name));
        }

        return MatchesOwn(name)
            || (CatalogScope.TableOf(thing) ?? name.Owner) is { } owner && MatchesWhole(name.Schema, owner);
    }

    private bool MatchesOwn(CatalogName name) => name.Owner is { } owner
        ? MatchesWhole(name.Schema, $"{owner}.{name.Name}")
        : MatchesWhole(name.Schema, name.Name)
            || (name.Kind is CatalogKind.Function or CatalogKind.Procedure or CatalogKind.Aggregate
                && MatchesWhole(name.Schema, name.Name[..name.Name.IndexOf('(', StringComparison.Ordinal)]));

    private bool MatchesWhole(string? schema, string name) =>
        Core.Glob.Matches(Glob, name) || (schema is not null && Core.Glob.Matches(Glob, $"{schema}.{name}"));
}
