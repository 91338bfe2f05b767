package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Fault;
import fr.relais.simulator.FaultKind;
import fr.relais.simulator.Faults;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Outages of the source during thirty simulated days, and their effect on the mirror and on the alerts of
 * {@code 80-watch.camel.yaml}.
 */
@Tag("long")
class OutageIT {

    private static final int HOURS = 30 * 24;
    private static final int SWEEP_EVERY = 4;

    private record Outage(int from, int hours, FaultKind kind) {}

    private static final List<Outage> OUTAGES = List.of(
            new Outage(48, 1, FaultKind.UNAVAILABLE),
            new Outage(100, 25, FaultKind.HTML),
            new Outage(200, 49, FaultKind.UNAUTHORIZED),
            new Outage(400, 5 * 24, FaultKind.FORBIDDEN));

    private final SettableClock clock = new SettableClock(Instant.parse("2027-03-01T00:30:00Z"));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        mirror = Mirror.of(source)
                .with("relais.source.retry-delay", "1")
                .with("relais.alert.uri", "mock:alerts")
                .start(clock);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void outages_age_the_mirror_as_specified_and_remove_nothing() {
        History history = new History(source.base(), new Random(3));
        history.proceed(300);
        Instant updatedAt = null;
        for (int hour = 0; hour < HOURS; hour++) {
            Outage outage = outage(hour);
            source.onCall(outage == null ? Fault.NONE : Faults.of(hour, 1, EnumSet.of(outage.kind())));
            history.proceed(2);
            if (hour % SWEEP_EVERY == 0) {
                TreeSet<String> before = new TreeSet<>(mirror.offers().keySet());
                Instant startedAt = clock.instant();
                SweepSummary summary = mirror.sweep();
                if (outage == null) {
                    assertThat(summary.state())
                            .as("hour " + hour + ": " + summary)
                            .isEqualTo(SweepState.PROVED);
                    assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
                    updatedAt = startedAt;
                } else {
                    assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
                    assertThat(mirror.offers().keySet()).isEqualTo(before);
                }
            }
            mirror.watch();
            assertThat(mirror.relais().freshness().read()).as("hour " + hour).isEqualTo(expected(updatedAt));
            clock.advance(Duration.ofHours(1));
        }
        assertThat(alerts())
                .containsExactly(
                        "The last 3 sweeps were incomplete, so nothing was removed",
                        // Sweeps run every 4 hours, so an outage of 25 hours ages the mirror to 28.
                        "The mirror is 25 hours old, past relais.display.banner-after",
                        "Resolved: mirror stale",
                        "Resolved: incomplete-sweeps incomplete",
                        "No access to the source: the account has been suspect",
                        "The last 3 sweeps were incomplete, so nothing was removed",
                        "The mirror is 25 hours old, past relais.display.banner-after",
                        "The mirror is 49 hours old, past relais.display.withdraw-after",
                        "Resolved: account suspect",
                        "Resolved: mirror withdrawn",
                        "Resolved: incomplete-sweeps incomplete",
                        "No access to the source: the account has been suspended",
                        "The last 3 sweeps were incomplete, so nothing was removed",
                        "The mirror is 25 hours old, past relais.display.banner-after",
                        "The mirror is 49 hours old, past relais.display.withdraw-after",
                        "Resolved: account suspended",
                        "Resolved: mirror withdrawn",
                        "Resolved: incomplete-sweeps incomplete");
    }

    @Test
    void setting_the_clock_back_does_not_make_the_mirror_fresh() {
        new History(source.base(), new Random(4)).proceed(20);
        mirror.sweep();

        clock.advance(Duration.ofHours(-25));
        assertThat(mirror.relais().freshness().read().state()).isEqualTo(Freshness.State.STALE);
        clock.advance(Duration.ofHours(-24));
        assertThat(mirror.relais().freshness().read().state()).isEqualTo(Freshness.State.WITHDRAWN);
    }

    /** Returns the alerts that were sent, without dates and without the text after them. */
    private List<String> alerts() {
        return mirror.camel().getEndpoint("mock:alerts", MockEndpoint.class).getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .map(alert -> alert.replaceAll(" \\(\\S+\\)", "").replaceAll("(\\. |: its | since ).*", ""))
                .toList();
    }

    private static Outage outage(int hour) {
        return OUTAGES.stream()
                .filter(outage -> hour >= outage.from() && hour < outage.from() + outage.hours())
                .findFirst()
                .orElse(null);
    }

    private Freshness.Reading expected(Instant updatedAt) {
        Duration age = Duration.between(updatedAt, clock.instant());
        Freshness.State state = age.toHours() > 48
                ? Freshness.State.WITHDRAWN
                : age.toHours() > 24 ? Freshness.State.STALE : Freshness.State.FRESH;
        return new Freshness.Reading(state, updatedAt, age);
    }
}
