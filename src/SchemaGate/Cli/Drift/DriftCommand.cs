using System.CommandLine;

namespace SchemaGate.Cli.Drift;

/// <summary><c>schemagate drift</c>: what to do about what was changed by hand.</summary>
internal static class DriftCommand
{
    public static Command Create(Shell shell) => new("drift", """
        Deal with what was changed in a database by hand, past its migrations. `schemagate diff` says what that is.

        Examples:
          schemagate diff
          schemagate drift adopt orders_note_index --dry-run
          schemagate drift adopt orders_note_index

        Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something could not be read or written.
        """)
    {
        AdoptCommand.Create(shell),
    };
}
