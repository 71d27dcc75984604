using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class WorkloadPlanTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(5_000);
    private static readonly RequirementOutcome s_closed = new RequirementOutcome.Closed(
        new GateReason.Unread(Reasons.MigrationsPending, "1 of 2 migrations is not applied."));
    private static readonly DatabaseState s_state = Given.Applied(Given.M(1));

    [Fact]
    public void A_new_revision_is_held_with_the_decision_s_words()
    {
        WorkloadAction.Update update = Update(Plan(New, [], "shop", s_closed));
        Assert.False(update.Pause.Paused);
        Assert.Equal(
            (Reasons.MigrationsPending, "shop: 1 of 2 migrations is not applied."),
            (update.Pause.Hold!.Reason, update.Pause.Hold.Message));
        Assert.IsType<HoldOutcome.Held>(update.Change);
    }

    [Fact]
    public void A_satisfied_requirement_is_recorded_and_the_hold_ends()
    {
        WorkloadPlan plan = Plan(New with { Paused = true, Hold = Noted() }, [], "shop", Satisfied());
        WorkloadAction.Update update = Update(plan);
        Assert.False(plan.Held);
        Assert.Equal(new Pause(false, null), update.Pause);
        Assert.Equal(Given.Reference, Assert.Single(update.Record!.Releases).Requirement);
        Assert.IsType<HoldOutcome.Pass>(update.Change);
    }

    [Fact]
    public void A_revision_that_runs_is_adopted()
    {
        WorkloadPlan plan = Plan(New, [new("shop-1", "t1", New.Requires, Active: true, null)], "shop", null);
        WorkloadAction.Mark mark = Assert.Single(plan.Actions.OfType<WorkloadAction.Mark>());
        Assert.Equal((Reasons.Adopted, Given.Identity.ToString()), (mark.Record!.Releases[0].Reason, mark.Record.Releases[0].Identity));
        // Its ReplicaSet, deleted, is born again with the workload's record.
        Assert.Equal(mark.Record.Releases, Update(plan).Record!.Releases);
    }

    [Fact]
    public void A_revision_that_the_gate_s_status_let_through_gets_that_release()
    {
        Release proved = Given.Release(through: Given.M(1));
        Revision born = new("shop-1", "t1", New.Requires, Active: true, null);
        WorkloadPlan plan = WorkloadPlan.For(
            New, [born], "shop", Known(Shop with { Released = [proved] }), null, s_state, isStale: false, Given.Now.AddHours(1));
        Assert.Equal(proved, Assert.Single(Assert.Single(plan.Actions.OfType<WorkloadAction.Mark>()).Record!.Releases));
    }

    [Fact]
    public void A_revision_that_nobody_was_asked_about_is_not_adopted_and_gets_the_release_that_it_earns()
    {
        Revision born = new("shop-1", "t1", New.Requires, Active: true, null) { Unasked = true };
        WorkloadPlan unearned = Plan(New, [born], "shop", null);
        Assert.False(unearned.Held);
        Assert.Empty(unearned.Actions);

        Release earned = Given.Release(through: Given.M(1));
        WorkloadPlan plan = WorkloadPlan.For(
            New, [born], "shop", Known(Shop with { Released = [earned] }), null, s_state, isStale: false, Given.Now.AddHours(1));
        Assert.Equal(earned, Assert.Single(Assert.Single(plan.Actions.OfType<WorkloadAction.Mark>()).Record!.Releases));
    }

    [Fact]
    public void A_status_that_stays_stale_takes_a_pause_for_as_long_as_it_does()
    {
        Workload held = New with { Hold = Noted(null) };
        WorkloadPlan stale = WorkloadPlan.For(held, [], "shop", Known(Shop), s_closed, s_state, isStale: true, Given.Now);
        Assert.True(Update(stale).Pause.Paused);
        Assert.Null(Update(stale).Change);
        Workload paused = held.Written(Update(stale).Pause);
        Assert.Equal(new Pause(false, Noted(null)), Update(Plan(paused, [], "shop", s_closed)).Pause);
    }

    [Fact]
    public void A_revision_without_pods_loses_a_release_that_the_history_contradicts()
    {
        Revision old = new("shop-0", "t0", New.Requires, Active: false, Record(template: "t0", through: Given.M(2)));
        WorkloadAction.Mark mark = Assert.Single(Plan(New, [old], "shop", s_closed).Actions.OfType<WorkloadAction.Mark>());
        Assert.Equal(new WorkloadAction.Mark("shop-0", null), mark);
        Assert.Empty(Plan(New, [old], "shop", s_closed, s_state with { IsStandby = true }).Actions.OfType<WorkloadAction.Mark>());
    }

    [Fact]
    public void A_contradicted_release_holds_the_revision_anew()
    {
        Workload released = New with { Record = Record(through: Given.M(2)) };
        Assert.True(Plan(released, [], "shop", s_closed).Held);
        Assert.False(Plan(released, [new("shop-1", "t1", New.Requires, Active: true, Record(through: Given.M(2)))], "shop", s_closed).Held);
    }

    [Fact]
    public void What_admission_would_refuse_and_stands_already_is_held() =>
        Assert.Equal(Reasons.RequirementInvalid, Update(Plan(New with { Requires = null }, [], "shop", null)).Pause.Hold!.Reason);

    [Fact]
    public void A_release_is_recorded_once_while_another_gate_still_holds()
    {
        Workload two = New with { Requires = $"{New.Requires},billing=x:1" };
        Workload once = Applied(two, [], Plan(two, [], "shop", Satisfied())).Workload;
        Assert.NotNull(once.Record);
        Assert.Empty(Plan(once, [], "shop", Satisfied(Given.Now.AddHours(1))).Actions);
    }

    [Fact]
    public void A_release_on_the_workload_keeps_those_of_its_revision()
    {
        Workload two = New with { Requires = $"billing=x:1,{New.Requires}" };
        Revision revision = new("shop-1", "t1", two.Requires, Active: false, new("t1", [BillingRelease]));
        Assert.Equal(
            ["billing", "shop"],
            Update(Plan(two, [revision], "shop", Satisfied())).Record!.Releases.Select(release => release.Gate),
            StringComparer.Ordinal);
    }

    [Fact]
    public void The_workload_s_record_grows_with_that_of_its_running_revision()
    {
        Workload two = New with { Requires = $"{New.Requires},billing=x:1", Record = new("t1", [BillingRelease]) };
        Revision running = new("shop-1", "t1", two.Requires, Active: true, two.Record);
        WorkloadPlan plan = Plan(two, [running], "shop", null);
        Assert.Equal(plan.Actions.OfType<WorkloadAction.Mark>().Single().Record!.Releases, Update(plan).Record!.Releases);
    }

    [Fact]
    public void A_plan_applied_to_its_own_result_is_empty() => Check.One(s_config, Prop.ForAll(Worlds().ToArbitrary(), world =>
    {
        World once = After(world, Given.Now);
        // A hold does not say whose it is: while one gate holds, a suspended one lets nothing go either, and says so at the second look.
        // And what is started again runs from there on, also for a gate that has not released it.
        World last = world.Shop is { Suspend: true } || world.Billing is { Suspend: true } || IsRevived(world)
            ? After(once, Given.Now.AddMinutes(1))
            : once;
        return last.Plan("shop", Given.Now.AddMinutes(2)).Actions.Count == 0;
    }));

    [Fact]
    public void Two_gates_that_take_turns_come_to_rest() => Check.One(s_config, Prop.ForAll(Worlds().ToArbitrary(), world =>
    {
        int last = -1;
        for (int turn = 0; turn < 10; turn++)
        {
            WorkloadPlan plan = world.Plan(turn % 2 == 0 ? "shop" : "billing", Given.Now.AddMinutes(turn));
            last = plan.Actions.Count > 0 ? turn : last;
            (Workload workload, IReadOnlyList<Revision> revisions) = Applied(world.Workload, world.Revisions, plan);
            world = world with { Workload = workload, Revisions = Copied(workload, revisions) };
        }

        return last < 6;
    }));

    [Fact]
    public void Nothing_that_runs_is_ever_revoked_or_held() => Check.One(s_config, Prop.ForAll(Worlds().ToArbitrary(), world =>
    {
        WorkloadPlan plan = world.Plan("shop", Given.Now);
        return world.Revisions.Where(revision => revision.Active).All(revision =>
            plan.Actions.OfType<WorkloadAction.Mark>().Where(mark => mark.Revision == revision.Name)
                .All(mark => mark.Record is not null
                    && (revision.Record?.Releases ?? []).All(release => mark.Record.Releases.Contains(release) || release.Gate == "shop"))
            && (revision.Template != world.Workload.Template || !plan.Held));
    }));

    private static WorkloadPlan Plan(
        Workload workload, IReadOnlyList<Revision> revisions, string gate, RequirementOutcome? outcome, DatabaseState? state = null) =>
        WorkloadPlan.For(workload, revisions, gate, Known(Shop, Billing), outcome, state ?? s_state, isStale: false, Given.Now);

    private static RequirementOutcome.Satisfied Satisfied(DateTimeOffset? at = null)
        => new(Given.Release(through: Given.M(1)) with { At = at ?? Given.Now });

    private static WorkloadAction.Update Update(WorkloadPlan plan) => Assert.Single(plan.Actions.OfType<WorkloadAction.Update>());

    private static (Workload Workload, IReadOnlyList<Revision> Revisions) Applied(
        Workload workload,
        IReadOnlyList<Revision> revisions,
        WorkloadPlan plan)
    {
        foreach (WorkloadAction.Update update in plan.Actions.OfType<WorkloadAction.Update>())
        {
            workload = workload.Written(update.Pause) with { Record = update.Record };
        }

        Dictionary<string, RevisionRecord?> marks = plan.Actions.OfType<WorkloadAction.Mark>()
            .ToDictionary(mark => mark.Revision, mark => mark.Record, StringComparer.Ordinal);
        string? revived = plan.Actions.OfType<WorkloadAction.Revive>().SingleOrDefault()?.Revision;
        return (workload, [.. revisions.Select(revision => revision with
        {
            Record = marks.TryGetValue(revision.Name, out RevisionRecord? record) ? record : revision.Record,
            Active = revision.Active || revision.Name == revived,
        })]);
    }

    private static bool IsRevived(World world) => world.Plan("shop", Given.Now).Actions.OfType<WorkloadAction.Revive>().Any();

    private static World After(World world, DateTimeOffset now)
    {
        (Workload workload, IReadOnlyList<Revision> revisions) = Applied(world.Workload, world.Revisions, world.Plan("shop", now));
        return world with { Workload = workload, Revisions = revisions };
    }

    /// <summary>As the Deployment controller does: the workload's annotations go to the revision of its template.</summary>
    private static List<Revision> Copied(Workload workload, IReadOnlyList<Revision> revisions) => [.. revisions.Select(revision =>
        revision.Template == workload.Template && workload.Record is not null ? revision with { Record = workload.Record } : revision)];

    private sealed record World(
        Workload Workload, IReadOnlyList<Revision> Revisions, GateView? Shop, GateView? Billing,
        Func<DateTimeOffset, RequirementOutcome?> OfShop, Func<DateTimeOffset, RequirementOutcome?> OfBilling, DatabaseState? State)
    {
        public override string ToString() => string.Join('\n', [
            $"{Workload}", .. Revisions.Select(revision => $"{revision}"),
            $"records: {Text(Workload.Record)} / {string.Join(" / ", Revisions.Select(revision => Text(revision.Record)))}",
            $"shop: {Shop} {OfShop(Given.Now)}", $"billing: {Billing} {OfBilling(Given.Now)}",
            $"state: {State} {string.Join(' ', State?.History?.Applied.Keys ?? [])}",
        ]);

        /// <summary>As the operator does it: nobody judges for a gate that does not exist, and a suspended one satisfies nothing.</summary>
        public WorkloadPlan Plan(string gate, DateTimeOffset now)
        {
            GateView? view = View(gate);
            RequirementOutcome? outcome = view is null ? null : gate == "shop" ? OfShop(now) : OfBilling(now);
            return WorkloadPlan.For(
                Workload, Revisions, gate, View, view is { Suspend: true } && outcome is not null ? s_closed : outcome, view is null
                    ? null
                    : State, isStale: false, now);
        }

        private GateView? View(string name) => (name == "shop" ? Shop : Billing) is { } view
            ? view with { Identity = State?.Identity.ToString() ?? view.Identity }
            : null;

        private static string Text(RevisionRecord? record) => record is null ? "none" : string.Join(", ", record.Releases);
    }

    private static Gen<World> Worlds() =>
        from requires in Gen.Elements(New.Requires!, $"{New.Requires},billing=x:1", $"billing=x:1,{New.Requires}", "shop", "rubbish=")
        from paused in Gen.Elements(true, false)
        from hold in Gen.Elements(null, null, Noted(), Noted(paused: true, template: "t0"))
        from record in Records("t1")
        from current in Revisions("shop-1", "t1", requires)
        from older in Revisions("shop-0", "t0", requires)
        from shop in Views("shop")
        from billing in Views("billing")
        from shopSatisfied in Gen.Elements<bool?>(null, true, false)
        from billingSatisfied in Gen.Elements<bool?>(null, true, false)
        from state in Gen.Elements(null, s_state, s_state, Given.Applied(), s_state with { IsStandby = true })
        select new World(
            New with { Requires = requires, Paused = paused, Hold = hold, Record = record },
            [.. new[] { current, older }.OfType<Revision>()], shop, billing,
            now => Outcome(shopSatisfied, Given.Release(through: Given
                .M(1)), now), now => Outcome(billingSatisfied, BillingRelease, now), state);

    /// <summary>A decision that agrees with the state: what is satisfied there is not contradicted there.</summary>
    private static RequirementOutcome? Outcome(bool? satisfied, Release release, DateTimeOffset now) => satisfied switch
    {
        true => new RequirementOutcome.Satisfied(release with { At = now, Through = null }),
        false => s_closed,
        null => null,
    };

    private static Gen<GateView?> Views(string name) =>
        from identity in Gen.Elements(null, Shop.Identity, Shop.Identity, "9/shop/public")
        from enforcement in Gen.Elements(Enforcement.Hold, Enforcement.Hold, Enforcement.Observe)
        from suspend in Gen.Elements(false, false, true)
        from unpinned in Gen.Elements(PolicyMode.Block, PolicyMode.Warn)
        from exists in Gen.Elements(true, true, true, false)
        select exists ? new GateView(name, identity, enforcement, suspend, unpinned) : null;

    private static Gen<Revision?> Revisions(string name, string template, string requires) =>
        from active in Gen.Elements(true, false)
        from exists in Gen.Elements(true, false)
        from record in Records(template)
        select exists ? new Revision(name, template, requires, active, record) : null;

    private static Gen<RevisionRecord?> Records(string template) =>
        from releases in Gen.SubListOf(
            Given.Release(through: Given.M(1)), BillingRelease, Given.Release(through: Given.M(2)), Given.Release(
                identity: "9/shop/public"))
        select releases.Count == 0
            ? null
            : new RevisionRecord(template, [.. releases.DistinctBy(release => release.Gate, StringComparer.Ordinal)]);
}
