using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>One statement of a plan.</summary>
/// <param name="Sql">Ends with a semicolon. Names are quoted and qualified; in the server's own deparsing where they must be.</param>
/// <param name="Of">The object that it makes, changes or drops. The statements of one object stand or fall together.</param>
/// <param name="Destroys">It loses data, or an object that somebody may use by its name.</param>
/// <param name="OutsideTransaction">What follows can use it only after its transaction has ended.</param>
/// <param name="Note">What to know before it runs; one line.</param>
public sealed record MendStatement(string Sql, CatalogName Of, bool Destroys, bool OutsideTransaction, string? Note)
{
    /// <summary>The objects whose statements must have run before.</summary>
    public ImmutableArray<CatalogName> Requires { get; init; } = [];

    internal static MendStatement Plain(CatalogName of, string sql) => new(sql, of, Destroys: false, OutsideTransaction: false, Note: null);
}
