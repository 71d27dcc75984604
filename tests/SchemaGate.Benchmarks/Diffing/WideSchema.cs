using System.Globalization;
using System.Text;

namespace SchemaGate.Benchmarks.Diffing;

/// <summary>A checkout whose 14 migrations make a schema as large as the seed's: 177 tables of some twenty columns.</summary>
internal sealed class WideSchema : IDisposable
{
    public const int Tables = 177;
    private const int Set = 14;

    public WideSchema()
    {
        foreach ((int index, int[] tables) in Enumerable.Range(0, Tables).Chunk((Tables / Set) + 1).Index())
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{20250101000000 + index}_tables");
            Directory.CreateDirectory(Path.Combine(Migrations, name));
            File.WriteAllText(Path.Combine(Migrations, name, "migration.sql"), string.Concat(tables.Select(Table)));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-benchmark-").FullName;

    public string Migrations => Path.Combine(Root, "prisma/migrations");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Table(int table)
    {
        StringBuilder sql = new($"CREATE TABLE \"t{table}\" (\"id\" TEXT NOT NULL,\n");
        for (int column = 0; column < 20; column++)
        {
            string type = column % 3 == 0 ? "INTEGER NOT NULL DEFAULT 0" : "TEXT";
            sql.Append(CultureInfo.InvariantCulture, $"\"c{column}\" {type},\n");
        }

        int parent = Math.Max(0, table - 1);
        return sql.Append(CultureInfo.InvariantCulture, $"""
            "parent" TEXT,
            CONSTRAINT "t{table}_pkey" PRIMARY KEY ("id"));
            CREATE INDEX "t{table}_c1_c2_idx" ON "t{table}"("c1", "c2");
            CREATE UNIQUE INDEX "t{table}_c3_key" ON "t{table}"("c3");
            ALTER TABLE "t{table}" ADD CONSTRAINT "t{table}_parent_fkey" FOREIGN KEY ("parent") REFERENCES "t{parent}"("id")
              ON DELETE CASCADE ON UPDATE CASCADE;

            """).ToString();
    }
}
