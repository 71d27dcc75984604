namespace SchemaGate.Postgres.Resolving;

/// <summary>What one migration's part comes to: the sentence and the changes; or, as a refusal, the sentence alone.</summary>
internal sealed record ResolveStep(Resolution Resolution, IReadOnlyList<HistoryEdit> Edits, bool IsRefusal)
{
    public static ResolveStep Of(string migration, ResolutionKind kind, string what, params IReadOnlyList<HistoryEdit> edits) =>
        new(new Resolution(migration, kind, $"{migration} {what}"), edits, IsRefusal: false);

    public static ResolveStep Refuse(string sentence) => new(new Resolution("", ResolutionKind.Unchanged, sentence), [], IsRefusal: true);
}
