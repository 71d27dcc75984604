using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SchemaGate.Benchmarks.Proving;

/// <summary>
/// A checkout whose 14 migrations make as many tables as the seed has, two more that are pending, and 2,000 statements of code that knows
/// the first 14.
/// </summary>
internal sealed class ProvedSchema : IDisposable
{
    public const int Tables = 177;
    public const int Shapes = 2_000;
    public const string Last = "20250101000013_tables";
    public const string Harmless = "20250201000000_harmless";
    private const int Set = 14;

    public ProvedSchema()
    {
        foreach ((int index, int[] tables) in Enumerable.Range(1, Tables).Chunk((Tables / Set) + 1).Index())
        {
            Migrate(string.Create(CultureInfo.InvariantCulture, $"{20250101000000 + index}_tables"), string.Concat(tables.Select(Table)));
        }

        Migrate(Harmless, "ALTER TABLE table_1 ADD added text;\nCREATE TABLE other (id int);\n");
        Migrate("20250202000000_breaking", "ALTER TABLE table_2 DROP name;\nALTER TABLE table_3 RENAME TO third;\n");
        string[] shapes = [.. Enumerable.Range(0, Shapes).Select(Shape)];
        File.WriteAllLines(Statements, shapes.Select((shape, calls) => string.Create(
            CultureInfo.InvariantCulture, $"{{\"query\": \"{JsonEncodedText.Encode(shape)}\", \"calls\": {calls}}}")));
        string[] prepares = [.. shapes.Select((shape, number) => $"PREPARE s{number} AS {shape};"), "DEALLOCATE ALL;"];
        File.WriteAllLines(PreparedTwice, [.. prepares, .. prepares]);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;

    public string First => Script("20250101000000_tables");

    public string Statements => Path.Combine(Root, "statements.jsonl");

    /// <summary>For psql: each statement prepared as it is, all of them twice.</summary>
    public string PreparedTwice => Path.Combine(Root, "prepared.sql");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string Script(string migration) => Path.Combine(Root, "prisma/migrations", migration, "migration.sql");

    private void Migrate(string name, string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Script(name))!);
        File.WriteAllText(Script(name), sql);
    }

    private static string Table(int table) => new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
        CREATE TABLE table_{table} (
          id bigserial PRIMARY KEY, name text NOT NULL, amount numeric(10, 2) NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT now(),
          day date, data jsonb NOT NULL DEFAULT '{"{}"}', active boolean NOT NULL DEFAULT true, key uuid UNIQUE,
          parent_id bigint{(table == 1 ? "" : $" REFERENCES table_{table - 1}")});
        CREATE INDEX ON table_{table} (name);
        CREATE INDEX ON table_{table} (parent_id);

        """).ToString();

    /// <summary>A dozen kinds, in turns, on all tables; a quarter of them need the normaliser's places mended.</summary>
    private static string Shape(int number)
    {
        int table = (number % Tables) + 1;
        int other = ((number * 7) % Tables) + 1;
        string alias = $"c{number}";
        return (number % 12) switch
        {
            0 => $"SELECT id, name, amount AS {alias} FROM table_{table} WHERE id = $1",
            1 => $"SELECT t.*, o.name AS {alias} FROM table_{table} t JOIN table_{other} o ON o.id = t.parent_id WHERE o.name LIKE $1",
            2 => $"INSERT INTO table_{table} (name, amount, day) VALUES ($1, $2, $3) RETURNING id AS {alias}",
            3 => $"UPDATE table_{table} SET amount = amount + $1, data = $2 WHERE key = $3 RETURNING id AS {alias}",
            4 => $"DELETE FROM table_{table} WHERE at < now() - interval $1 RETURNING id AS {alias}",
            5 => $"SELECT date_trunc($1, at) AS {alias}, sum(amount) FROM table_{table} GROUP BY date_trunc('day', at)",
            6 => $"SELECT jsonb_build_object($1, id, $2, name) AS {alias} FROM table_{table} WHERE day >= date $3",
            7 => $"INSERT INTO table_{table} (name, key) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET name = $3 RETURNING id AS {alias}",
            8 => $"SELECT count(*) AS {alias} FROM table_{table} WHERE active AND id IN ($1, $2, $3)",
            9 => $"SELECT data ->> $1 AS {alias} FROM table_{table} WHERE data @> $2 ORDER BY at DESC OFFSET $3",
            10 => $"WITH top AS (SELECT id FROM table_{table} ORDER BY amount LIMIT $1) SELECT o.name AS {alias} FROM table_{other} o, top",
            _ => $"SELECT coalesce(name, $1) AS {alias}, CASE WHEN amount > $2 THEN $3 ELSE $4 END FROM table_{table} WHERE id = ANY($5)",
        };
    }
}
