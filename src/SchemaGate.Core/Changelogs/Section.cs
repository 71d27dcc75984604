namespace SchemaGate.Core.Changelogs;

/// <summary>One of the three sections: its heading, its own blocks, and the chapters below it.</summary>
internal sealed record Section(ChangelogStatus Status, Chapter Chapter)
{
    public List<Chapter> Entries { get; } = [];
}
