package fr.relais.web;

import fr.relais.budget.Answer;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Why an offer is not shown. */
public final class NotShown extends RuntimeException {

    private final HttpStatus status;
    private final String key;
    private final String detail;
    private final Duration retryAfter;

    private NotShown(HttpStatus status, String key, String detail, Duration retryAfter, String message) {
        // No stack trace: it is an answer, and a frequent one.
        super(message, null, false, false);
        this.status = status;
        this.key = key;
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    /** The mirror does not have it: it is removed, or never was. Nobody can tell which, for nothing is kept of a removed offer. */
    public static NotShown absent(String id) {
        return new NotShown(
                HttpStatus.NOT_FOUND, "offre", id, null, "there is no offer of this number, or not any more");
    }

    /** No offer is shown now: the mirror is too old, or was restored, or the database is away. */
    public static NotShown withdrawn(Duration retryAfter) {
        return new NotShown(HttpStatus.SERVICE_UNAVAILABLE, "503", "", retryAfter, "offers cannot be shown now");
    }

    /** This client has asked for more than the licence lets anyone give (article 3.1). */
    public static NotShown refused(Answer.Refused answer) {
        return new NotShown(
                HttpStatus.TOO_MANY_REQUESTS,
                answer.reason() == Answer.Reason.RATE ? "429.rythme" : "429",
                "",
                Duration.ofSeconds(answer.seconds()),
                "too many offers were asked for; ask again after the time in Retry-After");
    }

    HttpStatus status() {
        return status;
    }

    /** By which the texts for people know it. */
    String key() {
        return key;
    }

    /** What the text wants to be told: the number of the offer, or nothing. */
    String detail() {
        return detail;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
