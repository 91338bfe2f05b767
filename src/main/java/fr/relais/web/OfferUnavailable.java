package fr.relais.web;

import fr.relais.budget.BudgetDecision;
import fr.relais.failure.RelaisException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** An offer cannot be shown: the answer to a request, in words for programs and with the key of the words for people. */
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

    /** The mirror does not have the offer. Whether it ever had it is unknown, since nothing is kept of a removed offer. */
    public static OfferUnavailable absent(String id) {
        return new OfferUnavailable(
                HttpStatus.NOT_FOUND,
                "offre",
                id,
                null,
                "there is no offer of this number, or not any more",
                "Look for the offer at the operator.");
    }

    /** No offer is shown now: the mirror is too old or was restored, or the database is down. */
    public static OfferUnavailable withdrawn(Duration retryAfter) {
        return new OfferUnavailable(
                HttpStatus.SERVICE_UNAVAILABLE,
                "503",
                "",
                retryAfter,
                "offers cannot be shown now",
                "Ask again after the time in Retry-After.");
    }

    /** The database is down, or the pipeline has not started yet. */
    public static OfferUnavailable withoutDatabase() {
        return withdrawn(Duration.ofSeconds(30));
    }

    /** The client has opened more offers than the licence lets anyone give (article 3.1). */
    static OfferUnavailable refused(BudgetDecision.Refused decision) {
        return new OfferUnavailable(
                HttpStatus.TOO_MANY_REQUESTS,
                decision.reason() == BudgetDecision.Reason.RATE ? "429.rythme" : "429",
                "",
                Duration.ofSeconds(decision.seconds()),
                "too many offers were asked for; ask again after the time in Retry-After",
                "Ask again after the time in Retry-After.");
    }

    /** Creates no stack trace: this is a frequent answer, not an error. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    public HttpStatus status() {
        return status;
    }

    /** The key of the texts for people in {@code messages.properties}, after {@code erreur.}. */
    public String key() {
        return key;
    }

    /** The argument of the text for people: the number of the offer, or nothing. */
    public String detail() {
        return detail;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
