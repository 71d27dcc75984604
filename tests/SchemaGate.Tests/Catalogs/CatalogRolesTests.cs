using System.Collections.Frozen;
using SchemaGate.Core.Catalogs;
using static SchemaGate.Tests.Catalogs.Things;

namespace SchemaGate.Tests.Catalogs;

public sealed class CatalogRolesTests
{
    private static readonly FrozenSet<string> s_there = FrozenSet.Create(StringComparer.Ordinal, "app");

    [Theory]
    [InlineData("\"app\"=r\n\"gone\"=rw\npublic=r", "\"app\"=r\npublic=r")]
    [InlineData("\"gone\"=rw", null)]
    [InlineData("\"odd\nrole\"=r\n\"app\"=r", "\"app\"=r")]
    public void A_server_that_lacks_a_role_gives_it_nothing(string grants, string? left) =>
        Assert.Equal(left, Left(Table("t", (CatalogFact.Grants, grants)))[CatalogFact.Grants]);

    [Theory]
    [InlineData("\"app\", \"gone\"", "\"app\"")]
    [InlineData("\"gone\"", "public")]
    [InlineData("public", "public")]
    public void A_policy_is_for_the_roles_that_are_there_or_for_everyone(string roles, string left) =>
        Assert.Equal(left, Left(Thing(CatalogKind.Policy, "t", "p", (CatalogFact.Roles, roles)))[CatalogFact.Roles]);

    private static CatalogObject Left(CatalogObject thing) =>
        Assert.Single(CatalogRoles.On(s_there, Catalog(thing)).Objects.Values);
}
