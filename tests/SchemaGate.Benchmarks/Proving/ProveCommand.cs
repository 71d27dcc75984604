using System.Diagnostics;
using System.Globalization;
using System.Text;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Benchmarks.Proving;

/// <summary>Proving 2,000 statement shapes on 177 tables: building them, looking at all shapes twice, and naming what breaks.</summary>
internal static class ProveCommand
{
    private const int Runs = 7;
    private const int Tables = 177;
    private const int Shapes = 2_000;

    public static async Task<int> RunAsync()
    {
        Migration first = Of("20240101000000_first", Schema());
        Migration harmless = Of("20240102000000_harmless", "ALTER TABLE table_1 ADD added text; CREATE TABLE other (id int);");
        Migration breaking = Of("20240102000000_breaking", "ALTER TABLE table_2 DROP name; ALTER TABLE table_3 RENAME TO third;");
        List<StatementShape> shapes = [.. Enumerable.Range(0, Shapes).Select(number => new StatementShape(Shape(number), number))];
        Console.WriteLine("| pending | statements | broken | unproven | median s | slowest s |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (Migration pending in (Migration[])[harmless, breaking])
        {
            Sample sample = new();
            Proof proof = new([], []);
            for (int run = -1; run < Runs; run++)
            {
                await using ScratchDatabase database = await ScratchDatabase.CreateAsync($"schemagate-benchmark-{Guid.NewGuid():N}");
                DatabaseUrl.TryParse(database.Address.ToString(), out DatabaseUrl? url, out _, DatabaseUrlOptions.CommandLine);
                long start = Stopwatch.GetTimestamp();
                proof = await ProofRun.RunAsync(url!, [first], [pending], shapes, CancellationToken.None);
                if (run >= 0)
                {
                    sample.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pending.Name[15..]} | {proof.Shapes.Count} | {proof.Broken.Count()} | {proof.Unproven.Count()} "
                    + $"| {sample.Median:F2} | {sample.Quantile(1):F2} |"));
        }

        return 0;
    }

    private static Migration Of(string name, string sql) => new(name, sql, MigrationChecksum.None);

    private static string Schema()
    {
        StringBuilder sql = new();
        for (int table = 1; table <= Tables; table++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                CREATE TABLE table_{table} (
                  id bigserial PRIMARY KEY, name text NOT NULL, amount numeric(10, 2) NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT
                  now(), day date, data jsonb NOT NULL DEFAULT '{"{}"}', active boolean NOT NULL DEFAULT true, key uuid UNIQUE,
                  parent_id bigint{(table == 1 ? "" : $" REFERENCES table_{table - 1}")});
                CREATE INDEX ON table_{table} (name);
                CREATE INDEX ON table_{table} (parent_id);

                """);
        }

        return sql.ToString();
    }

    /// <summary>A dozen kinds, in turns, on all tables; a quarter of them need the normaliser's places mended.</summary>
    private static string Shape(int number)
    {
        int table = (number % Tables) + 1;
        int other = ((number * 7) % Tables) + 1;
        string alias = $"c{number}";
        return (number % 12) switch
        {
            0 => $"SELECT id, name, amount AS {alias} FROM table_{table} WHERE id = $1",
            1 => $"SELECT t.*, o.name AS {alias} FROM table_{table} t JOIN table_{other} o ON o.id = t.parent_id WHERE o.name LIKE $1 LIMIT $2",
            2 => $"INSERT INTO table_{table} (name, amount, day) VALUES ($1, $2, $3) RETURNING id AS {alias}",
            3 => $"UPDATE table_{table} SET amount = amount + $1, data = $2 WHERE key = $3 RETURNING id AS {alias}",
            4 => $"DELETE FROM table_{table} WHERE at < now() - interval $1 RETURNING id AS {alias}",
            5 => $"SELECT date_trunc($1, at) AS {alias}, sum(amount) FROM table_{table} GROUP BY date_trunc('day', at)",
            6 => $"SELECT jsonb_build_object($1, id, $2, name) AS {alias} FROM table_{table} WHERE day >= date $3",
            7 => $"INSERT INTO table_{table} (name, key) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name RETURNING id AS {alias}",
            8 => $"SELECT count(*) AS {alias} FROM table_{table} WHERE active AND id IN ($1, $2, $3)",
            9 => $"SELECT data ->> $1 AS {alias} FROM table_{table} WHERE data @> $2 ORDER BY at DESC OFFSET $3",
            10 => $"WITH top AS (SELECT id FROM table_{table} ORDER BY amount DESC LIMIT $1) SELECT o.name AS {alias} FROM table_{other} o JOIN top USING (id)",
            _ => $"SELECT coalesce(name, $1) AS {alias}, CASE WHEN amount > $2 THEN $3 ELSE $4 END FROM table_{table} WHERE id = ANY($5)",
        };
    }
}
