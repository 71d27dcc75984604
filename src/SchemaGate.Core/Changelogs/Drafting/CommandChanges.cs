using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Statements that change no object of the schema, and those of which too little is known, in words.</summary>
internal static class CommandChanges
{
    /// <summary>Never nothing: whatever stands in the migration is told.</summary>
    public static Change Of(Statement statement, KnownSchema schema) => statement switch
    {
        SetParameter set => new(
            "SET", set.Name is null ? "Resets the session's parameters" : $"Sets {Marked.Code(set.Name)} for the run", Undo.Nothing),
        TransactionControl control => new("BEGIN or COMMIT", $"Runs {Marked.Code(Words(control.Command))} itself", Undo.Nothing),
        LockTables locked => new("LOCK", $"Locks {Marked.List(locked.Tables.Select(table => table.Name))}", Undo.Nothing),
        VacuumTables vacuum => new("VACUUM", vacuum.IsVacuum ? "Runs VACUUM" : "Runs ANALYZE", Undo.Nothing),
        ClusterTable => new("CLUSTER", "Runs CLUSTER", Undo.Nothing),
        Reindex => new("REINDEX", "Builds indexes anew", Undo.Nothing),
        RefreshMaterializedView refresh => new("REFRESH", $"Refreshes {Marked.Name(refresh.Name, schema)}", Undo.Nothing),
        CommentOn comment => new(
            "COMMENT",
            $"Comment on {(comment.Kind == ObjectKind.Column ? "a column of" : ObjectChanges.Noun(comment.Kind))} "
                + (comment.Name is null ? "of several names" : Marked.Name(comment.Name, schema)),
            Undo.Nothing),
        ChangePrivileges rights => Rights(rights),
        ChangeOwner owner => Altered($"the owner of {ObjectChanges.Noun(owner.Kind)} {Marked.Name(owner.Name, schema)}", "OWNER TO"),
        AlterSequence sequence => Altered($"the sequence {Marked.Name(sequence.Name, schema)}", "ALTER SEQUENCE"),
        AlterExtension extension => Altered($"the extension {Marked.Code(extension.Name)}", "ALTER EXTENSION"),
        AlterPolicy policy => Altered($"the policy {Marked.Code(policy.Name)} of {Marked.Name(policy.Table, schema)}", "ALTER POLICY"),
        ClusterCommand command => Altered($"the cluster ({Marked.Code(command.Command.ToString())})", command.Command.ToString()),
        AlterTable alter => Altered($"{Marked.Name(alter.Table, schema)}", "ALTER"),
        _ => Opaque(statement, schema),
    };

    private static Change Opaque(Statement statement, KnownSchema schema) => statement switch
    {
        DoBlock block => Unknown("DO", $"a DO block ({Marked.Code(block.Language)})", ", which nobody reads here"),
        CallProcedure call => Unknown("CALL", $"the procedure {Marked.Name(call.Name, schema)}", ", which nobody reads here"),
        PrepareStatement prepare => Unknown("PREPARE", $"PREPARE of {Marked.Code(prepare.Name)}"),
        ExecutePrepared execute => Unknown("EXECUTE", $"EXECUTE of {Marked.Code(execute.Name)}"),
        UnreadStatement unread => new(
            "unread", $"Line {unread.Span.Line} could not be read: {Marked.OneLine(unread.Message.TrimEnd('.'))}",
            new Undo.ByHand($"what line {unread.Span.Line} does, which could not be read, must be taken back")),
        OtherStatement other => Unknown(other.Tag, $"a statement of the kind {Marked.Code(other.Tag)}"),
        _ => Unknown(statement.GetType().Name, $"a statement of the kind {Marked.Code(statement.GetType().Name)}"),
    };

    private static Change Rights(ChangePrivileges rights)
    {
        string names = rights.Names.Count == 0 ? "" : $" on {Marked.List(rights.Names.Select(name => name.ToString()))}";
        string what = rights.Default ? $"default privileges{names}" : $"privileges{names}";
        return rights.IsGrant
            ? Change.Additive("GRANT", $"Grants {what}", new Undo.ByHand($"revoke the granted {what}"))
            : new("REVOKE", $"Revokes {what}", new Undo.ByHand($"grant the revoked {what}"));
    }

    private static Change Altered(string what, string command) =>
        new(command, $"Changed {what}", new Undo.ByHand($"set {what} as before"));

    private static Change Unknown(string command, string what, string more = "") =>
        new(command, $"Runs {what}{more}", new Undo.ByHand($"take back what {what} does"));

    private static string Words(TransactionCommand command) => command switch
    {
        TransactionCommand.RollbackTo => "ROLLBACK TO",
        TransactionCommand.PrepareTransaction => "PREPARE TRANSACTION",
        TransactionCommand.CommitPrepared => "COMMIT PREPARED",
        TransactionCommand.RollbackPrepared => "ROLLBACK PREPARED",
        _ => command.ToString().ToUpperInvariant(),
    };
}
