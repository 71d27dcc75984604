using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Risk;
using SchemaGate.Tests.Changelogs;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

public sealed class GateRuleTests
{
    [Fact]
    public void A_bad_spec_closes_and_waiting_does_not_mend_it()
    {
        Decision decision = Closed(
            Input(2, 2) with { SpecProblems = ["spec.changelog.image is missing."], Changelog = null, Database = null },
            Reasons.SpecInvalid);
        Assert.Equal("spec.changelog.image is missing.", decision.Message);
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Stalled).Status);
    }

    [Fact]
    public void A_suspended_gate_is_closed_and_names_the_field() =>
        Says(Closed(Input(2, 2).With(spec => spec with { Suspend = true }), Reasons.Suspended), "spec.suspend");

    [Theory]
    [InlineData(Reasons.ImageNotFound)]
    [InlineData(Reasons.ImageInvalid)]
    [InlineData(Reasons.ImageReferenceInvalid)]
    [InlineData(Reasons.RegistryAccessDenied)]
    [InlineData(Reasons.ChangelogNotFound)]
    [InlineData(Reasons.MigrationsNotFound)]
    public void An_image_that_is_not_there_or_not_usable_closes_with_its_reason(string reason) => Says(Closed(
        Input(2, 2) with { Changelog = new Evidence<ChangelogEvidence>.Missing(reason, "Push it.") }, reason), "Push it.");

    [Fact]
    public void A_registry_that_is_out_closes() =>
        Says(Closed(Input(2, 2).RegistryOut(), Reasons.RegistryUnreachable, Verdict.Unknown), "does not answer");

    [Fact]
    public void A_migrations_directory_that_Prisma_would_refuse_closes()
    {
        ChangelogEvidence image =
            Image([M(1)]) with { Migrations = new(Set([M(1)]).Migrations, ["The directory 'x' has no migration.sql."]) };
        Says(Closed(Input(image, Applied(M(1))), Reasons.MigrationsInvalid), "'x'", Reference);
    }

    [Fact]
    public void A_document_that_is_no_changelog_closes() =>
        Says(Closed(Input(Image([M(1)], "# Hello\n"), Applied(M(1))), Reasons.ChangelogInvalid), "CHANGELOG.md:1:");

    [Fact]
    public void A_pending_entry_closes_and_is_named_with_its_line()
    {
        string document = Document.Of(pending: Entry("add_coupons", "PENDING"), migrated: Entry(M(1)));
        Says(Closed(Input(
            Image([M(1)], document), Applied(M(1))), Reasons.PendingChanges), "CHANGELOG.md:6:", "add_coupons", "create its migration");
    }

    [Fact]
    public void A_migrated_entry_without_its_file_closes() => Says(
        Closed(Input(Image([M(1)], Document.Of(migrated: Entry(M(1)) + Entry(M(2)))), Applied(M(1))), Reasons.MigrationFileMissing), M(2),
        "commit its");

    [Fact]
    public void A_pending_migration_without_an_entry_closes() => Says(
        Closed(Input(Image(Ms(1, 2), Document.Of(migrated: Entry(M(1)))), Applied(M(1))), Reasons.UndocumentedMigration), M(2),
        "Migrated section");

    [Fact]
    public void A_document_that_contradicts_itself_closes() => Says(
        Closed(Input(Image([M(1)], Document.Of(migrated: Entry(M(1)) + Entry(M(1)))), Applied(M(1))), Reasons.ChangelogInconsistent), M(1),
        "keep one");

    [Theory]
    [InlineData(Reasons.SecretNotFound)]
    [InlineData(Reasons.DatabaseUrlInvalid)]
    [InlineData(Reasons.DatabaseMissing)]
    [InlineData(Reasons.DatabaseAccessDenied)]
    [InlineData(Reasons.HistoryUnreadable)]
    public void A_database_that_cannot_be_judged_closes_with_its_reason(string reason) => Says(Closed(
        Input(2, 2) with { Database = new Evidence<DatabaseState>.Missing(reason, "Grant SELECT.") }, reason), "Grant SELECT.");

    [Fact]
    public void A_database_that_is_out_closes() =>
        Says(Closed(Input(2, 2).DatabaseOut(), Reasons.DatabaseUnreachable, Verdict.Unknown), "does not answer");

    [Fact]
    public void A_standby_is_no_evidence() =>
        Says(Closed(Input(Image(Ms(1, 2)), Applied(Ms(1, 2)) with { IsStandby = true }), Reasons.DatabaseIsStandby), "primary");

    [Fact]
    public void Tables_without_a_history_need_a_baseline() =>
        Says(Closed(
            Input(Image(Ms(1, 2)), State() with { History = null }), Reasons.BaselineRequired), "P3005", "schemagate resolve --baseline");

    [Fact]
    public void An_unfinished_row_under_the_lock_is_a_run_in_progress() => Says(
        Closed(
            Input(Image(Ms(1, 2)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished)) with { RunInProgress = true }),
            Reasons.Migrating,
            Verdict.Migrating),
        M(2), "looks again");

    [Fact]
    public void An_unfinished_row_without_the_lock_has_failed_and_stalls()
    {
        Decision decision = Closed(
            Input(Image(Ms(1, 2)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished))), Reasons.MigrationFailed);
        Says(decision, $"schemagate resolve --rolled-back {M(2)}", "--applied");
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Stalled).Status);
        Assert.Equal([M(2)], decision.Migrations!.Failed);
    }

    [Fact]
    public void A_failed_migration_is_told_by_the_server_s_sentence_and_not_by_the_rest_of_its_log()
    {
        HistoryRow failed = Row(M(1), HistoryRowState.Unfinished) with
        {
            Logs = "INSERT INTO users VALUES ('secret')\n\nERROR: column \"x\" does not exist\nHINT: secret",
        };
        string message = GateDecision.Decide(Input(Image([M(1)]), State(failed))).Message;
        Assert.Contains("(ERROR: column \"x\" does not exist)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_has_lost_a_released_migration_closes() => Says(
        Closed(Input(2, 1) with { Released = [Release(through: M(2))] }, Reasons.HistoryRegressed), M(2), "backup",
        "Apply the migrations again", $"schemagate resolve --applied {M(2)}");

    [Fact]
    public void A_lost_migration_that_the_image_has_dropped_does_not_close_for_good() =>
        Open(Input(2, 2) with { Released = [Release(through: "20230101000000_dropped")] });

    [Fact]
    public void A_release_in_another_database_is_not_contradicted_by_this_one() =>
        Closed(Input(2, 1) with { Released = [Release(through: M(2), identity: "9/shop/public")] }, Reasons.MigrationsPending);

    [Fact]
    public void A_pending_migration_closes_and_says_how_to_apply_it() =>
        Says(Closed(Input(3, 1), Reasons.MigrationsPending), "2 of 3", M(2), M(3), "schemagate migrate");

    [Fact]
    public void Deployed_here_but_not_applied_closes_only_where_the_document_records_this_database()
    {
        GateInput input = Input(Image(Ms(1, 2), Document.Of(deployed: Entry(M(1), "DEPLOYED") + Entry(M(2), "DEPLOYED"))), Applied(M(1)));
        Closed(input, Reasons.MigrationsPending);
        Says(Closed(input.With(
            spec => spec with { Changelog = spec.Changelog with { RecordsThisDatabase = true } }), Reasons.DeployedNotApplied), M(2));
    }

    [Fact]
    public void Everything_applied_is_open()
    {
        Decision decision = Open(
            Input(Image(Ms(1, 3)) with { Risks = new Evidence<IReadOnlyList<MigrationRisk>>.Found([]) }, Applied(Ms(1, 3)))
                .With((GateSpec spec) => spec with { Rehearsal = new(RehearsalMode.BeforeRun) }) with
            {
                Drift = new(new("basis", Now, Differences: 0, [])),
            });
        Assert.Equal("All 3 required migrations are applied.", decision.Message);
        Assert.All(GateConditions.Witnesses, type => Assert.Equal(ConditionStatus.True, decision.Condition(type).Status));
        Assert.Equal(TimeSpan.FromSeconds(30), decision.RecheckAfter);
    }

    [Fact]
    public void Only_what_is_required_has_to_be_applied()
    {
        Open(Input(3, 2).With(spec => spec with { Through = M(2) }));
        Closed(Input(3, 1).With(spec => spec with { Through = M(2) }), Reasons.MigrationsPending);
    }

    [Fact]
    public void A_require_through_that_the_image_does_not_have_requires_everything() =>
        Closed(Input(3, 2).With(spec => spec with { Through = "20990101000000_typo" }), Reasons.MigrationsPending);

    [Theory]
    [InlineData(PolicyMode.Block)]
    [InlineData(PolicyMode.Warn)]
    [InlineData(PolicyMode.Ignore)]
    public void Policies_block_or_warn_or_ignore(PolicyMode mode)
    {
        GateInput ahead = Input(Image(Ms(1, 2)), Applied(M(1), M(2), "20990101000000_later"));
        GateInput edited = Input(Image(Ms(1, 2)), State(Row(M(1), sql: "other"), Row(M(2))));
        GateInput late = Input(Image(Ms(1, 2)), Applied(M(2))).With(spec => spec with { Through = null });
        Judged(
            ahead.With(policy => policy with { DatabaseAhead = mode }), mode, Reasons.DatabaseAhead, Reasons.Open, "20990101000000_later");
        Judged(edited.With(policy => policy with { Edited = mode }), mode, Reasons.MigrationEdited, Reasons.Open, M(1));
        Judged(late.With(policy => policy with { OutOfOrder = mode }), mode, Reasons.MigrationOutOfOrder, Reasons.MigrationsPending, M(1));
    }

    [Theory]
    [InlineData(PolicyMode.Warn, ConditionStatus.False)]
    [InlineData(PolicyMode.Ignore, ConditionStatus.True)]
    public void An_undocumented_migration_that_does_not_block_is_reported_or_ignored(PolicyMode mode, ConditionStatus consistent)
    {
        GateInput input = Input(Image(Ms(1, 2), Document.Of(migrated: Entry(M(1)))), Applied(M(1)));
        Decision decision = Closed(input.With(policy => policy with { Undocumented = mode }), Reasons.MigrationsPending);
        Assert.Equal(consistent, decision.Condition(GateConditions.ChangelogConsistent).Status);
    }

    [Fact]
    public void History_rows_of_others_can_be_ignored() => Assert.Empty(
        Open(Input(Image([M(1)]), Applied(M(1), "20250101000000_billing_x")).With(
            policy => policy with { IgnoreUnknown = ["*_billing_*"] })).Migrations!.Unknown);

    [Fact]
    public void A_failed_migration_of_others_can_be_ignored_and_one_of_our_own_cannot()
    {
        GateInput input = Input(
            Image(Ms(1, 2)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished), Row("x_billing", HistoryRowState.Unfinished)));
        Says(Closed(input.With(policy => policy with { IgnoreUnknown = ["*"] }), Reasons.MigrationFailed), $"--rolled-back {M(2)}");
        Open(Input(Image([M(1)]), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished), Row(
            "x_billing", HistoryRowState.Unfinished))).With(policy => policy with { IgnoreUnknown = ["*_billing", M(2)] }));
    }

    [Fact]
    public void What_sorts_before_the_image_s_first_migration_was_squashed_and_is_information()
    {
        GateInput input = Input(Image(Ms(3, 4)), Applied(Ms(1, 5))).With(policy => policy with { DatabaseAhead = PolicyMode.Block });
        Decision ahead = Closed(input, Reasons.DatabaseAhead);
        Says(ahead, $"The database has {M(5)}, which", "2 migrations of its past", "squash", $"{M(1)}, {M(2)}.");
        Assert.Equal([M(5)], ahead.Migrations!.Unknown);
        GateInput squashed = Input(Image(Ms(3, 4)), Applied(Ms(2, 4))).With(policy => policy with { DatabaseAhead = PolicyMode.Block });
        Assert.EndsWith(
            $"does not count: {M(2)}.", Open(squashed).Condition(GateConditions.HistoryConsistent).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_squash_that_sorts_first_replaces_what_began_before_it_was_marked_as_applied()
    {
        HistoryRow marked = Row("000000000000_squashed_migrations") with { AppliedSteps = 0, StartedAt = Now.AddHours(-1) };
        HistoryRow later = Row(M(2)) with { StartedAt = Now };
        GateInput input = Input(
            Image([marked.Name]), State(Row(M(1)), marked, later)).With(policy => policy with { DatabaseAhead = PolicyMode.Block });
        Assert.Equal([M(2)], Closed(input, Reasons.DatabaseAhead).Migrations!.Unknown);
        GateInput ran = Input(Image([marked.Name]), State(Row(M(1)), marked with { AppliedSteps = 1 }));
        Assert.Equal([M(1)], Open(ran).Migrations!.Unknown);
    }

    [Fact]
    public void An_existing_production_with_old_migrations_undocumented_is_open_and_says_what_is_worth_mending()
    {
        ChangelogEvidence image = Image(Ms(1, 12), Document.Of(deployed: Entry(M(11), "DEPLOYED") + Entry(M(12), "DEPLOYED")));
        string note = Open(Input(image, Applied(Ms(1, 12)))).Condition(GateConditions.ChangelogConsistent).Message;
        Assert.Contains($"undocumented-migration (10): {M(1)}, ", note, StringComparison.Ordinal);
        Assert.Contains("and 5 more", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_database_with_deployed_entries_has_only_pending_migrations()
    {
        ChangelogEvidence image = Image(Ms(1, 2), Document.Of(deployed: Entry(M(1), "DEPLOYED") + Entry(M(2), "DEPLOYED")));
        Decision decision = Closed(Input(image, State() with { History = null, HasTables = false }), Reasons.MigrationsPending);
        GateCondition wrong = Assert.Single(decision.Conditions, condition =>
            condition.Status == ConditionStatus.False && GateConditions.Witnesses.Contains(condition.Type, StringComparer.Ordinal));
        Assert.Equal(Reasons.MigrationsPending, wrong.Reason);
    }

    [Fact]
    public void Without_a_database_only_the_image_is_judged() =>
        Assert.DoesNotContain(
            Open(Input(2, 2) with { Database = null, KnownIdentity = null }).Conditions,
            condition => condition.Type == GateConditions.DatabaseReachable);

    private static void Judged(GateInput input, PolicyMode mode, string blocked, string otherwise, string name)
    {
        Decision decision = GateDecision.Decide(input);
        Assert.Equal(mode == PolicyMode.Block ? blocked : otherwise, decision.Reason);
        GateCondition history = decision.Condition(GateConditions.HistoryConsistent);
        Assert.Equal(mode == PolicyMode.Ignore ? Reasons.AsExpected : blocked, history.Reason);
        Assert.Equal(mode != PolicyMode.Ignore, history.Message.Contains(name, StringComparison.Ordinal));
    }

    private static Decision Closed(GateInput input, string reason, Verdict? verdict = null)
    {
        Decision decision = GateDecision.Decide(input);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(verdict ?? ReasonTable.Rows[reason].Verdict, decision.Verdict);
        Assert.NotEqual(Verdict.Open, decision.Verdict);
        return decision;
    }

    private static Decision Open(GateInput input)
    {
        Decision decision = GateDecision.Decide(input);
        Assert.Equal((Verdict.Open, Reasons.Open), (decision.Verdict, decision.Reason));
        return decision;
    }

    private static void Says(Decision decision, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, decision.Message, StringComparison.Ordinal));
}
