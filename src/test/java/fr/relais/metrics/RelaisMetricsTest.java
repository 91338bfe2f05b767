package fr.relais.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Answers.RETURNS_DEEP_STUBS;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import fr.relais.events.WaitingEvents;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import fr.relais.watch.Alert;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class RelaisMetricsTest {

    private static final Set<String> TAGS = Set.of("kind", "state", "outcome", "result", "status", "connections");

    private final Relais relais = mock(RETURNS_DEEP_STUBS);
    private final RelaisMetrics metrics = new RelaisMetrics(relais);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void prepare() {
        metrics.bindTo(registry);
        when(relais.freshness().read())
                .thenReturn(new Freshness.Reading(Freshness.State.STALE, Instant.now(), Duration.ofHours(25)));
        when(relais.sweeps().offers()).thenReturn(300L);
        when(relais.sweeps().last(2))
                .thenReturn(List.of(sweep(8, SweepState.READING, 0), sweep(7, SweepState.PROVED, 12)));
        when(relais.account().status())
                .thenReturn(new Account.Status(Account.State.SUSPENDED, Instant.now(), "a reason", Instant.now()));
        when(relais.outbox().waiting())
                .thenReturn(new WaitingEvents(3, Instant.now().minusSeconds(90), false));
        when(relais.sweeps().undecided()).thenReturn(Optional.empty());
        when(relais.reports().lastStored(anyInt())).thenReturn(List.of());
        when(relais.reports().needingOperator()).thenReturn(Optional.empty());
        when(relais.changelog().publication().unpublished()).thenReturn(Optional.empty());
        when(relais.counters().sweeps(SweepState.PROVED)).thenReturn(new Sweeps.Ended(2, Duration.ofSeconds(5)));
    }

    @Test
    void the_alerts_show_what_the_watch_sees_even_without_the_database() {
        when(relais.freshness().read()).thenThrow(new QueryTimeoutException("away"));
        Alert alert = new Alert(
                Alert.Kind.WATCH, "", "failed", true, Alert.Severity.CRITICAL, Instant.now(), "a", "b", "c", "d");
        when(relais.watch().problems()).thenReturn(List.of(alert));

        metrics.read();

        assertThat(gauge("relais.alerts.firing", "kind", "watch")).isEqualTo(1);
        assertThat(gauge("relais.alerts.firing", "kind", "held-sweep")).isZero();
    }

    @Test
    void a_version_that_is_in_force_is_no_problem() {
        Alert news = new Alert(
                Alert.Kind.LICENCE, "1", "2-in-force", true, Alert.Severity.INFO, Instant.now(), "a", "b", "c", "d");
        when(relais.watch().problems()).thenReturn(List.of(news));

        assertThat(gauge("relais.alerts.firing", "kind", "licence")).isZero();
    }

    @Test
    void the_gauges_show_what_the_database_says() {
        metrics.read();

        assertThat(gauge("relais.mirror.offers")).isEqualTo(300);
        assertThat(gauge("relais.mirror.age")).isBetween(90_000.0, 90_060.0);
        assertThat(gauge("relais.mirror.state", "state", "stale")).isEqualTo(1);
        assertThat(gauge("relais.mirror.state", "state", "withdrawn")).isZero();
        assertThat(gauge("relais.sweep.running")).isEqualTo(1);
        assertThat(gauge("relais.sweep.held")).isZero();
        assertThat(gauge("relais.sweep.last.records", "result", "created")).isEqualTo(12);
        assertThat(gauge("relais.account.state", "state", "suspended")).isEqualTo(1);
        assertThat(gauge("relais.events.waiting")).isEqualTo(3);
        assertThat(gauge("relais.events.oldest")).isBetween(90.0, 150.0);
        assertThat(registry.get("relais.sweep.duration")
                        .tag("outcome", "proved")
                        .functionTimer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void while_the_database_cannot_be_read_its_gauges_have_no_value() {
        metrics.read();
        when(relais.freshness().read()).thenThrow(new QueryTimeoutException("no answer"));

        metrics.read();
        metrics.read();
        assertThat(gauge("relais.mirror.offers"))
                .as("a short failure does not interrupt a series")
                .isEqualTo(300);
        metrics.read();

        assertThat(registry.getMeters().stream()
                        .filter(Gauge.class::isInstance)
                        .filter(gauge -> !gauge.getId().getName().equals("relais.alerts.firing"))
                        .map(gauge -> ((Gauge) gauge).value()))
                .isNotEmpty()
                .allMatch(value -> value.isNaN());
        assertThat(registry.get("relais.sweep.duration")
                        .tag("outcome", "proved")
                        .functionTimer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void the_tags_have_few_values_none_of_which_is_an_id() {
        assertThat(registry.getMeters()).allSatisfy(meter -> {
            assertThat(meter.getId().getName()).startsWith("relais.");
            assertThat(meter.getId().getDescription()).isNotBlank();
            assertThat(meter.getId().getTags()).allSatisfy(tag -> {
                assertThat(tag.getKey()).isIn(TAGS);
                assertThat(tag.getValue()).matches("[a-z_-]+|[1-5][0-9]{2}");
            });
        });
        assertThat(registry.getMeters().stream().map(Meter::getId)).hasSizeLessThan(80);
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private static SweepSummary sweep(long id, SweepState state, int created) {
        return new SweepSummary(
                id, Instant.now(), state, null, Duration.ofSeconds(3), created, 0, 0, 0, 0, 0, 0, 0, 10);
    }
}
