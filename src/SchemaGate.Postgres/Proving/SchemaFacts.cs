using System.Globalization;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Proving;

/// <summary>What a schema has, as far as it tells which statements a change may touch, and what it demands of values.</summary>
public sealed class SchemaFacts
{
    private const string Query = """
        WITH rel AS (
          SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relacl::text AS rights FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'),
        cons AS (
          SELECT c.*, pg_catalog.replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID', '') AS def,
            CASE WHEN c.contype IN ('u', 'p', 'x') AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) AND a.atthasdef) THEN 0
              ELSE coalesce((SELECT pg_catalog.min(k) FROM pg_catalog.unnest(c.conkey) k), 0) END AS first
          FROM pg_catalog.pg_constraint c WHERE c.contype IN ('c', 'f', 'u', 'p', 'x'))
        SELECT rel.oid::text, rel.name, '0', pg_catalog.concat_ws(' ', 'relation', rel.name, rel.rights, CASE WHEN rel.relkind IN ('v', 'm')
            THEN pg_catalog.pg_get_viewdef(rel.oid) END), NULL FROM rel
        UNION ALL
        SELECT rel.oid::text, rel.name, a.attnum::text, pg_catalog.concat_ws(' ', 'column', a.attnum, a.attname,
            pg_catalog.format_type(a.atttypid, a.atttypmod), a.atthasdef, pg_catalog.pg_get_expr(d.adbin, d.adrelid)), NULL
        FROM rel JOIN pg_catalog.pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        UNION ALL
        SELECT rel.oid::text, rel.name, a.attnum::text, 'not null ' || a.attnum, 'NOT NULL (' || a.attname || ')'
        FROM rel JOIN pg_catalog.pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
        UNION ALL
        SELECT rel.oid::text, rel.name, c.first::text, 'constraint ' || c.def, c.def FROM rel JOIN cons c ON c.conrelid = rel.oid
        UNION ALL
        SELECT rel.oid::text, rel.name, '0', 'referenced by ' || c.conrelid || c.def, c.def FROM rel JOIN cons c ON c.confrelid = rel.oid
        UNION ALL
        SELECT t.oid::text, t.typname, '0', 'constraint ' || c.def, c.def FROM pg_catalog.pg_type t JOIN cons c ON c.contypid = t.oid
        UNION ALL
        SELECT t.oid::text, t.typname, '0', 'domain', NULL FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
        UNION ALL
        SELECT rel.oid::text, rel.name, '0', 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid), pg_catalog.pg_get_indexdef(i.indexrelid)
        FROM rel JOIN pg_catalog.pg_index i ON i.indrelid = rel.oid AND i.indisunique
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p', 'x'))
        UNION ALL
        SELECT rel.oid::text, rel.name, '0', pg_catalog.concat_ws(' ', 'trigger', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled),
          'the trigger ' || t.tgname
        FROM rel JOIN pg_catalog.pg_trigger t ON t.tgrelid = rel.oid AND NOT t.tgisinternal
        """;

    private readonly IReadOnlyList<Fact> _facts;

    private SchemaFacts(IReadOnlyList<Fact> facts) => _facts = facts;

    /// <summary>Only reads.</summary>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    public static async Task<SchemaFacts> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        try
        {
            await using ProvingConnection connection = await ProvingConnection.OpenAsync(url, cancellation);
            return new([.. (await connection.QueryAsync(Query)).Select(row => new Fact(
                row[0]!, row[1]!, int.Parse(row[2]!, CultureInfo.InvariantCulture), row[3]!, row[4]))]);
        }
        catch (Exception exception) when (exception is not DatabaseException && !cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, url);
        }
    }

    /// <summary>What has become of the same database's schema.</summary>
    public SchemaChange To(SchemaFacts after)
    {
        ArgumentNullException.ThrowIfNull(after);
        ILookup<string, Fact> before = _facts.ToLookup(fact => fact.Id, StringComparer.Ordinal);
        ILookup<string, Fact> now = after._facts.ToLookup(fact => fact.Id, StringComparer.Ordinal);
        return new(
            [.. Words(now.Where(facts => before.Contains(facts.Key)).SelectMany(facts => New([.. before[facts.Key]], facts)))],
            [.. before.Where(facts => !facts.Select(fact => fact.Key).ToHashSet(StringComparer.Ordinal)
                .SetEquals(now[facts.Key].Select(fact => fact.Key))).Select(facts => facts.First().Name)],
            [.. _facts.Select(fact => fact.Name).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>What it demands of values, of relations that another database has, too, and that one does not.</summary>
    public IReadOnlyList<string> DemandsBeyond(SchemaFacts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        HashSet<string> known = [.. other._facts.Select(fact => fact.Name)];
        return [.. Words(_facts.Where(fact => known.Contains(fact.Name))).Except(Words(other._facts), StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Words(IEnumerable<Fact> facts) =>
        facts.Where(fact => fact.Demand is not null).Select(fact => $"{fact.Demand} of {fact.Name}").Distinct(StringComparer.Ordinal);

    /// <summary>What only columns are about that the old ones' code does not know is none of its concern.</summary>
    private static IEnumerable<Fact> New(IReadOnlyList<Fact> before, IEnumerable<Fact> now)
    {
        HashSet<string> known = [.. before.Select(fact => fact.Key)];
        int last = before.Max(fact => fact.Column);
        return now.Where(fact => !known.Contains(fact.Key) && fact.Column <= last);
    }

    /// <param name="Id">Of the relation or domain: it stays when the name does not.</param>
    /// <param name="Column">The first column that it is about; 0 where it is about the whole.</param>
    /// <param name="Key">Equal where nothing has changed.</param>
    /// <param name="Demand">What it demands of values, in words; null where nothing.</param>
    private sealed record Fact(string Id, string Name, int Column, string Key, string? Demand);
}
