package fr.relais.web;

import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Why an offer is not shown. */
abstract sealed class NotShown extends RuntimeException {

    private NotShown(String message) {
        // No stack trace: it is an answer, and a frequent one.
        super(message, null, false, false);
    }

    abstract HttpStatus status();

    /** By which the texts for people know it. */
    abstract String key();

    /** What the text wants to be told: the number of the offer, for instance. */
    String detail() {
        return "";
    }

    Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** The mirror does not have it: it is removed, or never was. Nobody can tell which, for nothing is kept of a removed offer. */
    static final class Absent extends NotShown {
        private final String id;

        Absent(String id) {
            super("there is no offer of this number, or not any more");
            this.id = id;
        }

        @Override
        HttpStatus status() {
            return HttpStatus.NOT_FOUND;
        }

        @Override
        String key() {
            return "offre";
        }

        @Override
        String detail() {
            return id;
        }
    }

    /** No offer is shown now: the mirror is too old, or was restored, or the database is away. */
    static final class Withdrawn extends NotShown {
        private final Duration retryAfter;

        Withdrawn(Duration retryAfter) {
            super("offers cannot be shown now");
            this.retryAfter = retryAfter;
        }

        @Override
        HttpStatus status() {
            return HttpStatus.SERVICE_UNAVAILABLE;
        }

        @Override
        String key() {
            return "503";
        }

        @Override
        Optional<Duration> retryAfter() {
            return Optional.of(retryAfter);
        }
    }

    /** This client has asked for more than the licence lets anyone give (article 3.1). */
    static final class Refused extends NotShown {
        private final Answer.Refused answer;

        Refused(Answer.Refused answer) {
            super("too many offers were asked for; ask again after the time in Retry-After");
            this.answer = answer;
        }

        @Override
        HttpStatus status() {
            return HttpStatus.TOO_MANY_REQUESTS;
        }

        @Override
        String key() {
            return answer.reason() == Answer.Reason.RATE ? "429.rythme" : "429";
        }

        @Override
        Optional<Duration> retryAfter() {
            return Optional.of(Duration.ofSeconds(answer.seconds()));
        }
    }
}
