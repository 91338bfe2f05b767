package fr.relais.simulator;

import static fr.relais.simulator.Call.Kind.DETAIL;
import static fr.relais.simulator.Call.Kind.SEARCH;
import static fr.relais.simulator.Call.Kind.TOKEN;

import java.util.Set;

/**
 * The kinds of faults of a source, as a client sees them, with the endpoints at which each can happen. {@link Faults}
 * injects them. A kind that alters the true answer happens only when that answer contains something to alter.
 */
public enum FaultKind {
    /** Status 500 with a JSON body. */
    ERROR_JSON(TOKEN, SEARCH, DETAIL),

    /** Status 500 with an HTML page. */
    ERROR_HTML(TOKEN, SEARCH, DETAIL),

    /** Status 502 with an HTML page. */
    BAD_GATEWAY(TOKEN, SEARCH, DETAIL),

    /** Status 503 without a body. */
    UNAVAILABLE(TOKEN, SEARCH, DETAIL),

    /**
     * Status 429 for two to six calls in a row to the same endpoint. {@code Retry-After} is 0, 1, an HTTP date in the
     * past, or text that is neither a number nor a date.
     */
    BUSY(SEARCH, DETAIL),

    /** No answer. The connection is dropped after {@link Faults#LONGEST_HANG}. */
    HANG(TOKEN, SEARCH, DETAIL),

    /** The true answer in small parts, complete after 200 to 500 ms. */
    SLOW(TOKEN, SEARCH, DETAIL),

    /**
     * JSON that starts correctly and does not end, sent as fast as the client reads. The connection is dropped after at
     * most {@link Faults#LONGEST_BODY} bytes.
     */
    ENDLESS(TOKEN, SEARCH, DETAIL),

    /** The true answer, but the connection is dropped in the middle of the body. */
    RESET(TOKEN, SEARCH, DETAIL),

    /** The true answer with only the first half of its body, as valid HTTP. */
    TRUNCATED(TOKEN, SEARCH, DETAIL),

    /** Status 200 without a body. A search may instead get status 206 with an empty page and a total of 0. */
    EMPTY(TOKEN, SEARCH, DETAIL),

    /** Status 204 for a search that matches offers. */
    FALSELY_EMPTY(SEARCH),

    /** Status 204 for every search and every offer. */
    DENIAL(SEARCH, DETAIL),

    /**
     * The true page, but the total in its {@code Content-Range} is wrong by up to five. The facets add up to the true
     * total.
     */
    WRONG_TOTAL(SEARCH),

    /** The true page without one or all of its offers; {@code Content-Range} still announces all of them. */
    MISSING_OFFERS(SEARCH),

    /** In place of the requested offers, as many offers from just before them, or else from just after them. */
    OTHER_PAGE(SEARCH),

    /**
     * The true page, but one record is unusable: it has no id, its id is a number, it is not an object, or one of its
     * texts is not valid UTF-8.
     */
    MALFORMED(SEARCH),

    /** Status 200 with an HTML page. */
    HTML(TOKEN, SEARCH, DETAIL),

    /** Revokes all tokens before the true answer, which is therefore a 401; the next token is accepted. */
    TOKEN_EXPIRED(SEARCH, DETAIL),

    /** Status 401 for every token. */
    UNAUTHORIZED(SEARCH, DETAIL),

    /** Status 403 without a body. */
    FORBIDDEN(SEARCH, DETAIL),

    /** The true answer with an additional first field that contains 100,000 nested arrays. */
    DEEPLY_NESTED(SEARCH, DETAIL),

    /** Status 400 with {@code invalid_client} for all credentials. */
    REFUSED_CREDENTIALS(TOKEN);

    private final Set<Call.Kind> calls;

    FaultKind(Call.Kind... calls) {
        this.calls = Set.of(calls);
    }

    /** Whether this fault can happen to calls of a kind. */
    public boolean happensTo(Call.Kind call) {
        return calls.contains(call);
    }
}
