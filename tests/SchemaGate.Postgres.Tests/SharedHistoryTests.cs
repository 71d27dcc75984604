using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>Two applications, one history table; and a database that is not there.</summary>
public sealed class SharedHistoryTests
{
    private static readonly ApplyOptions Sharing = new() { IgnoreUnknown = ["billing_*"] };

    [Fact]
    public async Task A_failed_migration_of_another_application_stops_a_run_unless_it_is_ignored()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("billing_1", "SELECT nope"));
        ApplyFailure failure = (await database.ApplyAsync(("1_a", ""))).Failure!;
        Assert.Equal((DatabaseFailure.MigrationUnfinished, "billing_1"), (failure.Kind, failure.Migration));
        Assert.Contains("none of these migrations", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("schemagate migrate --ignore-unknown billing_1 ", failure.NextCommands[^1], StringComparison.Ordinal);
        Assert.Null((await TestDatabase.ApplyAsync(database.Url(), Sharing, ("1_a", ""))).Failure);
    }

    [Fact]
    public async Task What_the_set_has_is_its_own_whatever_the_pattern_says()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await database.ApplyAsync(("billing_1", "SELECT nope"));
        ApplyFailure failure = (await TestDatabase.ApplyAsync(database.Url(), Sharing, ("1_a", ""), ("billing_1", ""))).Failure!;
        Assert.Equal((DatabaseFailure.MigrationUnfinished, "billing_1"), (failure.Kind, failure.Migration));
        Assert.DoesNotContain(failure.NextCommands, command => command.Contains("--ignore-unknown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_may_not_create_the_missing_database_is_told_what_to_do()
    {
        await using TestDatabase database = TestDatabase.Absent();
        await using TestDatabase other = await TestDatabase.CreateAsync();
        string role = $"r{Guid.NewGuid():N}";
        await other.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'");
        ApplyFailure failure = (await TestDatabase.ApplyAsync(
            database.Url(user: role, password: "planted-secret"), ApplyOptions.Default, ("1_a", ""))).Failure!;
        await other.ExecuteAsync($"DROP ROLE {role}");
        Assert.Equal(DatabaseFailure.DatabaseMissing, failure.Kind);
        Assert.Contains($"no database \"{database.Name}\", and the URL's user may not create it. Create it, "
            + "or grant the user CREATEDB.", failure.Message, StringComparison.Ordinal);
    }
}
