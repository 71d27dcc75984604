using SchemaGate.Core.Catalogs;

namespace SchemaGate.Core.Rehearsals;

/// <summary>
/// Catalog differences as sentences without a full stop.
/// </summary>
public static class ChangeWords
{
    private const int Longest = 80;

    /// <summary>What a migration did to the catalog.</summary>
    public static IReadOnlyList<string> Done(IReadOnlyList<CatalogChange> changes) => Of(
        changes, made => $"makes {made}", dropped => $"drops {dropped}", (thing, fact, was, now) => (was, now) switch
        {
            (null, "yes") => $"{thing}: makes it {fact}",
            ("yes", null) => $"{thing}: makes it not {fact}",
            (null, _) => $"{thing}: sets {fact} to {now}",
            (_, null) => $"{thing}: drops {fact}, which was {was}",
            _ => $"{thing}: changes {fact} from {was} to {now}",
        });

    /// <summary>What a way back leaves otherwise than it was.</summary>
    public static IReadOnlyList<string> Left(IReadOnlyList<CatalogChange> changes) => Of(
        changes, left => $"{left} is left", missing => $"{missing} is missing", (thing, fact, was, now) => (was, now) switch
        {
            (null, "yes") => $"{thing} is left {fact}",
            ("yes", null) => $"{thing} is no longer {fact}",
            (null, _) => $"{thing}: {fact} is {now}, and there was none",
            (_, null) => $"{thing} has no {fact}, which was {was}",
            _ => $"{thing}: {fact} is {now}, and was {was}",
        });

    private static IReadOnlyList<string> Of(
        IReadOnlyList<CatalogChange> changes, Func<string, string> there, Func<string, string> gone,
        Func<string, string, string?, string?, string> other) =>
    [
        .. changes.Select(change => (change, thing: $"{CatalogWords.Kind(change.Name.Kind)} {change.Name}".TrimStart()))
            .SelectMany(one => one.change switch
            {
                { From: null } => [there(one.thing)],
                { To: null } => [gone(one.thing)],
                { From: { } from, To: { } to, Facts: var facts } =>
                    facts.Select(fact => other(one.thing, fact, Short(from[fact]), Short(to[fact]))),
                _ => (IEnumerable<string>)[],
            }),
    ];

    private static string? Short(string? text)
    {
        string? line = text?.ReplaceLineEndings(" ");
        if (line is null or { Length: <= Longest })
        {
            return line;
        }

        int end = char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest;
        return $"{line[..end]}…";
    }
}
