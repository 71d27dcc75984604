using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Migrations;

public sealed class SqlStateClassesTests
{
    [Theory]
    [InlineData(FailureClass.Transient, "08006 08P01 25006 40001 40P01 53200 53300 55006 55P03 57P01 57P02 57P03 57P05 58000 72000 HV00N")]
    [InlineData(FailureClass.Permanent, "0A000 22012 23505 25001 25P04 28P01 2D000 3D000 40002 42601 42P01 44000 53100 53400 54001 55000 "
        + "55P04 57014 57P04 58P01 F0000 HV000 P0001")]
    [InlineData(FailureClass.Unknown, "40003 57000 58030 XX000 XX001 99999 ZZZZZ 42 ")]
    public void A_code_has_its_class(FailureClass expected, string codes) =>
        Assert.All(codes.Split(' '), code => Assert.Equal(expected, SqlStateClasses.Of(code)));
}
