namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>How one change is taken back.</summary>
internal abstract record Undo
{
    private Undo()
    {
    }

    /// <summary>It leaves nothing behind, or what it leaves goes with something else.</summary>
    public static Undo Nothing { get; } = new None();

    public sealed record None : Undo;

    /// <summary>One statement does it.</summary>
    /// <param name="Verb">Such as <c>drop</c>.</param>
    /// <param name="Noun">What, in the singular.</param>
    public sealed record Reverse(string Verb, string Noun, string Sql) : Undo;

    /// <summary>A person must write it.</summary>
    /// <param name="What">What is to be done, beginning with a verb.</param>
    public sealed record ByHand(string What) : Undo;

    /// <summary>Only a backup brings it back.</summary>
    /// <param name="What">What is lost.</param>
    public sealed record Lost(string What) : Undo;
}
