using SchemaGate.Cli.Migrate;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>What a role may not do is said with the GRANT that mends it; the database was reached, so that is no outage.</summary>
public sealed class PrivilegeTests
{
    [Theory]
    [InlineData("", "", "GRANT USAGE, CREATE ON SCHEMA \"public\" TO <role>")]
    [InlineData("", "schema=own", "GRANT CREATE ON DATABASE \"{0}\" TO <role>")]
    [InlineData("SELECT", "", "GRANT SELECT, INSERT, UPDATE ON \"public\"._prisma_migrations TO <role>")]
    public async Task A_run_that_may_not_write_says_which_grant_it_needs(string granted, string query, string words)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            "REVOKE CREATE ON SCHEMA public FROM public", $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'",
            $"GRANT EXECUTE ON FUNCTION pg_control_system() TO {role}");
        if (granted.Length > 0)
        {
            await database.ApplyAsync(("1_a", "SELECT 1"));
            await database.ExecuteAsync($"GRANT {granted} ON _prisma_migrations TO {role}");
        }

        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(query, role, "planted-secret"), ApplyOptions.Default, ("1_a", "SELECT 1"), ("2_b", "SELECT 1"))).Failure!;
        await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
        Assert.Equal((DatabaseFailure.PrivilegeMissing, "42501"), (failure.Kind, failure.SqlState));
        Assert.Contains(words.Replace("{0}", database.Name, StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(role, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, MigrateCommand.ExitCodeOf(failure));
    }

    [Fact]
    public async Task A_role_that_may_not_connect_is_told_so()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"REVOKE CONNECT ON DATABASE {database.Name} FROM public", $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'");
        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(user: role, password: "planted-secret"), ApplyOptions.Default, ("1_a", "SELECT 1"))).Failure!;
        await database.ExecuteAsync($"DROP ROLE {role}");
        Assert.Equal(DatabaseFailure.AccessDenied, failure.Kind);
        Assert.Contains($"GRANT CONNECT ON DATABASE \"{database.Name}\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, MigrateCommand.ExitCodeOf(failure));
    }
}
