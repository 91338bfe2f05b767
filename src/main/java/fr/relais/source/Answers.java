package fr.relais.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;

/** Interprets the answers of the source. An answer that is not the expected data is a {@link SourceException}. */
public final class Answers {

    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);
    private static final String OFFER = "/v2/offres/";
    private static final String SEARCH = OFFER + "search";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Throttle throttle;
    private final Token token;
    private final Clock clock;

    public Answers(Throttle throttle, Token token, Clock clock) {
        this.throttle = throttle;
        this.token = token;
        this.clock = clock;
    }

    /**
     * Throws an exception unless the status is 200, 204 or 206. For one offer, 404 and 410 are accepted too. A 401 also
     * discards the token, and a 429 pauses the throttle.
     *
     * @param path the path of the call, see {@link #path}
     * @param status the HTTP status
     * @param retryAfter the header {@code Retry-After} (seconds or an HTTP date), or null
     * @param authorization the {@code Authorization} header of the call
     * @param body the body of the answer, or null
     */
    public void requireData(String path, int status, String retryAfter, String authorization, byte[] body) {
        switch (status) {
            case 200, 204, 206 -> {}
            case 400 -> throw new SourceException.Rejected("the source answered 400: " + message(body));
            // These statuses are not documented, but the source may give them for an offer that does not exist.
            case 404, 410 -> {
                if (!path.startsWith(OFFER) || path.equals(SEARCH)) {
                    throw wrongAddress(status);
                }
            }
            // A redirect is not followed, because the token is for this host only.
            case 301, 302, 303, 307, 308 -> throw wrongAddress(status);
            case 401 -> {
                token.discard(authorization);
                throw new SourceException.TokenRefused("the source answered 401: it refuses the token");
            }
            case 403 ->
                throw new SourceException.AccountRefused(
                        "the source answered 403: the account of relais.source.client-id has no subscription to this"
                                + " API");
            case 429 -> {
                Duration pause = pause(retryAfter);
                throttle.pause(pause);
                throw new SourceException.Busy("the source answered 429: calls pause for " + pause.toMillis() + " ms");
            }
            default -> throw new SourceException.Unavailable("the source answered " + status);
        }
    }

    /**
     * Reads the answer to a search. {@link #requireData} must have accepted it.
     *
     * @param contentRange the header {@code Content-Range}, or null
     * @param origine the requested origin
     * @throws SourceException.Unavailable when the answer is not a complete and consistent page
     */
    public Page page(int status, String contentRange, String origine, byte[] body) {
        if (status == 204) {
            return Page.EMPTY;
        }
        ContentRange range = status == 200 && contentRange == null ? null : ContentRange.of(contentRange);
        Page page = PageParser.parse(body == null ? new byte[0] : body, origine, range);
        page.totalByFacets().filter(sum -> sum != page.total()).ifPresent(sum -> {
            throw new SourceException.Unavailable(
                    "the answer says that " + page.total() + " offers match, but its facets add up to " + sum);
        });
        return page;
    }

    /**
     * Returns the parsed answer to a request for one offer. {@link #requireData} must have accepted the answer.
     *
     * @throws SourceException.Unavailable when the answer neither shows that offer nor says that it is gone
     */
    public OfferAnswer offer(int status, String id, byte[] body) {
        if (status == 404 || status == 410 || status == 204 && (body == null || body.length == 0)) {
            return new OfferAnswer(status, null, null);
        }
        if (status == 200 && body != null) {
            OfferAnswer answer = PageParser.parseOffer(body);
            if (answer.offer().id().equals(id)) {
                return answer;
            }
        }
        throw new SourceException.Unavailable("the answer to a request for one offer (status " + status
                + ") neither shows that offer nor says that it is gone");
    }

    /**
     * Returns the status with which the source says that an offer does not exist.
     *
     * @param answer the answer to a request for an offer that cannot exist
     * @throws SourceException.Unavailable when the source shows such an offer
     */
    public int absentStatus(OfferAnswer answer) {
        if (answer.isShown()) {
            throw new SourceException.Unavailable(
                    "the source shows an offer that cannot exist, so its answers about other offers cannot be trusted");
        }
        return answer.status();
    }

    /** Returns the path of one offer, with the id encoded. */
    public String path(String id) {
        return OFFER + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static SourceException.Rejected wrongAddress(int status) {
        return new SourceException.Rejected("the source answered " + status + "; check relais.source.base-url");
    }

    private Duration pause(String retryAfter) {
        Duration pause = DEFAULT_PAUSE;
        String value = retryAfter == null ? "" : retryAfter.strip();
        try {
            if (value.matches("\\d+")) {
                pause = value.length() > 9 ? MAX_PAUSE : Duration.ofSeconds(Long.parseLong(value));
            } else if (!value.isEmpty()) {
                pause = Duration.between(
                        clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            }
        } catch (DateTimeException e) {
            // An unreadable header must not lead to an immediate retry, so the default applies.
        }
        return pause.isNegative() ? DEFAULT_PAUSE : Collections.min(List.of(pause, MAX_PAUSE));
    }

    /** Returns the source's own explanation, which concerns parameters and never quotes an offer. */
    private static String message(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body == null ? new byte[0] : body);
            String message = json.path("message").asText("no message");
            return message.substring(0, Math.min(200, message.length()));
        } catch (IOException e) {
            return "no readable message";
        }
    }
}
