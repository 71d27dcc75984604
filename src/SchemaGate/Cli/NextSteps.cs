using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli;

/// <summary>What to do about a decision, where its message has not said it all.</summary>
internal static class NextSteps
{
    /// <param name="migrations">The migrations directory, below the checkout.</param>
    public static IReadOnlyList<string> After(
        Decision decision, Checkout checkout, string migrations, DatabaseChoice? database, MigrationTool tool) => decision.Reason switch
        {
            Reasons.Open =>
                database is not null ? [] : ["To compare with a database, too: --database URL, or DATABASE_URL in the environment."],
            Reasons.PendingChanges =>
            [
                ReasonGuide.Of(Reasons.PendingChanges, tool)!.Next[0],
            "Move its entry to the Migrated section with the status MIGRATED, commit both, "
                + $"and run `schemagate verify {checkout.Word}` again.",
        ],
            // For other tools the message has said it all.
            Reasons.MigrationsPending or Reasons.MigrationFailed or Reasons.BaselineRequired when tool != MigrationTool.Prisma => [],
            Reasons.MigrationsPending =>
                [$"Apply them: `schemagate migrate {Set(checkout, migrations, database)}`, or `npx prisma migrate deploy`."],
            Reasons.MigrationFailed => [.. (decision.Migrations?.Failed ?? []).SelectMany(
            migration => Resolutions(ShellWord.Of(migration), Set(checkout, migrations, database), Schema(database)))],
            Reasons.BaselineRequired =>
                [$"If the tables are what the migrations build: `schemagate resolve {Set(checkout, migrations, database)} --baseline`, "
                + "with `--through <migration>` if they have only the first of them."],
            Reasons.Migrating => ["Wait for that run, then look again: `schemagate status`."],
            Reasons.DatabaseUnreachable or Reasons.DatabaseAccessDenied or Reasons.DatabaseMissing or Reasons.DatabaseUrlInvalid =>
                [$"To judge the files alone: `schemagate verify {checkout.Word} --no-database`."],
            _ => [$"Mend what is blocking, then run `schemagate verify {checkout.Word}` again."],
        };

    private static IEnumerable<string> Resolutions(string migration, string set, string schema) =>
    [
        $"If nothing of {migration} is in the database: `schemagate resolve --rolled-back {migration}{schema}`, "
            + $"then `schemagate migrate {set}`.",
        $"If all of it is there: `schemagate resolve {set} --applied {migration}`, then `schemagate migrate {set}`.",
        "If a part of it is there: take that back, or do the rest by hand, and go on so.",
    ];

    /// <summary>What tells another command of the same migrations and the same history.</summary>
    private static string Set(Checkout checkout, string migrations, DatabaseChoice? database) =>
        checkout.Word + (migrations == ChangelogSource.DefaultMigrations ? "" : $" --migrations {ShellWord.Of(migrations)}")
        + Schema(database);

    private static string Schema(DatabaseChoice? database) => database?.Schema is { } schema ? $" --schema {ShellWord.Of(schema)}" : "";
}
