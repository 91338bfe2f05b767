package fr.relais.web.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInAttemptsTest {

    private static final int ATTEMPTS = 10;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final SignInAttempts attempts = new SignInAttempts(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    });

    @Test
    void ten_attempts_of_a_client_are_allowed_in_fifteen_minutes_whatever_the_names() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113.1", "name" + i);
        }
        assertThatThrownBy(() -> attempts.count("203.0.113.1", "another"))
                .isInstanceOfSatisfying(SignInAttempts.TooMany.class, refusal -> assertThat(refusal.retryAfter())
                        .isBetween(
                                Duration.ofMinutes(15), Duration.ofMinutes(15).plusSeconds(1)));
        attempts.count("203.0.113.2", "another");

        now = now.plus(Duration.ofMinutes(15).minusSeconds(1));
        assertThatThrownBy(() -> attempts.count("203.0.113.1", "another")).isInstanceOf(SignInAttempts.TooMany.class);
        now = now.plusSeconds(2);
        assertThatCode(() -> attempts.count("203.0.113.1", "another")).doesNotThrowAnyException();
    }

    @Test
    void ten_attempts_with_a_name_are_allowed_whatever_the_clients() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113." + i, i % 2 == 0 ? "anna" : "ANNA");
        }
        assertThatThrownBy(() -> attempts.count("198.51.100.1", "anna")).isInstanceOf(SignInAttempts.TooMany.class);
    }

    @Test
    void addresses_that_share_64_bits_are_one_client() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("2001:db8:0:1::" + i, "name" + i);
        }
        assertThatThrownBy(() -> attempts.count("2001:db8:0:1:ffff::1", "another"))
                .isInstanceOf(SignInAttempts.TooMany.class);
        attempts.count("2001:db8:0:2::1", "another");
    }

    @Test
    void a_successful_attempt_ends_the_count() {
        for (int i = 0; i < 3 * ATTEMPTS; i++) {
            attempts.count("203.0.113.1", "anna");
            attempts.forget("203.0.113.1", "anna");
        }
    }

    @Test
    void made_up_names_do_not_use_up_the_memory_or_end_the_count_of_a_client_that_tries_again_and_again() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113.1", "anna");
        }
        for (int i = 0; i < 50_000; i++) {
            attempts.count(
                    "2001:db8:" + Integer.toHexString(i >> 16) + ":" + Integer.toHexString(i & 0xffff) + "::1",
                    "n" + i);
            if (i % 1_000 == 0) {
                assertThatThrownBy(() -> attempts.count("203.0.113.1", "anna"))
                        .isInstanceOf(SignInAttempts.TooMany.class);
            }
        }
    }
}
