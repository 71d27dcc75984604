namespace SchemaGate.Benchmarks.Linting;

/// <summary>Migrations of seven statements each, of the kinds that people write most; the same at every run.</summary>
internal static class SampleSql
{
    private static readonly string[] Tables = ["users", "orders", "items", "sites", "invoices"];

    public static string Script(int index) =>
        string.Concat(Enumerable.Range(0, 7).Select(number => Statement((index * 7) + number) + "\n"));

    private static string Statement(int number)
    {
        string table = Tables[number % Tables.Length];
        return (number * 7919 % 1009 % 10) switch
        {
            0 => $"CREATE TABLE \"t{number}\" (id bigint PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), "
                + "total numeric(10,2));",
            1 => $"ALTER TABLE {table} ADD COLUMN c{number} text;",
            2 => $"ALTER TABLE {table} ADD COLUMN d{number} int NOT NULL DEFAULT 0;",
            3 => $"CREATE INDEX i{number} ON {table} (id);",
            4 => $"CREATE INDEX CONCURRENTLY j{number} ON {table} (id);",
            5 => $"ALTER TABLE {table} DROP COLUMN old{number};",
            6 => $"ALTER TABLE {table} ALTER COLUMN c TYPE bigint;",
            7 => $"ALTER TABLE {table} ADD CONSTRAINT f{number} FOREIGN KEY (a) REFERENCES users (id) NOT VALID;",
            8 => $"UPDATE {table} SET a = 1 WHERE id < {number};",
            _ => $"INSERT INTO {table} (id, name) VALUES ({number}, 'x');",
        };
    }
}
