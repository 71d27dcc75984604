namespace SchemaGate.Core.Changelogs;

/// <summary>
/// Migrations that count as applied only because a later version is, and that the document, which calls a later one DEPLOYED and an earlier
/// one, too, does not call so: they may never have run.
/// </summary>
internal static class NeverRun
{
    /// <param name="names">Every migration, in order.</param>
    /// <param name="deployed">Those that the document calls DEPLOYED.</param>
    /// <param name="isApplied">Whether the database has it, for whatever reason.</param>
    /// <param name="isInferred">Whether only a later one says so.</param>
    public static IEnumerable<string> Among(
        IReadOnlyList<string> names, HashSet<string> deployed, Func<string, bool> isApplied, Func<string, bool> isInferred)
    {
        string? last = names.LastOrDefault(name => deployed.Contains(name) && isApplied(name));
        return last is null ? [] : names.TakeWhile(name => name != last).SkipWhile(name => !deployed.Contains(name))
            .Where(name => !deployed.Contains(name) && isInferred(name));
    }
}
