using System.CommandLine;

namespace SchemaGate.Cli.Diff;

/// <summary>What <c>diff</c> and <c>drift</c> ask alike.</summary>
internal static class DiffOptions
{
    public const string Migration = "migration";
    public const string Database = "database";

    public static Option<string?> From { get; } = Side("--from", "What is compared");

    public static Option<string?> To { get; } = Side("--to", "With what");

    public static Option<string> Output { get; } = CreateOutput();

    public static Option<string> Direction { get; } = CreateDirection();

    public static Option<bool> AllowDestructive { get; } = new("--allow-destructive")
    {
        Description = "Print what loses data or objects as statements, not as comments.",
    };

    public static Option<string[]> Ignore { get; } = new("--ignore")
    {
        HelpName = "GLOB",
        Description = "Objects that are nobody's business (* and ?): audit_*, public.tmp_*, index:*_tmp_idx. May be repeated.",
    };

    public static Option<bool> Grants { get; } = new("--grants")
    {
        Description = "Compare the rights of every role, also of those that the migrations do not name.",
    };

    private static Option<string?> Side(string name, string what)
    {
        Option<string?> side = new(name)
        {
            HelpName = "SIDE",
            Description = $"{what}: live, history (what the database's applied migrations build), migrations (all of PATH's), empty, "
                + "image:REF, database:URL (or - or a variable's name), a .sql file, or a directory.",
        };
        side.CompletionSources.Add([.. DiffSides.Words]);
        return side;
    }

    private static Option<string> CreateOutput()
    {
        Option<string> output = new("--output", "-o")
        {
            Description = "For people, for programs, or as the SQL that mends it.",
            DefaultValueFactory = _ => "text",
        };
        return output.AcceptOnlyFromAmong("text", "json", "sql");
    }

    private static Option<string> CreateDirection()
    {
        Option<string> direction = new("--direction")
        {
            Description = "Which way the SQL goes. migration: it makes --from what --to is (the missing migration). database: it makes "
                + "--to what --from is (brings the database back).",
            DefaultValueFactory = _ => Migration,
        };
        return direction.AcceptOnlyFromAmong(Migration, Database);
    }
}
