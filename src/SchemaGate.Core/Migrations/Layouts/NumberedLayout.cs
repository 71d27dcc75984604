namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Tools whose files begin with a number, which is all that their history keeps of the name.</summary>
internal abstract class NumberedLayout : MigrationLayout
{
    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Migration(file) is not null && IsCertain(file));

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        foreach (LayoutFile file in files)
        {
            if (Problem(file) is { } problem)
            {
                problems.Add(Among(file, problem));
            }
        }

        return files.Select(Migration).OfType<Migration>().ByNumber();
    }

    public override IEnumerable<string> Notes(IReadOnlyList<LayoutFile> files) =>
        files.Where(file => IsStray(file) && !IsMeant(file)).Select(NeverRuns);

    public override string? KeyOf(string name) => ScriptParts.Number(name);

    /// <summary>Whether no other tool's file looks like this one.</summary>
    protected abstract bool IsCertain(LayoutFile file);

    /// <summary>Null for a file that is no migration.</summary>
    protected abstract Migration? Migration(LayoutFile file);

    /// <summary>
    /// Why a file that should be a migration is none to the tool, which passes over it in silence or refuses it; null for other files.
    /// </summary>
    protected virtual string? Problem(LayoutFile file) =>
        IsStray(file) && IsMeant(file) ? "is not called as those are: rename it" : null;

    /// <summary>What the tool's files have in them, where a comment marks the way up.</summary>
    protected virtual string? Mark => null;

    private bool IsStray(LayoutFile file) => !file.IsNested && IsScript(file) && Migration(file) is null;

    /// <summary>A number, a direction or a mark: somebody expects it to run. <c>schema.sql</c> has none.</summary>
    private bool IsMeant(LayoutFile file) =>
        char.IsAsciiDigit(file.FileName[0]) || file.FileName.EndsWith(".up.sql", StringComparison.OrdinalIgnoreCase)
        || (Mark is { } mark && ScriptParts.HasMark(file, mark));

    /// <summary>SQL, in any case; not that of the way down.</summary>
    private static bool IsScript(LayoutFile file) =>
        file.FileName.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)
        && !file.FileName.EndsWith(".down.sql", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file <c>number_words.ending</c> of the directory itself.</summary>
    protected static string? NumberedStem(LayoutFile file, params ReadOnlySpan<string> endings) =>
        !file.IsNested && file.Stem(endings) is { } stem && ScriptParts.Number(stem) is not null ? stem : null;

    protected static Migration OfNumber(string name, string sql, MigrationChecksum? checksum = null, string? unjudged = null) =>
        new(name, sql, checksum ?? MigrationChecksum.None) { Key = ScriptParts.Number(name)!, Unjudged = unjudged };
}
