using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>What creates or changes objects other than tables, indexes and types.</summary>
internal static class CreationReader
{
    public static Statement? Read(string tag, Node node) => tag switch
    {
        "CreateSchemaStmt" => Schema(node),
        "CreateExtensionStmt" => new CreateExtension(node.Text("extname") ?? "", node.Flag("if_not_exists")),
        "AlterExtensionStmt" or "AlterExtensionContentsStmt" => new AlterExtension(node.Text("extname") ?? ""),
        "CreateSeqStmt" => new CreateSequence(Names.Relation(node["sequence"]), node.Flag("if_not_exists")),
        "AlterSeqStmt" => new AlterSequence(Names.Relation(node["sequence"])),
        "ViewStmt" => View(node),
        "RefreshMatViewStmt" =>
            new RefreshMaterializedView(Names.Relation(node["relation"]), node.Flag("concurrent"), !node.Flag("skipData")),
        "CreateFunctionStmt" => Function(node),
        "CreateTrigStmt" => new CreateTrigger(node.Text("trigname") ?? "", Names.Relation(node["relation"]), node.Flag("replace")),
        "RuleStmt" => new CreateRule(node.Text("rulename") ?? "", Names.Relation(node["relation"]), node.Flag("replace")),
        "CreatePolicyStmt" => new CreatePolicy(node.Text("policy_name") ?? "", Names.Relation(node["table"])),
        "AlterPolicyStmt" => new AlterPolicy(node.Text("policy_name") ?? "", Names.Relation(node["table"])),
        "CreatePublicationStmt" => Publication(node),
        "CreateStatsStmt" => new CreateStatistics(
            node["defnames"].Exists
                ? Names.Qualified(node.Items("defnames"))
                : null, Names.Relations(node.Items("relations").Where(relation => relation.Tag == "RangeVar"))),
        _ => null,
    };

    private static CreateSchema Schema(Node node) => new(node.Text("schemaname") ?? node["authrole"].Text("rolename") ?? "")
    {
        IfNotExists = node.Flag("if_not_exists"),
        Elements = [.. node.Items("schemaElts").Select(StatementTree.Read)],
    };

    private static CreateView View(Node node) =>
        new(Names.Relation(node["view"]), node.Flag("replace"), CreateTableReader.PersistenceOf(node["view"]) == Persistence.Temporary);

    private static CreateFunction Function(Node node)
    {
        string? language = ConstantReader.Text(ConstantReader.Option(node.Items("options"), "language")["arg"])?.ToLowerInvariant();
        string? volatility = ConstantReader.Text(ConstantReader.Option(node.Items("options"), "volatility")["arg"]);
        return new(Names.Qualified(
            node.Items("funcname")), node.Flag("is_procedure"), node.Flag("replace"), language ?? (node["sql_body"].Exists ? "sql" : null))
        {
            Volatility = volatility switch
            {
                "immutable" => FunctionVolatility.Immutable,
                "stable" => FunctionVolatility.Stable,
                _ => FunctionVolatility.Volatile,
            },
        };
    }

    private static CreatePublication Publication(Node node)
    {
        IEnumerable<Node> objects = node.Items("pubobjects").Select(item => item["PublicationObjSpec"]["pubtable"]["relation"])
            .Where(relation => relation.Exists);
        return new(node.Text("pubname") ?? "", Names.Relations(objects.Concat(node.Items("tables"))), node.Flag("for_all_tables"));
    }
}
