namespace SchemaGate.Cli.Verify;

/// <summary>The branch that was judged.</summary>
/// <param name="Since">The revision as it was given.</param>
/// <param name="Revision">Its commit.</param>
/// <param name="Origin">The commit that the branch began at.</param>
/// <param name="Migrations">The names of those that it adds, in their order.</param>
internal sealed record BranchLine(string Since, string Revision, string Origin, IReadOnlyList<string> Migrations)
{
    private const int Shown = 5;

    public string Adds() => Migrations.Count switch
    {
        0 => "no migration",
        <= Shown => string.Join(", ", Migrations),
        _ => $"{string.Join(", ", Migrations.Take(Shown))} and {Migrations.Count - Shown} more",
    };
}
