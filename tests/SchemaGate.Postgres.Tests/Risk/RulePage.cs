using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>SQL of a rule's page, with the context that the fence's info string names.</summary>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Earlier">Migrations before it: the last block marked <c>earlier</c> of the section, or with <c>then</c> also the block
/// before.</param>
/// <param name="Info">What the fence says after <c>sql</c>.</param>
internal sealed record PageBlock(string Section, string Sql, ImmutableList<string> Earlier, string[] Info)
{
    /// <summary>Its syntax is newer than the installed parser.</summary>
    public bool IsTooNew =>
        Info.Any(word => word.StartsWith("parser=", StringComparison.Ordinal) && int.Parse(word[7..]) > StatementReader.ParserVersion);

    public MigrationRisk Judge(string rule)
    {
        RiskOptions options = RiskOptions.Default with
        {
            EnabledRules = [rule],
            TargetMajor = Info.FirstOrDefault(word => word.StartsWith("pg=", StringComparison.Ordinal)) is { } version
                ? int.Parse(version[3..])
                : 18,
            Transactions = Info.Contains("one-text")
                ? TransactionMode.OneText
                : Info.Contains("no-transaction") ? TransactionMode.EachStatement : TransactionMode.WherePossible,
        };
        bool? hasRollback = Info.Contains("no-rollback") ? false : Info.Contains("rollback") ? true : null;
        ParsedMigration[] set = [.. Earlier.Add(Sql)
            .Select((sql, index) => new ParsedMigration($"{index}", sql, StatementReader.Read(sql)) { HasRollback = hasRollback })];
        return RiskJudge.Judge(set, options)[^1];
    }

    public static IReadOnlyList<PageBlock> In(string page)
    {
        List<PageBlock> blocks = [];
        string section = "";
        ImmutableList<string> earlier = [];
        foreach (Match match in Regex.Matches(
            page, "^## (?<heading>[^\n]+)$|^```sql(?<info>[^\n]*)\n(?<sql>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline
                | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
        {
            string[] info = match.Groups["info"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (match.Groups["heading"].Success)
            {
                (section, earlier) = (match.Groups["heading"].Value, []);
            }
            else if (info.Contains("earlier"))
            {
                earlier = [match.Groups["sql"].Value];
            }
            else
            {
                ImmutableList<string> before = info.Contains("then") ? blocks[^1].Earlier.Add(blocks[^1].Sql) : earlier;
                blocks.Add(new PageBlock(section, match.Groups["sql"].Value, before, info));
            }
        }

        return blocks;
    }
}
