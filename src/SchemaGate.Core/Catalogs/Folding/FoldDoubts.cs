using System.Collections.Frozen;
using System.Text.RegularExpressions;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.Statements.ObjectKind;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>
/// What of a schema the text of migrations leaves open. A program that the parser does not read can touch only what it names, unless it
/// makes names up; so what is named in one is not judged, and after one that makes up names nothing is.
/// </summary>
internal sealed partial class FoldDoubts
{
    /// <summary>What CASCADE takes along of these is known but for keys, checks and generated columns.</summary>
    private static readonly FrozenSet<ObjectKind> s_near = FrozenSet.Create(
        Table, View, MaterializedView, Sequence, ObjectKind.Index, ObjectKind.Trigger, Rule, Policy);

    /// <summary>They make and change no objects.</summary>
    private static readonly FrozenSet<string> s_harmless = FrozenSet.Create(
        StringComparer.Ordinal, "setval", "nextval", "currval", "set_config", "current_setting", "count", "max", "min", "coalesce", "now",
        "pg_advisory_lock", "pg_advisory_unlock", "pg_advisory_xact_lock", "version", "gen_random_uuid", "to_regclass", "exists");

    private readonly List<string> _texts = [];

    /// <summary>Why nothing can be judged, in words; null where something can.</summary>
    public string? Everything { get; private set; }

    /// <summary>Something was dropped with what depended on it: defaults, views, triggers, keys may be gone with it.</summary>
    public bool HasCascaded { get; private set; }

    /// <summary>And it was no relation: columns and constraints of any kind may be gone with a type, a function, an extension.</summary>
    public bool HasCascadedFar { get; private set; }

    /// <summary>Tables were made whose names stand nowhere.</summary>
    public bool HasImported { get; private set; }

    /// <summary>An index that no statement made under that name was dropped or renamed: one whose name the server made up.</summary>
    public bool HasUnknownIndex { get; private set; }

    /// <summary>Every function that there was at any time, without arguments: one of several of a name may be left.</summary>
    public HashSet<ObjectName> Functions { get; } = [];

    /// <summary>A program names it.</summary>
    public bool Names(string name) => _texts.Any(text => Has(text, name));

    public void Note(Statement statement, ParsedMigration migration, KnownSchema before)
    {
        if (statement is RenameObject { Member: null } renamed && Names(renamed.Name.Name))
        {
            _texts.Add(renamed.NewName);
        }

        switch (statement)
        {
            case UnreadStatement { Span.Length: 0 }:
                Everything ??= $"{migration.Name} is not read";
                break;
            case DoBlock block:
                Read(block.Body, migration, before);
                break;
            case CallProcedure or ExecutePrepared or DropOwned:
                Everything ??= $"{migration.Name} calls a program that is not read";
                break;
            case TransactionControl { Command: TransactionCommand.Rollback or TransactionCommand.RollbackTo }:
                Everything ??= $"{migration.Name} takes back what it did";
                break;
            case SetParameter { Name: "search_path", Value: { } path } when Schemas(path) > 1:
                Everything ??= $"{migration.Name} searches several schemas for its names";
                break;
            case SetParameter { Name: "search_path", IsLocal: true, Value: { } path } when Searched(path) is { } first
                && first != before.SearchSchema:
            case SelectQuery query when query.Functions.Any(function => Has(function, "set_config"))
                && SearchPath().IsMatch(TextOf(query, migration)):
                Everything ??= $"{migration.Name} searches another schema for its names for a while";
                break;
            case UnreadStatement or OtherStatement or CreateView { Temporary: true }
                or RenameObject { Kind: Function or Procedure or Routine }
                or SetSchema { Kind: Function or Procedure or Routine }:
                _texts.Add(TextOf(statement, migration));
                HasImported |= Import().IsMatch(_texts[^1]);
                break;
            case SelectQuery query when query.Functions.Any(function => !s_harmless.Contains(function)):
                Read(TextOf(statement, migration), migration, before);
                break;
            case DataChange when CallsProgram(TextOf(statement, migration), before):
                Read(TextOf(statement, migration), migration, before);
                break;
            case CreateFunction create:
                Functions.Add(create.Name with { Schema = create.Name.Schema ?? before.SearchSchema });
                break;
            case RenameObject { Kind: ObjectKind.Schema } moved:
                Functions.UnionWith([.. Functions.Where(name => name.Schema == moved.Name.Name)
                    .Select(name => name with { Schema = moved.NewName })]);
                break;
            default:
                NoteDrop(statement, before);
                break;
        }
    }

    /// <summary>The schema after a statement, with the tables marked of which it leaves more than the fold follows.</summary>
    public static KnownSchema Marked(KnownSchema after, Statement statement, KnownSchema before) => statement switch
    {
        CreateTable { Like.Count: > 0 } create => Incomplete(after, create.Table),
        RenameObject { Kind: ObjectKind.Constraint, Member: { } member } rename
            when before.FindTable(rename.Name)?.Constraint(member) is null => Incomplete(after, rename.Name),
        AlterTable alter => alter.Actions.Aggregate(after, (schema, action) => action switch
        {
            AttachPartition attach => Incomplete(schema, attach.Partition),
            DetachPartition detach => Incomplete(schema, detach.Partition),
            Inherit or NoInherit => Incomplete(schema, alter.Table),
            DropConstraint drop when before.FindTable(alter.Table)?.Constraint(drop.Name) is null => Incomplete(schema, alter.Table),
            _ => schema,
        }),
        _ => after,
    };

    private void NoteDrop(Statement statement, KnownSchema before)
    {
        HasCascaded |= statement is DropObjects { Cascade: true }
            || (statement is AlterTable alter && alter.Actions.Any(
                action => action is DropColumn { Cascade: true } or DropConstraint { Cascade: true }));
        HasCascadedFar |= statement is DropObjects { Cascade: true, Kind: var kind } && !s_near.Contains(kind);
        HasUnknownIndex |= statement switch
        {
            DropObjects { Kind: ObjectKind.Index } drop => drop.Names.Any(name => before.Index(name) is null),
            RenameObject { Kind: ObjectKind.Index } rename => before.Index(rename.Name) is null,
            _ => false,
        };
    }

    /// <summary>A text that makes up statements, or calls a function of the migrations that might, may do anything.</summary>
    private void Read(string text, ParsedMigration migration, KnownSchema before)
    {
        _texts.Add(text);
        bool isDynamic = Execute().Matches(text)
            .Any(match => match.Groups["what"].Value.ToUpperInvariant() is not ("FUNCTION" or "PROCEDURE"))
            || CallsProgram(text, before);
        if (isDynamic)
        {
            Everything ??= $"{migration.Name} has a program that makes up statements";
        }
    }

    private static bool CallsProgram(string text, KnownSchema before) => before.Functions.Values.Any(
        function => function.Volatility == FunctionVolatility.Volatile && Has(text, function.Name.Name));

    private static bool Has(string text, string name)
    {
        for (int at = -1; (at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            if (!IsOfWord(text.ElementAtOrDefault(at - 1)) && !IsOfWord(text.ElementAtOrDefault(at + name.Length)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';

    private static KnownSchema Incomplete(KnownSchema schema, ObjectName name) =>
        schema.FindTable(name) is { } table ? schema.With(table with { IsComplete = false }) : schema;

    private static string TextOf(Statement statement, ParsedMigration migration)
    {
        int begin = Math.Min(statement.Span.Offset, migration.Sql.Length);
        return migration.Sql.Substring(begin, Math.Min(statement.Span.Length, migration.Sql.Length - begin));
    }

    private static int Schemas(string path) => SchemasOf(path).Count();

    private static string? Searched(string path) => SchemasOf(path).FirstOrDefault();

    private static IEnumerable<string> SchemasOf(string path) => path.Split(',', StringSplitOptions.TrimEntries)
        .Select(part => part.Trim('"', '\'')).Where(part => part is not ("" or "$user" or "pg_catalog"));

    /// <summary>In a call of set_config; pg_dump's, which searches none, is followed.</summary>
    [GeneratedRegex(@"'search_path'\s*,\s*(?:[^'\s]|'[^'])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
        | RegexOptions.NonBacktracking)]
    private static partial Regex SearchPath();

    [GeneratedRegex(@"\bimport\s+foreign\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Import();

    [GeneratedRegex(@"\bexecute\s+(?<what>\w*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Execute();
}
