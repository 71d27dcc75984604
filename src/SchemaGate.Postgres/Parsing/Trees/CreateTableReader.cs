using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class CreateTableReader
{
    private const int IncludingConstraints = 1 << 2;
    private const int IncludingDefaults = 1 << 3;
    private const int IncludingIndexes = 1 << 6;

    public static CreateTable Read(Node node, bool isForeign)
    {
        List<ColumnDefinition> columns = [];
        List<Constraint> constraints = [];
        List<LikeClause> likes = [];
        foreach (Node element in node.Items("tableElts"))
        {
            switch (element.Tag)
            {
                case "ColumnDef":
                    columns.Add(ColumnReader.Read(element.Body));
                    break;
                case "TableLikeClause":
                    likes.Add(Like(element.Body));
                    break;
                case "Constraint" when ConstraintReader.Read(element.Body, column: null) is { } constraint:
                    constraints.Add(constraint);
                    break;
            }
        }

        ValueList<ObjectName> parents = Names.Relations(node.Items("inhRelations"));
        bool isPartition = node["partbound"].Exists && parents.Count > 0;
        return new CreateTable(Names.Relation(node["relation"]))
        {
            Persistence = PersistenceOf(node["relation"]),
            IsForeign = isForeign,
            IfNotExists = node.Flag("if_not_exists"),
            Columns = [.. columns],
            Constraints = [.. constraints],
            Like = [.. likes],
            Inherits = isPartition ? [] : parents,
            PartitionOf = isPartition ? parents[0] : null,
            IsDefaultPartition = node["partbound"].Flag("is_default"),
            IsPartitioned = node["partspec"].Exists,
            OfType = node["ofTypename"] is { Exists: true } type ? Names.Qualified(type.Items("names")) : null,
        };
    }

    /// <summary>CREATE TABLE AS and CREATE MATERIALIZED VIEW, which are one node.</summary>
    public static Statement ReadAsQuery(Node node) => (node.Text("objtype") ?? node.Text("relkind")) == "OBJECT_MATVIEW"
        ? new CreateMaterializedView(Names.Relation(node["into"]["rel"]), node.Flag("if_not_exists"))
        : Into(node["into"]) with { IfNotExists = node.Flag("if_not_exists") };

    /// <summary>What INTO makes of a query.</summary>
    public static CreateTable Into(Node into) =>
        new(Names.Relation(into["rel"])) { Persistence = PersistenceOf(into["rel"]), AsQuery = true };

    public static Persistence PersistenceOf(Node relation) => relation.Text("relpersistence") switch
    {
        "t" => Persistence.Temporary,
        "u" => Persistence.Unlogged,
        _ => Persistence.Permanent,
    };

    private static LikeClause Like(Node node)
    {
        int options = node.Number("options");
        return new(
            Names.Relation(node["relation"]),
            (options & IncludingConstraints) != 0,
            (options & IncludingDefaults) != 0,
            (options & IncludingIndexes) != 0);
    }
}
