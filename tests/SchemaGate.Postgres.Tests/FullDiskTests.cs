using System.Diagnostics;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests;

/// <summary>A tablespace on a file system of eight megabytes.</summary>
[Trait("needs", "packages")]
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_leaves_nothing_and_the_printed_command_lets_the_migration_run_again()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Disk disk = await Disk.MountAsync(database);
        (string, string) large = ("2", $"CREATE TABLE large TABLESPACE {disk.Tablespace} AS SELECT repeat('x', "
            + "1000) FROM generate_series(1, 20000)");
        ApplyFailure failure = (await database.ApplyAsync(("1", "SELECT 1"), large)).Failure!;
        Assert.Equal(("53100", FailureClass.Permanent, true), (failure.SqlState, failure.Class, failure.RolledBack));
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1|True", "2|False"], await database.QueryAsync("SELECT migration_name, "
            + "finished_at IS NOT NULL FROM _prisma_migrations ORDER BY started_at"));
        Assert.Empty(await database.QueryAsync("SELECT 1 FROM pg_class WHERE relname = 'large'"));

        await Disk.RunAsync("mount", "-o", "remount,size=64m", disk.Path);
        Assert.StartsWith("schemagate resolve --rolled-back 2 ", failure.NextCommands[0], StringComparison.Ordinal);
        Assert.Equal(0, (await new Schemagate { DatabaseUrl = database.UrlText() }.InvokeAsync(
            ["resolve", "--rolled-back", "2"], TestContext.Current.CancellationToken)).Code);
        Assert.Null((await database.ApplyAsync(("1", "SELECT 1"), large)).Failure);
        Assert.Equal(["20000"], await database.QueryAsync("SELECT count(*) FROM large"));
        await database.ExecuteAsync("DROP TABLE large");
    }

    private sealed record Disk(TestDatabase Database, string Path, string Tablespace) : IAsyncDisposable
    {
        /// <summary>Needs root, and a server on this machine.</summary>
        public static async Task<Disk> MountAsync(TestDatabase database)
        {
            string data = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_DATABASE_DATA") ?? "";
            if (!Directory.Exists(data) || !Environment.IsPrivilegedProcess)
            {
                Prerequisite.Missing("SCHEMAGATE_TEST_DATABASE_DATA does not name the data directory of the PostgreSQL server, "
                    + "or the tests do not run as root.");
            }

            string name = $"small_{Guid.NewGuid():N}";
            Disk disk = new(database, $"/var/tmp/{name}", name);
            Directory.CreateDirectory(disk.Path);
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.Path);
            await RunAsync("chown", $"--reference={data}", disk.Path);
            await database.ExecuteAsync($"CREATE TABLESPACE {name} LOCATION '{disk.Path}'");
            return disk;
        }

        public static async Task RunAsync(string program, params string[] arguments)
        {
            (int code, string text) = await Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!.EndAsync();
            Assert.True(code == 0, $"{program}: {text}");
        }

        public async ValueTask DisposeAsync()
        {
            await Database.ExecuteAsync($"DROP TABLE IF EXISTS large", $"DROP TABLESPACE {Tablespace}");
            await RunAsync("umount", Path);
            Directory.Delete(Path);
        }
    }
}
