using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class OpaqueSqlRule
{
    public static RiskRule OpaqueSql { get; } = new(
        "opaque-sql", "Nobody can tell from the text what this does", Unjudged, RiskSeverity.Medium, "Write what it does as plain "
            + "statements; or let somebody read it, and say so in a comment that ignores this rule.")
    {
        Judge = static context => context is { Action: null, Statement: not TransactionControl }
            && SchemaFold.IsOpaque(context.Schema, context.Statement) ? [new(Message(context.Statement))] : [],
    };

    private static string Message(Statement statement) => statement switch
    {
        UnreadStatement unread => $"Not judged: {unread.Message}{(unread.Message.EndsWith('.') ? "" : ".")}",
        DoBlock block => $"A DO block is a program ({block.Language}): it is not judged.",
        CallProcedure call => $"What procedure `{call.Name}` does is not judged.",
        ExecutePrepared execute => $"What `{execute.Name}` was prepared to do is not judged.",
        _ => "It calls a function of the migrations that may change anything: it is not judged.",
    };
}
