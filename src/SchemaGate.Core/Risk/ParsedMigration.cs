using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk;

/// <summary>A migration to be judged.</summary>
/// <param name="Name">The migration's name.</param>
/// <param name="Sql">Its text as it was parsed; comments in it may ask to ignore rules.</param>
/// <param name="Script">What the parser made of the text.</param>
public sealed record ParsedMigration(string Name, string Sql, ParsedScript Script)
{
    /// <summary>Whether somebody wrote down a way back; null where nobody looked.</summary>
    public bool? HasRollback { get; init; }
}
