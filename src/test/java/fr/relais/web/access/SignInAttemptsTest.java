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
    void ten_attempts_of_a_client_are_allowed_in_fifteen_minutes() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113.1", false);
        }
        assertThatThrownBy(() -> attempts.count("203.0.113.1", false))
                .isInstanceOfSatisfying(SignInAttempts.TooMany.class, refusal -> assertThat(refusal.retryAfter())
                        .isBetween(
                                Duration.ofMinutes(15), Duration.ofMinutes(15).plusSeconds(1)));
        attempts.count("203.0.113.2", false);

        now = now.plus(Duration.ofMinutes(15).minusSeconds(1));
        assertThatThrownBy(() -> attempts.count("203.0.113.1", false)).isInstanceOf(SignInAttempts.TooMany.class);
        now = now.plusSeconds(2);
        assertThatCode(() -> attempts.count("203.0.113.1", false)).doesNotThrowAnyException();
    }

    @Test
    void two_hundred_attempts_with_the_password_of_the_settings_are_allowed_whatever_the_clients() {
        for (int i = 0; i < 200; i++) {
            attempts.count("203.0.113." + i, true);
        }
        assertThatThrownBy(() -> attempts.count("198.51.100.1", true)).isInstanceOf(SignInAttempts.TooMany.class);
        attempts.count("198.51.100.2", false);
    }

    @Test
    void a_client_that_is_refused_does_not_use_up_the_attempts_of_others() {
        for (int i = 0; i < 1_000; i++) {
            try {
                attempts.count("203.0.113.1", true);
            } catch (SignInAttempts.TooMany e) {
                assertThat(i).isGreaterThanOrEqualTo(ATTEMPTS);
            }
        }
        assertThatCode(() -> attempts.count("203.0.113.2", true)).doesNotThrowAnyException();
    }

    @Test
    void an_attempt_whose_key_cannot_be_checked_is_given_back_but_no_other() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113.1", false);
        }
        attempts.giveBack("203.0.113.1");
        attempts.count("203.0.113.1", false);
        assertThatThrownBy(() -> attempts.count("203.0.113.1", false)).isInstanceOf(SignInAttempts.TooMany.class);
    }

    @Test
    void addresses_that_share_64_bits_are_one_client() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("2001:db8:0:1::" + i, false);
        }
        assertThatThrownBy(() -> attempts.count("2001:db8:0:1:ffff::1", false))
                .isInstanceOf(SignInAttempts.TooMany.class);
        attempts.count("2001:db8:0:2::1", false);
    }

    @Test
    void a_successful_attempt_ends_the_count() {
        for (int i = 0; i < 3 * ATTEMPTS; i++) {
            attempts.count("203.0.113.1", false);
            attempts.forget("203.0.113.1", false);
        }
    }

    @Test
    void many_addresses_do_not_end_the_count_of_a_client_that_tries_again_and_again() {
        for (int i = 0; i < ATTEMPTS; i++) {
            attempts.count("203.0.113.1", false);
        }
        for (int i = 0; i < 50_000; i++) {
            attempts.count(
                    "2001:db8:" + Integer.toHexString(i >> 16) + ":" + Integer.toHexString(i & 0xffff) + "::1", false);
            if (i % 1_000 == 0) {
                assertThatThrownBy(() -> attempts.count("203.0.113.1", false))
                        .isInstanceOf(SignInAttempts.TooMany.class);
            }
        }
    }
}
