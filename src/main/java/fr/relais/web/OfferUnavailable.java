package fr.relais.web;

import fr.relais.budget.BudgetDecision;
import fr.relais.failure.RelaisException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** The failure to show an offer: a message for programs, and the key of the texts for people. */
public final class OfferUnavailable extends RelaisException {

    private final HttpStatus status;
    private final String key;
    private final String detail;
    private final Duration retryAfter;

    private OfferUnavailable(
            HttpStatus status, String key, String detail, Duration retryAfter, String message, String remedy) {
        super(message, remedy);
        this.status = status;
        this.key = key;
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    /**
     * Returns the failure for an offer that the mirror does not have. It is the same for an offer that was removed,
     * because nothing of a removed offer is kept.
     */
    public static OfferUnavailable absent(String id) {
        return new OfferUnavailable(
                HttpStatus.NOT_FOUND,
                "offre",
                id,
                null,
                "the offer does not exist or has been removed; stop showing it",
                "Look for the offer on the operator's site.");
    }

    /**
     * Returns the failure while no offer may be shown, because the mirror is too old or was restored, or because the
     * database is down.
     */
    public static OfferUnavailable withdrawn(Duration retryAfter) {
        return new OfferUnavailable(
                HttpStatus.SERVICE_UNAVAILABLE,
                "503",
                "",
                retryAfter,
                "offers cannot be shown now; try again after the time in Retry-After",
                "Try again after the time in Retry-After.");
    }

    /** Returns the failure while the mirror is sealed, because the licence has ended (article 9). */
    static OfferUnavailable ended() {
        return new OfferUnavailable(
                HttpStatus.GONE,
                "410",
                "",
                null,
                "no offer is published here any more; stop showing the offer",
                "Look for the offer on the operator's site.");
    }

    /** Returns the failure while the database is down or the pipeline has not started yet. */
    public static OfferUnavailable withoutDatabase() {
        return withdrawn(Duration.ofSeconds(30));
    }

    /** Returns the failure for a client that has used up its budget (licence, article 3.1). */
    static OfferUnavailable refused(BudgetDecision.Refused decision) {
        return new OfferUnavailable(
                HttpStatus.TOO_MANY_REQUESTS,
                decision.reason() == BudgetDecision.Reason.RATE ? "429.rythme" : "429",
                "",
                Duration.ofSeconds(decision.seconds()),
                "too many offers were requested; try again after the time in Retry-After",
                "Try again after the time in Retry-After.");
    }

    /** Leaves the stack trace out, because this is a frequent answer and not an error. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    public HttpStatus status() {
        return status;
    }

    /** Returns the key of the texts for people in {@code messages.properties}, without the prefix {@code erreur.}. */
    public String key() {
        return key;
    }

    /** Returns the argument of the text for people: the number of the offer, or an empty text. */
    public String detail() {
        return detail;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
