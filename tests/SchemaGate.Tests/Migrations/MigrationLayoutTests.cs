using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Migrations.Layouts;

namespace SchemaGate.Tests.Migrations;

public sealed class MigrationLayoutTests
{
    [Theory]
    [InlineData(MigrationTool.Prisma, "1_x/migration.sql", "SELECT 1")]
    [InlineData(MigrationTool.Prisma, "README.md", "")]
    [InlineData(MigrationTool.Flyway, "V1__x.sql", "SELECT 1")]
    [InlineData(MigrationTool.Liquibase, "x.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1")]
    [InlineData(MigrationTool.Liquibase, "x.xml", "<databaseChangeLog/>")]
    [InlineData(MigrationTool.EfCore, "20240101000000_X.cs", "")]
    [InlineData(MigrationTool.Goose, "1_x.sql", "-- +goose Up\nSELECT 1")]
    [InlineData(MigrationTool.Dbmate, "1_x.sql", "-- migrate:up\nSELECT 1")]
    [InlineData(MigrationTool.Rails, "1_x.rb", "")]
    [InlineData(MigrationTool.Alembic, "versions/x.py", "revision = 'a'\ndown_revision = None\n")]
    [InlineData(MigrationTool.Django, "app/migrations/0001_x.py", "class Migration(migrations.Migration):")]
    [InlineData(MigrationTool.Atlas, "atlas.sum", "")]
    [InlineData(MigrationTool.Drizzle, "meta/_journal.json", "{}")]
    [InlineData(MigrationTool.Knex, "1_x.js", "exports.up = (knex) => 1;")]
    [InlineData(MigrationTool.NodePgMigrate, "1_x.js", "exports.up = (pgm) => 1;")]
    [InlineData(MigrationTool.NodePgMigrate, "1_x.sql", "-- Up Migration\nSELECT 1")]
    [InlineData(MigrationTool.Sqlx, "1_x.sql", "SELECT 1")]
    public void A_directory_tells_its_tool(MigrationTool tool, string path, string content) =>
        Assert.Equal(tool, Read(null, (path, content)).Tool);

    [Fact]
    public void A_variable_called_revision_makes_no_Alembic_of_a_project() => Assert.Equal(
        MigrationTool.Django,
        Read(null, ("app/migrations/0001_x.py", "class Migration(M): pass"), ("app/version.py", "revision = 'abc'")).Tool);

    [Fact]
    public void Files_that_may_be_two_tools_are_none_until_one_is_named()
    {
        Assert.Contains("golang-migrate or sqlx's. Name the tool", Assert.Single(
            Read(null, ("1_x.up.sql", "SELECT 1")).Problems), StringComparison.Ordinal);
        Assert.Equal("1_x", Assert.Single(Read(MigrationTool.GolangMigrate, ("1_x.up.sql", "SELECT 1"), ("1_x.down.sql", "")).Names));
        Assert.Equal("1_x", Assert.Single(Read(MigrationTool.Sqlx, ("1_x.up.sql", "SELECT 1"), ("1_x.down.sql", "")).Names));
    }

    [Fact]
    public void Prismas_directories_are_Prismas_whatever_else_is_there() =>
        Assert.Equal(MigrationTool.Prisma, Read(null, ("1_x/migration.sql", ""), ("V1__x.sql", ""), ("1_x/old/V1__x.sql", "")).Tool);

    [Theory]
    [InlineData("U2__a.sql", true)]
    [InlineData("R__a.sql", true)]
    [InlineData("notes.md", true)]
    [InlineData("B1__base.sql", false)]
    [InlineData("deep/B1__base.sql", false)]
    [InlineData("afterMigrate.sql", false)]
    public void What_Flyway_runs_beside_the_migrations_makes_the_set_less_than_whole(string file, bool isWhole) =>
        Assert.Equal(isWhole, Read(MigrationTool.Flyway, ("V2__a.sql", ""), (file, "")).Through("V2__a")!.IsWhole);

    [Fact]
    public void Flyways_versions_are_numbers_and_repeatable_ones_come_last()
    {
        MigrationSet set = Read(MigrationTool.Flyway, ("R__a.sql", ""), ("V10__a.sql", ""), ("V2__a.sql", ""), (
            "V1_2_10__a.sql", ""), ("deep/down/V1.2.9__a.sql", ""), ("U2__a.sql", ""), ("B3__a.sql", ""), ("v4__a.sql", ""));
        Assert.Equal("V1.2.9__a V1_2_10__a V2__a V10__a R__a", string.Join(' ', set.Names));
        Assert.Contains("one version", Assert.Single(
            Read(MigrationTool.Flyway, ("V1__a.sql", ""), ("V01.0__b.sql", "")).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MigrationTool.Goose, "-- a\n-- +goose Down\nDROP TABLE t;\n-- +goose Up\nSELECT 1;", "\n\n\n-- +goose Up\nSELECT 1;")]
    [InlineData(MigrationTool.Dbmate, "-- migrate:up transaction:false\nSELECT "
        + "1;\n--migrate:down\nDROP TABLE t;\n", "-- migrate:up transaction:false\nSELECT 1;\n\n\n")]
    [InlineData(MigrationTool.NodePgMigrate, "-- Up Migration\r\nSELECT 1;\r\n-- Down "
        + "Migration\r\nDROP TABLE t;", "-- Up Migration\r\nSELECT 1;\r\n\n")]
    public void Only_the_way_up_is_judged_on_its_own_lines(MigrationTool tool, string file, string sql) =>
        Assert.Equal(sql, Assert.Single(Read(tool, ("1_x.sql", file)).Migrations).Sql);

    [Fact]
    public void A_change_sets_SQL_stands_on_its_own_lines()
    {
        MigrationSet set = Read(MigrationTool.Liquibase, ("x.sql", "-- liquibase formatted sql logicalFilePath:y.sql\n-- changeset "
            + "\"a\":1\nSELECT 1;\n--changeset a:2 ignore:true\nSELECT 2;\n--changeset a:3\nSELECT 3;"));
        Assert.Equal("y.sql::1::a y.sql::3::a", string.Join(' ', set.Names));
        Assert.Equal("\n\n\n\n\n--changeset a:3\nSELECT 3;", set.Migrations[1].Sql);
    }

    [Theory]
    [InlineData(MigrationTool.Liquibase, "x.yaml", "databaseChangeLog:\n- changeSet:\n    id: 1\n", "are not read")]
    [InlineData(MigrationTool.Liquibase, "x.xml", "<databaseChangeLog>", "line 1")]
    [InlineData(MigrationTool.Liquibase, "x.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM "
        + "\"file:///etc/passwd\">]><databaseChangeLog>&b;</databaseChangeLog>", "not well-formed")]
    [InlineData(MigrationTool.Atlas, "1_x.sql", "-- atlas:checkpoint\n\nSELECT 1;", "checkpoint")]
    [InlineData(MigrationTool.Drizzle, "meta/_journal.json", "{\"entries\": 1}", "no journal")]
    [InlineData(
        MigrationTool.Drizzle, "meta/_journal.json", "{\"entries\": [{\"tag\": \"0000_x\", \"when\": 1}]}", "0000_x.sql is missing")]
    [InlineData(MigrationTool.Alembic, "x.py", "revision = 'a'\ndown_revision = 'b'\n", "builds on b")]
    [InlineData(MigrationTool.Alembic, "x.py", "revision = 'a'\ndown_revision = ('a')\n", "circle")]
    [InlineData(MigrationTool.Django, "0001_x.py", "class Migration(migrations.Migration):", "the directory above")]
    [InlineData(MigrationTool.Sqlx, "1_x.sql", "a\0b", "NUL")]
    public void What_cannot_be_read_is_a_problem(MigrationTool tool, string path, string content, string words) =>
        Assert.Contains(words, Assert.Single(Read(tool, (path, content)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Two_files_of_one_version_are_a_problem() =>
        Assert.Equal("'01_a' and '1_b' have one version: rename one.", Assert.Single(
            Read(MigrationTool.Rails, ("01_a.rb", ""), ("1_b.rb", "")).Problems));

    [Theory]
    [InlineData(MigrationTool.Rails, "1_x.rb")]
    [InlineData(MigrationTool.Django, "a/migrations/0001_x.py")]
    [InlineData(MigrationTool.EfCore, "20240101000000_X.cs")]
    [InlineData(MigrationTool.Knex, "1_x.ts")]
    public void What_is_no_SQL_is_not_judged_and_has_no_checksum(MigrationTool tool, string path)
    {
        Migration migration = Assert.Single(Read(tool, (path, "class Migration(migrations.Migration): knex")).Migrations);
        Assert.StartsWith("it is written in", migration.Unjudged, StringComparison.Ordinal);
        Assert.True(migration.Checksum.Matches("anything"));
    }

    [Theory]
    [InlineData("revision: str = \"a\"\ndown_revision: Union[str, None] = None\n")]
    [InlineData("\"\"\"x\n\nRevision ID: b\n\"\"\"\r\nrevision='a'\r\ndown_revision=None\r\n")]
    public void Alembics_assignments_are_read_in_either_spelling(string content)
    {
        Migration migration = Assert.Single(Read(MigrationTool.Alembic, ("x.py", content)).Migrations);
        Assert.Equal("a", migration.Key);
        Assert.Empty(migration.Parents);
    }

    [Theory]
    [InlineData("\"\"\"add box\n\nrevision = 'b'\nrevision of the box\n\"\"\"\nrevision = 'a'\ndown_revision = None\n")]
    [InlineData("# revision = 'b'\nrevision = 'a'  # was 'b'\ndown_revision = None  # 'b'\n")]
    [InlineData("revision, down_revision = 'a', None\n")]
    [InlineData("(revision, down_revision) = ('a', None)\n")]
    [InlineData("revision = 'a'; down_revision = None\n")]
    [InlineData("revision = (\n    'a'\n)\ndown_revision: tuple = ()\n")]
    [InlineData("revision = \\\n    'a'\ndown_revision = None\nif True:\n    revision = 'b'\n")]
    [InlineData("\uFEFFrevision = 'a'\r\ndown_revision = None\r\nprint(revision == 'b', revision='b')")]
    public void Comments_and_texts_of_Python_are_no_assignments(string content)
    {
        MigrationSet set = Read(null, ("versions/x.py", content), ("env.py", "x = 1"), ("versions/__init__.py", ""));
        Assert.Empty(set.Problems);
        Migration migration = Assert.Single(set.Migrations);
        Assert.Equal("a", migration.Key);
        Assert.Empty(migration.Parents);
    }

    [Fact]
    public void Alembics_parents_may_be_a_tuple_with_remarks()
    {
        MigrationSet set = Read(
            null, ("a.py", "revision = 'a'\ndown_revision = None"), ("b.py", "revision = 'b'\ndown_revision = None"),
            ("c.py", "revision = 'c'\ndown_revision = (\n    'a',  # the (first)\n    \"b\",\n)\ndepends_on = None\n"));
        Assert.Empty(set.Problems);
        Assert.Equal(["a", "b"], set.Migrations[^1].Parents);
    }

    [Theory]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "revision = make()\ndown_revision = 'a'", "its revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "revision = f'b{1}'\ndown_revision = 'a'", "its revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "\"\"\"\nrevision = 'b'\n\"\"\"", "its revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "", "its revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "revision = 'b'\ndown_revision = PARENT", "its down_revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "revision = 'b'", "its down_revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/b.py", "revision = 'b'\ndown_revision = 'a'\ndepends_on = x()", "its depends_on")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "", "declares no class Migration")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "# class Migration(migrations.Migration):", "declares no class")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "class Migration(M):\n    replaces = old()\n", "a computation")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "class Migration(M):\n  if X:\n    replaces = old()\n", "a computation")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "class Migration(M):\n    replaces = []\n    replaces += [('a', 'b')]\n",
        "a computation")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "class M:\n    replaces = old()\nMigration = M\n", "a computation")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "from x import Migration as Base, y\n", "declares no class")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "from x import *\n", "from an `import *`")]
    [InlineData(MigrationTool.Django, "app/migrations/0001_squashed_0002_y.py", "from x import *\nclass Migration(M): pass", "is a squash")]
    [InlineData(MigrationTool.Django, "app/migrations/0001_squashed_0002_y.py", "from x import Migration", "is a squash")]
    [InlineData(MigrationTool.Django, "app/migrations/0002_y.py", "class Box:\n    class Migration: pass\n", "declares no class")]
    [InlineData(MigrationTool.Alembic, "versions/2025/b.py", "revision = make()\ndown_revision = 'a'", "its revision cannot be read")]
    [InlineData(MigrationTool.Alembic, "versions/2025/b.py", "if X:\n    revision = 'b'", "its revision cannot be read")]
    [InlineData(MigrationTool.Drizzle, "seed.sql", "SELECT 1;--> statement-breakpoint\nSELECT 2;", "does not name it")]
    [InlineData(MigrationTool.Dbmate, "add.sql", "-- migrate:up\nSELECT 1", "is not called as those are")]
    [InlineData(MigrationTool.EfCore, "Add.cs", "abstract class A : Migration { }\nclass Add : A.Migration { }", "is not called")]
    [InlineData(MigrationTool.Flyway, "V2_add_weight.sql", "", "V2_add_weight.sql stands among Flyway's")]
    [InlineData(MigrationTool.Flyway, "v2__add_weight.sql", "", "v2__add_weight.sql stands among Flyway's")]
    [InlineData(MigrationTool.Flyway, "deep/V2__add_weight.SQL", "", "passes over it")]
    [InlineData(MigrationTool.Flyway, "V2_Add.java", "", "passes over it")]
    [InlineData(MigrationTool.Liquibase, "y.sql", "--liquibase formatted sql\n--changeset a\nSELECT 1", "y.sql, line 2")]
    [InlineData(MigrationTool.Liquibase, "y.sql", "--liquibase formatted sql\nSELECT 1", "no `--changeset")]
    [InlineData(MigrationTool.Liquibase, "y.xml", "<databaseChangeLog>\n<changeSet id='1'/></databaseChangeLog>", "line 2")]
    [InlineData(MigrationTool.EfCore, "AddBox.cs", "public partial class AddBox : Migration { }", "AddBox.cs stands among EF Core's")]
    [InlineData(
        MigrationTool.EfCore, "AddBox.Designer.cs", "[Migration(\"20250101000000_AddBox\")]", "is about 20250101000000_AddBox")]
    [InlineData(MigrationTool.GolangMigrate, "000002_y.sql", "", "000002_y.sql stands among golang-migrate's")]
    [InlineData(MigrationTool.GolangMigrate, "add_weight.up.sql", "", "is not called as those are")]
    [InlineData(MigrationTool.Goose, "add_weight.sql", "-- +goose Up", "is not called as those are")]
    [InlineData(MigrationTool.Goose, "00002_y.sql", "SELECT 1", "has no line `-- +goose Up`")]
    [InlineData(MigrationTool.Dbmate, "2_y.sql", "SELECT 1", "has no line `-- migrate:up`")]
    [InlineData(MigrationTool.Rails, "add_weight.rb", "class AddWeight < ActiveRecord::Migration[7.0]", "is not called as those are")]
    [InlineData(MigrationTool.Drizzle, "0001_y.sql", "SELECT 1", "does not name it")]
    [InlineData(MigrationTool.Sqlx, "2-y.sql", "SELECT 1", "is not called as those are")]
    public void What_should_be_a_migration_and_cannot_be_read_closes(MigrationTool tool, string path, string content, string words)
    {
        (string Path, string Content)[] sound = Sound(tool);
        Assert.Empty(Read(tool, sound).Problems);
        Assert.Contains(words, Assert.Single(Read(tool, [.. sound, (path, content)]).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MigrationTool.GolangMigrate, "schema.sql", "SELECT 1", true)]
    [InlineData(MigrationTool.Sqlx, "seed.sql", "SELECT 1", true)]
    [InlineData(MigrationTool.Dbmate, "Seed.SQL", "SELECT 1", true)]
    [InlineData(MigrationTool.Goose, "schema.sql", "SELECT 1", true)]
    [InlineData(MigrationTool.Goose, "goose_test.go", "goose.AddMigrationContext(up, down)", false)]
    [InlineData(MigrationTool.Drizzle, "seed.sql", "SELECT 1", true)]
    [InlineData(MigrationTool.EfCore, "Base.cs", "public abstract class SqlFileMigration : Migration { }", false)]
    [InlineData(MigrationTool.EfCore, "Base.cs", "abstract internal partial class Base<T> : Migration { }", false)]
    [InlineData(MigrationTool.Alembic, "versions/ops/tables.py", "def create(revision):\n    revision = 1\n", true)]
    [InlineData(MigrationTool.Rails, "structure.sql", "SELECT 1", false)]
    public void What_is_no_migration_closes_nothing(MigrationTool tool, string path, string content, bool isNoted)
    {
        MigrationSet set = Read(tool, [.. Sound(tool), (path, content)]);
        Assert.Empty(set.Problems);
        Assert.Single(set.Migrations);
        Assert.Equal(isNoted ? 1 : 0, set.Notes.Count(note => note.StartsWith(path + " is no ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("class Migration(BoxMigration):\n    operations = []\n")]
    [InlineData("from django.db.migrations import Migration as Base\nclass Migration(Base): pass\n")]
    [InlineData("from .shared import Migration\n")]
    [InlineData("from .shared import BoxMigration as Migration\n")]
    [InlineData("Migration = make_migration('box')\n")]
    [InlineData("from .shared import Migration, Base\n")]
    [InlineData("from .shared import (\n    Base,\n    BoxMigration as Migration,\n)\n")]
    [InlineData("if POSTGRES:\n    class Migration(Base): pass\nelse:\n    class Migration(Other): pass\n")]
    [InlineData("class Migration(Base):\n    def names(self):\n        replaces = x.y()\n        return replaces\n")]
    [InlineData("class Migration(Base): pass\nclass Text:\n    replaces = x.y()\n")]
    public void A_migration_of_Django_may_have_any_base(string content)
    {
        MigrationSet set = Read(
            null, ("app/migrations/0001_x.py", "class Migration(migrations.Migration):"), ("app/migrations/0002_y.py", content),
            ("app/migrations/__init__.py", ""), ("app/models.py", "class Box(models.Model): pass"));
        Assert.Empty(set.Problems);
        Assert.Equal(["app.0001_x", "app.0002_y"], set.Names);
    }

    [Theory]
    [InlineData("app.0001_a app.0002_b", true)]
    [InlineData("app.0001_a", false)]
    [InlineData("app.0001_squash", false)]
    [InlineData("app.0001_a app.0002_b app.0001_squash", true)]
    public void A_squash_of_Django_is_applied_when_all_that_it_replaces_is(string applied, bool isApplied)
    {
        MigrationSet set = Read(MigrationTool.Django, ("app/migrations/0001_squash.py", "class Migration(migrations.Migration):\n"
            + "    replaces = [\n        ('app', '0001_a'),  # first\n        (\"app\", \"0002_b\"),\n    ]\n"));
        MigrationHistory history = new([.. applied.Split(' ').Select(AppliedRow)]) { Tool = MigrationTool.Django };
        IEnumerable<string> names = MigrationLayouts.Named(history, set, []).Applied.Keys;
        Assert.Equal(isApplied, names.Contains("app.0001_squash", StringComparer.Ordinal));
        bool isKept = applied.Contains("0001_a", StringComparison.Ordinal) && !isApplied;
        Assert.Equal(isKept, names.Contains("app.0001_a", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\uFEFF-- migrate:up\nSELECT 1", true)]
    [InlineData("-- migrate:up\nSELECT '\uFFFD'", false)]
    [InlineData("-- migrate:up\nSELECT 'é'", false)]
    public void A_text_that_no_server_takes_is_not_judged(string content, bool isUnjudged) =>
        Assert.Equal(isUnjudged, Assert.Single(Read(MigrationTool.Dbmate, ("1_x.sql", content)).Migrations).Unjudged is not null);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_told_from_a_character_that_somebody_wrote()
    {
        byte[] broken = [.. "-- migrate:up\nSELECT '"u8, 0xE9, (byte)'\''];
        KeyValuePair<string, ReadOnlyMemory<byte>>[] files =
            [new("1_x.sql", broken), new("2_y.sql", "-- migrate:up\nSELECT '\uFFFD'"u8.ToArray())];
        string?[] why = [.. MigrationSet.Read(files, MigrationTool.Dbmate).Migrations.Select(migration => migration.Unjudged)];
        Assert.Contains("not UTF-8", why[0], StringComparison.Ordinal);
        Assert.Null(why[1]);
    }

    [Fact]
    public void What_Flyway_takes_off_a_text_is_not_judged_with_it() =>
        Assert.Equal("SELECT 1", Assert.Single(Read(MigrationTool.Flyway, ("V1__x.sql", "\uFEFFSELECT 1")).Migrations).Sql);

    [Fact]
    public void A_migrations_file_is_that_of_the_way_up() => Assert.Equal("1_x.up.sql", Assert.Single(
        Read(MigrationTool.GolangMigrate, ("1_x.down.sql", ""), ("1_x.up.sql", "")).Migrations).File);

    [Theory]
    [InlineData(MigrationTool.Flyway, "deep/V1.2__x.sql", "")]
    [InlineData(MigrationTool.Goose, "1_x.sql", "-- +goose Up")]
    [InlineData(MigrationTool.GolangMigrate, "1_x.up.sql", "")]
    [InlineData(MigrationTool.Alembic, "versions/x.py", "revision = 'a'\ndown_revision = None")]
    [InlineData(MigrationTool.Django, "app/migrations/0001_x.py", "class Migration(M): pass")]
    [InlineData(MigrationTool.Liquibase, "x/y.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1")]
    public void A_migration_knows_its_file(MigrationTool tool, string path, string content) =>
        Assert.Equal(path, Assert.Single(Read(tool, (path, content)).Migrations).File);

    [Theory]
    [InlineData(MigrationTool.GolangMigrate)]
    [InlineData(MigrationTool.Sqlx)]
    public void The_file_of_a_migration_is_its_way_up(MigrationTool tool) => Assert.Equal(
        "1_x.up.sql", Assert.Single(Read(tool, ("1_x.down.sql", "SELECT 1;"), ("1_x.up.sql", "SELECT 2;")).Migrations).File);

    [Fact]
    public void SQL_of_node_pg_migrate_without_marks_is_the_way_up() => Assert.Equal(
        "SELECT 1;\n\n", Assert.Single(
            Read(MigrationTool.NodePgMigrate, ("1_x.sql", "SELECT 1;\n-- Down Migration\nDROP TABLE t;")).Migrations).Sql);

    [Theory]
    [InlineData("revision")]
    [InlineData("revision = ")]
    [InlineData("revision = 'a")]
    [InlineData("revision = ('a'")]
    [InlineData("revision_x = 'a'")]
    [InlineData("\nrevision")]
    [InlineData("")]
    public void A_text_without_a_revision_is_no_migration(string content) =>
        Assert.True(Read(MigrationTool.Alembic, ("x.py", content)).Migrations is [] or [{ Key: "a" }]);

    [Fact]
    public void A_CRC_is_that_of_the_standard()
    {
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.Equal(Crc32.Of("123456789"u8), Crc32.Of("6789"u8, Crc32.Of("12345"u8)));
    }

    /// <summary>A directory with one migration that is called and written as the tool's are.</summary>
    private static (string Path, string Content)[] Sound(MigrationTool tool) => tool switch
    {
        MigrationTool.Alembic => [("versions/a.py", "revision = 'a'\ndown_revision = None")],
        MigrationTool.Django => [("app/migrations/0001_x.py", "class Migration(migrations.Migration):")],
        MigrationTool.Flyway => [("V1__x.sql", "SELECT 1")],
        MigrationTool.Liquibase => [("x.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1")],
        MigrationTool.EfCore => [("20240101000000_X.cs", "public partial class X : Migration { }")],
        MigrationTool.GolangMigrate => [("000001_x.up.sql", "SELECT 1"), ("000001_x.down.sql", "")],
        MigrationTool.Goose => [("00001_x.sql", "-- +goose Up\nSELECT 1"), ("helper.go", "package x")],
        MigrationTool.Dbmate => [("1_x.sql", "-- migrate:up\nSELECT 1")],
        MigrationTool.Rails => [("1_x.rb", ""), ("helper.rb", "# class X < ActiveRecord::Migration")],
        MigrationTool.Drizzle =>
            [("meta/_journal.json", "{\"entries\": [{\"tag\": \"0000_x\", \"when\": 1}]}"), ("0000_x.sql", "SELECT 1")],
        _ => [("1_x.sql", "SELECT 1")],
    };

    private static HistoryRow AppliedRow(string name) =>
        new(name, name, "", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, 1, null);

    private static MigrationSet Read(MigrationTool? tool, params IEnumerable<(string Path, string Content)> files) =>
        MigrationSet.Read(
            files.Select(file => KeyValuePair.Create(file.Path, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Content))), tool);
}
