namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Which references are to columns of the table whose rows a statement changes.</summary>
/// <param name="Relation">The table's <c>RangeVar</c>.</param>
/// <param name="HasOthers">FROM, USING or MERGE's source: a name without a table may be another's.</param>
internal readonly record struct OwnColumns(Node Relation, bool HasOthers)
{
    /// <summary>The column's name; null for what is no such reference.</summary>
    public string? Name(Node node)
    {
        if (node.Tag != "ColumnRef" || ExpressionReader.Column(node.Body) is not { } name)
        {
            return null;
        }

        Node[] fields = [.. node.Body.Items("fields")];
        string? table = Relation["alias"].Text("aliasname") ?? Relation.Text("relname");
        bool isOwn = fields.Length == 1 ? !HasOthers : fields[^2].Literal == table;
        return isOwn ? name : null;
    }
}
