using System.CommandLine;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog</c>: the document's life, one command for each step.</summary>
internal static class ChangelogCommand
{
    public static Command Create(Shell shell) => new("changelog", """
        Keep the changelog document: list and show its entries, edit them, look at all of it.

        An edit changes the characters that it is about and no other, and is refused where the document would not read as meant.

        Examples:
          schemagate changelog list --status pending
          schemagate changelog add --title add_coupons --description "Coupons" --change 'New `coupons` table'
          schemagate changelog migrated add_coupons
          schemagate changelog deployed add_coupons
          schemagate changelog fmt --check
          schemagate changelog render --out changelog.html

        Exit codes: 0 done, 1 refused, 2 wrong usage, 3 the document could not be read or written.
        """)
    {
        ListCommand.Create(shell), ShowCommand.Create(shell), AddCommand.Create(shell), MigratedCommand.Create(shell),
        DeployedCommand.Create(shell), FmtCommand.Create(shell), RenderCommand.Create(shell),
    };
}
