package fr.relais.simulator;

import static fr.relais.simulator.Call.Kind.DETAIL;
import static fr.relais.simulator.Call.Kind.SEARCH;
import static fr.relais.simulator.Call.Kind.TOKEN;

import java.util.Set;

/**
 * What a source can do wrong, by what the client sees; each kind names the calls that it can happen to. {@link Faults}
 * makes them happen. Where a kind alters the true answer, it happens only if that leaves something to alter.
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
     * Status 429, for two to six calls in a row to the same end point; {@code Retry-After} is 0 or 1, an HTTP date in the past,
     * or neither a number nor a date.
     */
    BUSY(SEARCH, DETAIL),

    /** No answer. The connection is dropped after {@link Faults#LONGEST_HANG}. */
    HANG(TOKEN, SEARCH, DETAIL),

    /** The true answer, in drips that take from 200 to 500 ms. */
    SLOW(TOKEN, SEARCH, DETAIL),

    /**
     * JSON that begins well and does not end, in chunks and as fast as the client reads. The connection is dropped after
     * {@link Faults#LONGEST_BODY} bytes.
     */
    ENDLESS(TOKEN, SEARCH, DETAIL),

    /** The true answer, but the connection is dropped in the middle of its body. */
    RESET(TOKEN, SEARCH, DETAIL),

    /** The true answer with only the first half of its body, as correct HTTP. */
    CUT(TOKEN, SEARCH, DETAIL),

    /** Status 200 without a body, for a search also 206 with a page and a base of no offer. */
    EMPTY(TOKEN, SEARCH, DETAIL),

    /** Status 204 for a search that has offers. */
    LYING_EMPTY(SEARCH),

    /** Status 204, whatever is asked. */
    DENIAL(SEARCH, DETAIL),

    /** The true page, but its {@code Content-Range} gives a total that is up to five off; the facets give the true one. */
    WRONG_TOTAL(SEARCH),

    /** The true page without any of its offers, or without one of them; {@code Content-Range} announces them all. */
    MISSING_PAGE(SEARCH),

    /** As many other offers of the same search, the previous ones or else the next, as if they were the page. */
    REPEATED_PAGE(SEARCH),

    /**
     * The true page, but one record is unusable: its id is missing or a number, the record is no object, or one of its texts
     * is not UTF-8.
     */
    MALFORMED(SEARCH),

    /** Status 200 with an HTML page. */
    HTML(TOKEN, SEARCH, DETAIL),

    /** The true answer after all tokens have been revoked, a 401 then; the next token is good. */
    TOKEN_EXPIRED(SEARCH, DETAIL),

    /** Status 401, whatever the token. */
    UNAUTHORIZED(SEARCH, DETAIL),

    /** Status 403 without a body. */
    FORBIDDEN(SEARCH, DETAIL),

    /** The true answer with one more field, 100,000 arrays deep, before the others. */
    DEEP(SEARCH, DETAIL),

    /** Status 400 with {@code invalid_client}, whatever the credentials. */
    REFUSED_CREDENTIALS(TOKEN);

    private final Set<Call.Kind> calls;

    FaultKind(Call.Kind... calls) {
        this.calls = Set.of(calls);
    }

    /** Whether it can happen to calls of this kind. */
    public boolean happensTo(Call.Kind call) {
        return calls.contains(call);
    }
}
