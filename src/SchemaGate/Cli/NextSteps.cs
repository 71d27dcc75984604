using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli;

/// <summary>What to do about a decision, where its message has not said it all.</summary>
internal static class NextSteps
{
    public static IReadOnlyList<string> After(Decision decision, Checkout checkout, bool isDatabaseKnown, bool isPrisma) => decision.Reason switch
    {
        Reasons.Open => isDatabaseKnown ? [] : ["To compare with a database, too: --database URL, or DATABASE_URL in the environment."],
        Reasons.PendingChanges =>
        [
            "Create the migration: `npx prisma migrate dev --name <description>`.",
            $"Move its entry to the Migrated section with the status MIGRATED, commit both, and run `schemagate verify {checkout.Word}` again.",
        ],
        // For other tools the message has said it all.
        Reasons.MigrationsPending or Reasons.MigrationFailed when !isPrisma => [],
        Reasons.MigrationsPending => [$"Apply them: `schemagate migrate {checkout.Word}`, or `npx prisma migrate deploy`."],
        Reasons.MigrationFailed => [.. (decision.Migrations?.Failed ?? []).SelectMany(migration => Resolutions(migration, checkout))],
        Reasons.BaselineRequired =>
            [$"If the tables are what the migrations build: `schemagate resolve {checkout.Word} --baseline`, with `--through <migration>` if they have only the first of them."],
        Reasons.Migrating => ["Wait for that run, then look again: `schemagate status`."],
        Reasons.DatabaseUnreachable or Reasons.DatabaseAccessDenied or Reasons.DatabaseMissing or Reasons.DatabaseUrlInvalid =>
            [$"To judge the files alone: `schemagate verify {checkout.Word} --no-database`."],
        _ => [$"Mend what is blocking, then run `schemagate verify {checkout.Word}` again."],
    };

    private static IEnumerable<string> Resolutions(string migration, Checkout checkout) =>
    [
        $"If nothing of {migration} remains in the database: `schemagate resolve --rolled-back {ShellWord.Of(migration)}`, then migrate again.",
        $"If all of it is there: `schemagate resolve {checkout.Word} --applied {ShellWord.Of(migration)}`.",
    ];
}
