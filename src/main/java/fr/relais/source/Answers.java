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

/** Tells data from everything else that the source may answer. What is not data is a {@link SourceException}. */
public final class Answers {

    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
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
     * Passes 200, 204 and 206; everything else is a failure of its kind.
     *
     * @param status HTTP status
     * @param retryAfter the header {@code Retry-After}, seconds or an HTTP date, or null
     * @param authorization the header that was sent
     * @param body the answer's body, or null
     */
    public void requireData(int status, String retryAfter, String authorization, byte[] body) {
        switch (status) {
            case 200, 204, 206 -> {}
            case 400 -> throw new SourceException.Rejected("the source answered 400: " + message(body));
            // Undocumented, all of them. For a single id they are "unknown", not a proof that it is gone; and a
            // redirect is not
            // followed, since the token is for this host only.
            case 301, 302, 303, 307, 308, 404, 410 ->
                throw new SourceException.Rejected("the source answered " + status + "; check relais.source.base-url");
            case 401 -> {
                token.discard(authorization);
                throw new SourceException.TokenRefused("the source answered 401: it refuses the token");
            }
            case 403 ->
                throw new SourceException.AccountRefused(
                        "the source answered 403: the account of relais.source.client-id is not, or no longer, subscribed to"
                                + " this API");
            case 429 -> {
                Duration pause = pause(retryAfter);
                throttle.pause(pause);
                throw new SourceException.Busy("the source answered 429: no call for " + pause.toMillis() + " ms");
            }
            default -> throw new SourceException.Unavailable("the source answered " + status);
        }
    }

    /**
     * Reads the answer to a search that passed {@link #requireData}.
     *
     * @param contentRange the header {@code Content-Range}, or null
     * @param origine the origin that was asked for
     */
    public Page page(int status, String contentRange, String origine, byte[] body) {
        if (status == 204) {
            return Page.EMPTY;
        }
        ContentRange range = status == 200 && contentRange == null ? null : ContentRange.of(contentRange);
        Page page = PageParser.parse(body == null ? new byte[0] : body, origine, range);
        page.counted().filter(counted -> counted != page.total()).ifPresent(counted -> {
            throw new SourceException.Unavailable(
                    "the answer says that " + page.total() + " offers match, and its facets count " + counted);
        });
        return page;
    }

    /**
     * The second witness: does the source still have the offer that was asked for by its id?
     *
     * @throws SourceException.Unavailable when the answer proves neither
     */
    public boolean exists(int status, String id, byte[] body) {
        if (status == 204 && (body == null || body.length == 0)) {
            return false;
        }
        if (status == 200 && body != null && id.equals(PageParser.id(body))) {
            return true;
        }
        throw new SourceException.Unavailable("the answer for one id (status " + status + ") is not that offer");
    }

    /**
     * For an offer that the source has just shown.
     *
     * @param exists its answer for the id
     */
    public void requireKnown(boolean exists) {
        if (!exists) {
            throw new SourceException.Unavailable(
                    "the source denies an offer that it has just shown, so its word that others are gone is not taken");
        }
    }

    /** The path of one offer. */
    public String path(String id) {
        return "/v2/offres/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Duration pause(String retryAfter) {
        Duration pause = DEFAULT_PAUSE;
        String value = retryAfter == null ? "" : retryAfter.strip();
        try {
            if (value.matches("\\d+")) {
                pause = value.length() > 9 ? LONGEST_PAUSE : Duration.ofSeconds(Long.parseLong(value));
            } else if (!value.isEmpty()) {
                pause = Duration.between(
                        clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            }
        } catch (DateTimeException e) {
            // An unreadable header is no reason to storm: the default stands.
        }
        return pause.isNegative() ? DEFAULT_PAUSE : Collections.min(List.of(pause, LONGEST_PAUSE));
    }

    /** The source's own explanation; it speaks of parameters, never of an offer. */
    private static String message(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body == null ? new byte[0] : body);
            String message = json.path("message").asText("without a message");
            return message.substring(0, Math.min(200, message.length()));
        } catch (IOException e) {
            return "without a readable message";
        }
    }
}
