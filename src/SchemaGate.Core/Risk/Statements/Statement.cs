namespace SchemaGate.Core.Risk.Statements;

/// <summary>What one SQL statement says, in the words of PostgreSQL's documentation: facts, no judgement.</summary>
public abstract record Statement
{
    private protected Statement()
    {
    }

    /// <summary>From the first word to before the semicolon.</summary>
    public TextSpan Span { get; init; }

    /// <summary>
    /// String literals, each once, that could be an enum's label: at most 63 bytes (documentation, 8.7.4), at most
    /// <see cref="MostLiterals"/>.
    /// </summary>
    public ValueList<string> Literals { get; init; }

    /// <summary>There were more literals than are kept.</summary>
    public bool MoreLiterals { get; init; }

    /// <summary>Functions that it calls anywhere, each once.</summary>
    public ValueList<string> Functions { get; init; }

    /// <summary>
    /// INSERT, UPDATE, DELETE and MERGE in its WITH, or in what it explains, copies or makes a table of, which run with it; their spans are
    /// the whole statement's.
    /// </summary>
    public ValueList<DataChange> Changes { get; init; }

    /// <summary>
    /// Relations that it names anywhere (FROM, JOIN, REFERENCES, its own table), each once; not the names that WITH gives, nor those that
    /// DROP lists.
    /// </summary>
    public ValueList<ObjectName> Relations { get; init; }

    /// <summary>Identifiers of more than 63 bytes, as written: PostgreSQL cuts them off, and so do the names in these facts.</summary>
    public ValueList<string> LongIdentifiers { get; init; }

    /// <summary>How many literals, functions and relations of a statement are kept; a bulk INSERT has no end of them.</summary>
    public static int MostLiterals => 4096;
}

/// <summary>Read by the parser; no fact of it is needed.</summary>
/// <param name="Tag">The parse tree's node: <c>CreateCastStmt</c>.</param>
public sealed record OtherStatement(string Tag) : Statement;

/// <summary>The parser could not read it, or it is beyond the limits: nobody knows what it does.</summary>
/// <param name="Message">A sentence for people, with the parser's version where the parser refused.</param>
public sealed record UnreadStatement(string Message) : Statement;

/// <summary>What a parser made of a script.</summary>
/// <param name="Statements">In order, with those that it could not read.</param>
/// <param name="ParserVersion">The parser's PostgreSQL major version, such as 15.</param>
public sealed record ParsedScript(IReadOnlyList<Statement> Statements, int ParserVersion);
