package fr.relais.metrics;

import fr.relais.Counters;
import fr.relais.Relais;
import fr.relais.database.CommitTimes;
import fr.relais.source.Account;
import fr.relais.source.CallCounts;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.views.Views;
import fr.relais.watch.Alert;
import fr.relais.watch.Watch;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.camel.CamelContext;

/**
 * The meters {@code relais.*} of a pipeline: counters of this process, gauges of what the database says, and gauges of
 * what the watch of this process sees. No tag has the id or the content of an offer.
 *
 * <p>A thread reads the database every ten seconds over the pipeline's connections, so that neither a scrape nor a
 * visitor waits for it. When it has failed three times in a row, the gauges are NaN. Gauges of a state are 1 in that
 * state, otherwise 0.
 */
public final class RelaisMetrics implements MeterBinder {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** The number of failed readings in a row after which the last good one is no longer used. */
    private static final int MAX_FAILURES = 3;

    /** The age from which a reading is no longer used. The thread is then waiting for the database. */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final Relais relais;
    private volatile Reading latest;
    private int failures;

    /**
     * Starts to read the database. The thread ends with the Camel context.
     *
     * @param camel a started context that has the pipeline
     */
    public RelaisMetrics(CamelContext camel) {
        this(Relais.of(camel).orElseThrow().overPipeline());
        ScheduledExecutorService reader =
                camel.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "relais-metrics");
        reader.scheduleWithFixedDelay(this::read, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    RelaisMetrics(Relais relais) {
        this.relais = relais;
    }

    /** Reads the database for all gauges. */
    void read() {
        try {
            latest = Reading.of(relais);
            failures = 0;
        } catch (RuntimeException e) {
            // The gauges show it. The watch and the health check report it.
            failures++;
            if (failures >= MAX_FAILURES) {
                latest = null;
            }
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindAlerts(registry);
        bindMirror(registry);
        bindSweeps(registry);
        bindSource(registry);
        bindPublications(registry);
        bindDatabase(registry);
    }

    private void bindAlerts(MeterRegistry registry) {
        for (Alert.Kind kind : Alert.Kind.values()) {
            Gauge.builder("relais.alerts.firing", relais.watch(), watch -> isFiring(watch, kind) ? 1 : 0)
                    .description("Whether the watch of this process sees a problem of this kind")
                    .tags("kind", kind.toString())
                    .register(registry);
        }
    }

    private static boolean isFiring(Watch watch, Alert.Kind kind) {
        return watch.problems().stream().anyMatch(problem -> problem.kind() == kind && !problem.isNews());
    }

    private void bindMirror(MeterRegistry registry) {
        gauge(
                registry,
                "relais.mirror.age",
                "seconds",
                "Time since the start of the last proved sweep; NaN when there is none",
                reading -> reading.age().map(RelaisMetrics::seconds).orElse(Double.NaN));
        gauge(registry, "relais.mirror.offers", "offers", "Offers in the mirror", Reading::offers);
        for (Freshness.State state : Freshness.State.values()) {
            flag(
                    registry,
                    "relais.mirror.state",
                    "Whether the mirror is in this state",
                    Tags.of("state", lowerCase(state)),
                    reading -> reading.freshness().state() == state);
        }
        flag(
                registry,
                "relais.mirror.restored",
                "Whether the database was restored and no sweep has been proved since",
                Tags.empty(),
                Reading::restored);
        gauge(
                registry,
                "relais.mirror.undecided",
                "offers",
                "Offers for which the source gives no usable answer",
                reading -> reading.undecided().map(offers -> offers.count()).orElse(0));
    }

    private void bindSweeps(MeterRegistry registry) {
        for (SweepState state : List.of(SweepState.PROVED, SweepState.HELD, SweepState.INCOMPLETE)) {
            timer(
                    registry,
                    "relais.sweep.duration",
                    "Duration of the sweeps that this process has ended",
                    Tags.of("outcome", state.toString()),
                    counters -> counters.sweeps(state).count(),
                    counters -> counters.sweeps(state).duration());
        }
        flag(registry, "relais.sweep.running", "Whether a sweep is running", Tags.empty(), reading -> reading.current()
                .isPresent());
        flag(registry, "relais.sweep.held", "Whether a sweep waits for approval", Tags.empty(), Reading::isHeld);
        gauge(
                registry,
                "relais.sweep.candidates",
                "offers",
                "Candidates for removal of the running or held sweep",
                Reading::candidates);
        gauge(
                registry,
                "relais.sweep.incomplete",
                "sweeps",
                "Sweeps in a row that were incomplete or abandoned",
                Reading::incompleteSweeps);
        gauge(registry, "relais.sweep.last.duration", "seconds", "Duration of the last sweep", reading -> reading.last()
                .map(sweep -> seconds(sweep.duration()))
                .orElse(Double.NaN));
        last(registry, "created", SweepSummary::created);
        last(registry, "updated", SweepSummary::updated);
        last(registry, "unchanged", SweepSummary::unchanged);
        last(registry, "removed", sweep -> sweep.removed() + sweep.outOfScope());
        last(registry, "kept", SweepSummary::kept);
        last(registry, "undecided", SweepSummary::undecided);
        last(registry, "set_aside", SweepSummary::setAside);
    }

    private void last(MeterRegistry registry, String result, ToDoubleFunction<SweepSummary> count) {
        gauge(
                registry,
                "relais.sweep.last.records",
                null,
                "Records of the last sweep by what was done to them",
                Tags.of("result", result),
                reading -> reading.last().map(count::applyAsDouble).orElse(Double.NaN));
    }

    private void bindSource(MeterRegistry registry) {
        for (String status : CallCounts.STATUSES) {
            counter(
                    registry,
                    "relais.source.calls",
                    "calls",
                    "Calls to the source by the status of the answer; none means that there was no complete answer",
                    Tags.of("status", status),
                    counters -> counters.calls(status));
        }
        counter(
                registry,
                "relais.source.throttled",
                "seconds",
                "Time that calls to the source have waited for their turn",
                Tags.empty(),
                counters -> seconds(counters.throttled()));
        for (Account.State state : Account.State.values()) {
            flag(
                    registry,
                    "relais.account.state",
                    "Whether the account at the source is in this state",
                    Tags.of("state", lowerCase(state)),
                    reading -> reading.account() == state);
        }
    }

    private void bindPublications(MeterRegistry registry) {
        views(registry, "counted", Views::counted);
        views(registry, "repeated", Views::repeated);
        views(registry, "rejected", Views::rejected);
        gauge(
                registry,
                "relais.report.unsent",
                "reports",
                "Frozen months whose report has not been accepted",
                Reading::unsentReports);
        flag(
                registry,
                "relais.report.overdue",
                "Whether a report was rejected, may or may not have arrived, or has waited for a day",
                Tags.empty(),
                Reading::reportOverdue);
        flag(
                registry,
                "relais.changelog.unpublished",
                "Whether publishing the changelog has failed for an hour, or more than three times",
                Tags.empty(),
                Reading::changelogUnpublished);
        counter(
                registry,
                "relais.events.delivered",
                "events",
                "Events that were delivered",
                Tags.empty(),
                Counters::deliveredEvents);
        gauge(registry, "relais.events.waiting", "events", "Events that wait for delivery", reading -> reading.events()
                .count());
        gauge(
                registry,
                "relais.events.oldest",
                "seconds",
                "Time that the oldest event has waited",
                reading -> seconds(reading.oldestEvent()));
        flag(
                registry,
                "relais.events.lost",
                "Whether events were dropped or the database was restored, so that a replay is needed",
                Tags.empty(),
                reading -> reading.events().isReplayNeeded());
    }

    private void views(MeterRegistry registry, String result, ToDoubleFunction<Views> count) {
        FunctionCounter.builder("relais.views", relais.views(), count)
                .description("Submitted views by result: counted, repeated (counted before) or rejected")
                .tags("result", result)
                .register(registry);
    }

    private void bindDatabase(MeterRegistry registry) {
        commits(registry, "pipeline", Counters::pipelineCommits);
        commits(registry, "web", Counters::webCommits);
    }

    private void commits(MeterRegistry registry, String connections, Function<Counters, CommitTimes> times) {
        timer(
                registry,
                "relais.database.commit",
                "Duration of the commits of transactions",
                Tags.of("connections", connections),
                counters -> times.apply(counters).commits(),
                counters -> times.apply(counters).total());
    }

    private void timer(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            ToLongFunction<Counters> count,
            Function<Counters, Duration> total) {
        FunctionTimer.builder(
                        name, relais.counters(), count, counters -> seconds(total.apply(counters)), TimeUnit.SECONDS)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String unit,
            String description,
            Tags tags,
            ToDoubleFunction<Counters> count) {
        FunctionCounter.builder(name, relais.counters(), count)
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void flag(MeterRegistry registry, String name, String description, Tags tags, Predicate<Reading> isSet) {
        gauge(registry, name, null, description, tags, reading -> isSet.test(reading) ? 1 : 0);
    }

    private void gauge(
            MeterRegistry registry, String name, String unit, String description, ToDoubleFunction<Reading> value) {
        gauge(registry, name, unit, description, Tags.empty(), value);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String unit,
            String description,
            Tags tags,
            ToDoubleFunction<Reading> value) {
        Gauge.builder(name, () -> {
                    Reading reading = latest;
                    return reading == null || System.nanoTime() - reading.readAt() > MAX_AGE.toNanos()
                            ? Double.NaN
                            : value.applyAsDouble(reading);
                })
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static String lowerCase(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
