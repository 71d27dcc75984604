using SchemaGate.Cli;
using SchemaGate.Cli.Verify;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Cli;

public sealed class VerifyPrinterTests
{
    private static readonly VerifyReport s_report = new(
        "Blocked",
        "PendingChanges",
        "docs/C.md:9: 'add_coupons' is PENDING.",
        ".",
        new ChangelogLine("docs/C.md", Entries: 3, Pending: 1, Migrated: 2, Deployed: 0, "prisma/migrations", Migrations: 2),
        new DatabaseLine("DATABASE_URL", "db:5432/shop?schema=public", "73/shop/public", Standby: false),
        [
            new("ChangelogResolved", "True", "AsExpected", ""),
            new("ChangelogConsistent", "False", "PendingChanges", "docs/C.md:9: 'add_coupons' is PENDING."),
            new("DatabaseReachable", "False", "DatabaseUnreachable", "db:5432 refused the connection."),
            new("HistoryConsistent", "Unknown", "NotRead", "What this rests on could not be read."),
        ],
        [
            new("pending-change", "blocking", "'add_coupons' is PENDING.", "docs/C.md", 9, 1, 15, "add_coupons"),
            new("undocumented-migration", "warning", "'b' has no entry.", "prisma/migrations/b/migration.sql", null, null, null, "b"),
        ],
        new MigrationSummary(Required: 2, Applied: 1, Pending: ["b"], Failed: [], Edited: ["a"], Unknown: [], Through: "b"),
        new PlanLine("High", 1, [new("b", "High", "It drops orders.total.")]),
        ["The database is that of DATABASE_URL."],
        ["Create the migration."]);

    private static string Print(VerifyReport report, bool isColoured = false)
    {
        using StringWriter output = new();
        VerifyPrinter.Print(report, new StyledText(output, isColoured));
        return output.ToString();
    }

    [Fact]
    public void A_report_reads_from_the_verdict_down_to_what_to_do() => Assert.Equal("""
        Blocked: PendingChanges
        docs/C.md:9: 'add_coupons' is PENDING.

        Document    docs/C.md: 1 pending, 2 migrated, 0 deployed
        Migrations  2 in prisma/migrations
        Database    db:5432/shop?schema=public, from DATABASE_URL

        ChangelogResolved    yes
        ChangelogConsistent  no  PendingChanges
        DatabaseReachable    no  DatabaseUnreachable: db:5432 refused the connection.
        HistoryConsistent    ?

        Blocking (1)
          docs/C.md:9:1: 'add_coupons' is PENDING. [pending-change]

        Warnings (1)
          prisma/migrations/b/migration.sql: 'b' has no entry. [undocumented-migration]

        Applied     1 of 2 required, through b
          pending   b
          edited    a
          high      b: It drops orders.total.

        Notes
          The database is that of DATABASE_URL.

        Next
          Create the migration.

        """, Print(s_report), ignoreLineEndingDifferences: true);

    [Fact]
    public void What_nobody_read_is_left_out() => Assert.Equal("""
        Open
        Nothing closes the gate; no database was asked.

        Database    not asked


        """, Print(new("Open", "Open", "Nothing closes the gate; no database was asked.", ".", null, null, [], [], null, null, [], [])),
        ignoreLineEndingDifferences: true);

    [Fact]
    public void Colours_are_for_terminals()
    {
        Assert.StartsWith("\e[31mBlocked\e[0m\e[1m: PendingChanges\e[0m\n", Print(s_report, isColoured: true), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Print(s_report));
    }

    [Fact]
    public void A_document_cannot_rewrite_the_screen()
    {
        string text = Print(s_report with { Message = "\e[2J\e[31mOpen\r\n\u202Edrawkcab" }, isColoured: true);
        Assert.Contains("\uFFFD[2J\uFFFD[31mOpen\uFFFD\uFFFD\uFFFDdrawkcab\n", text, StringComparison.Ordinal);
    }
}
