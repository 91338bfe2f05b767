package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Integration tests of {@code 25-source.camel.yaml}. */
class SourceIT {

    @Test
    void all_calls_share_one_token() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(source.tokens()).isEqualTo(1);
        }
    }

    @Test
    void a_refused_token_is_renewed_once_for_all_calls() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            mirror.sweep();
            source.revokeTokens();
            source.resetCounters();

            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(source.tokens()).isEqualTo(1);
        }
    }

    @Test
    void the_limit_of_calls_per_second_is_never_exceeded() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults().withCallsPerSecond(20));
                Mirror mirror = Mirror.of(source)
                        .with("relais.source.calls-per-second", "20")
                        .with("relais.source.page-size", "50")
                        .start()) {
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(source.refusedByRate()).isZero();
            List<Instant> times = source.callTimes().stream().sorted().toList();
            for (int i = 20; i < times.size(); i++) {
                assertThat(Duration.between(times.get(i - 20), times.get(i))).isGreaterThan(Duration.ofMillis(950));
            }
        }
    }

    @Test
    void a_pause_requested_by_the_source_delays_every_call() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            AtomicInteger calls = new AtomicInteger();
            AtomicReference<Instant> pausedAt = new AtomicReference<>();
            source.onCall((exchange, call) -> {
                if (call.kind() == Call.Kind.SEARCH && calls.incrementAndGet() == 3) {
                    Answer.of(429, "text/plain", "slow down")
                            .with("Retry-After", "2")
                            .sendTo(exchange);
                    pausedAt.set(Instant.now());
                    return true;
                }
                return false;
            });
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            // Calls that were sent before the pause may still arrive.
            assertThat(source.callTimes())
                    .noneMatch(time -> time.isAfter(pausedAt.get().plusMillis(500))
                            && time.isBefore(pausedAt.get().plusMillis(1_900)))
                    .anyMatch(time -> time.isAfter(pausedAt.get().plusMillis(1_900)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void neither_token_nor_secret_follows_a_redirect(int status) throws Exception {
        AtomicReference<Call.Kind> redirected = new AtomicReference<>(Call.Kind.SEARCH);
        try (RecordingServer elsewhere = RecordingServer.http();
                SourceSimulator source = filled(SimulatorOptions.defaults());
                Mirror mirror =
                        Mirror.of(source).with("relais.source.retry-delay", "1").start()) {
            String there = "http://localhost:" + elsewhere.port() + "/";
            source.onCall((exchange, call) -> {
                if (call.kind() == redirected.get()) {
                    Answer.empty(status).with("Location", there).sendTo(exchange);
                    return true;
                }
                return false;
            });
            assertThat(mirror.sweep().reason()).contains("answered " + status, "relais.source.base-url");
            assertThat(source.searches()).isPositive();

            redirected.set(Call.Kind.TOKEN);
            source.revokeTokens();
            source.resetCounters();
            assertThat(mirror.sweep().reason()).contains("token endpoint answered " + status);
            assertThat(source.tokens()).isPositive();
            assertThat(elsewhere.received).isEmpty();

            // Control: a client that follows redirects reaches the other server.
            redirected.set(Call.Kind.SEARCH);
            HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.ALWAYS)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(source.baseUrl() + "/v2/offres/search"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(elsewhere.received).isNotEmpty();
        }
    }

    private static SourceSimulator filled(SimulatorOptions options) throws Exception {
        SourceSimulator source = SourceSimulator.start(options);
        new OfferGenerator(1).fill(source.base(), 1_500, Instant.now(), Duration.ofDays(60), "1");
        return source;
    }
}
