using System.Text.Json;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Parsing.Trees;

namespace SchemaGate.Postgres.Tests.Parsing;

/// <summary>Trees as libpg_query 18 writes them, which the installed one may be too old for.</summary>
public sealed class NewerTreeTests
{
    [Theory]
    [InlineData(
        """{"subtype":"AT_SetExpression","name":"a","def":{"A_Const":{"ival":{"ival":1},"location":41}},"behavior":"DROP_RESTRICT"}""",
        "SetExpression {Column=a, Expression=Expression {Volatility=Constant}}")]
    [InlineData(
        """
        {"subtype":"AT_AddColumn","def":{"ColumnDef":{"colname":"a","constraints":[
          {"Constraint":{"contype":"CONSTR_GENERATED","raw_expr":{"A_Const":{"ival":{}}},"generated_kind":"v"}}]}}}
        """,
        "AddColumn {Column=a, Definition=ColumnDefinition {Name=a, Generated=GeneratedExpression {Expression=Expression "
            + "{Volatility=Constant}}}}")]
    [InlineData(
        """
        {"subtype":"AT_AddColumn","def":{"ColumnDef":{"colname":"a","constraints":[
          {"Constraint":{"contype":"CONSTR_FOREIGN","is_enforced":true,"pktable":{"relname":"p"}}},
          {"Constraint":{"contype":"CONSTR_ATTR_NOT_ENFORCED"}}]}}}
        """,
        "AddColumn {Column=a, Definition=ColumnDefinition {Name=a, Constraints=[ForeignKeyConstraint {NotEnforced=True, Columns=[a], "
            + "Table=p, OnDelete=NoAction, OnUpdate=NoAction}]}}")]
    [InlineData(
        """
        {"subtype":"AT_AddConstraint","def":{"Constraint":{
          "contype":"CONSTR_NOTNULL","conname":"c","keys":[{"String":{"sval":"a"}}],"is_enforced":true,"skip_validation":true}}}
        """,
        "AddConstraint {Constraint=NotNullConstraint {Name=c, NotValid=True, Column=a}}")]
    [InlineData(
        """{"subtype":"AT_AlterConstraint","def":{"ATAlterConstraint":{"conname":"c","alterEnforceability":true,"is_enforced":true}}}""",
        "AlterConstraint {Name=c, Enforce=True}")]
    [InlineData(
        """
        {"subtype":"AT_AlterConstraint","def":{"ATAlterConstraint":{
          "conname":"c","is_enforced":true,"alterDeferrability":true,"deferrable":true}}}
        """,
        "AlterConstraint {Name=c, Deferrable=True}")]
    [InlineData("""{"subtype":"AT_FromTheFuture","def":{"X":{"y":[1,null,{"z":"a"}]}}}""", "OtherAction {Tag=AT_FromTheFuture}")]
    public void An_action_is_read(string json, string facts) =>
        Assert.Equal($"AlterTable {{Kind=Table, Table=t, Actions=[{facts}], Only=True}}",
            Facts.Of(Read(
                $$$"""{"AlterTableStmt":{"relation":{"relname":"t"},"objtype":"OBJECT_TABLE","cmds":[{"AlterTableCmd":{{{json}}}}]}}""")));

    [Fact]
    public void A_statement_that_nobody_knows_is_told_by_its_tag() =>
        Assert.Equal("OtherStatement {Tag=FutureStmt}", Facts.Of(Read("""{"FutureStmt":{"a":{"b":1}}}""")));

    [Fact]
    public void An_expression_with_an_unknown_part_is_unknown()
    {
        Statement statement = Read("""
            {"AlterDomainStmt":{"subtype":"C","typeName":[{"String":{"sval":"d"}}],"def":
              {"Constraint":{"contype":"CONSTR_CHECK","raw_expr":{"FutureExpr":{"a":1}}}}}}
            """);
        Assert.Equal(Volatility.Unknown, ((CheckConstraint)((AlterDomain)statement).Constraint!).Expression.Volatility);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"AlterTableStmt":{}}""")]
    [InlineData("""{"CreateStmt":{"tableElts":[{},null,{"ColumnDef":{}},{"Constraint":{}}]}}""")]
    [InlineData("""{"DropStmt":{"removeType":"OBJECT_TRIGGER"}}""")]
    [InlineData("""{"RenameStmt":{}}""")]
    [InlineData("""{"InsertStmt":{"selectStmt":5,"cols":"x"}}""")]
    [InlineData("""{"SelectStmt":{"larg":{"larg":{}}}}""")]
    [InlineData("""{"IndexStmt":{"indexParams":[{}]}}""")]
    [InlineData("""{"CommentStmt":{"objtype":"OBJECT_COLUMN"}}""")]
    public void A_tree_that_lacks_what_was_there_before_is_read(string json) => Assert.NotNull(Read(json));

    private static Statement Read(string json)
    {
        using JsonDocument tree = JsonDocument.Parse(json);
        return StatementTree.Read(new Node(tree.RootElement, new TextPositions("")));
    }
}
