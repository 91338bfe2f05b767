package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A call that the simulator received.
 *
 * @param kind the endpoint that was called
 * @param number the number of calls of this kind since the counters were reset, including this one
 * @param id the id of the requested offer, decoded; empty unless this is a {@link Kind#DETAIL}
 * @param parameters the decoded parameters of the query string and, for a {@link Kind#TOKEN}, of the form; when a
 *     parameter is given twice, the last value counts
 */
public record Call(Kind kind, int number, String id, Map<String, String> parameters) {

    /** The endpoints of the source: the token, a search, and a request for one offer. */
    public enum Kind {
        TOKEN,
        SEARCH,
        DETAIL
    }

    /** Returns this call with another value of one parameter. */
    Call with(String parameter, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(parameter, value);
        return new Call(kind, number, id, changed);
    }

    /** Parses URL-encoded parameters such as {@code a=b&c=d}. Null or empty text contains no parameter. */
    static Map<String, String> parameters(String encoded) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (encoded == null || encoded.isEmpty()) {
            return parameters;
        }
        for (String pair : encoded.split("&")) {
            String[] nameAndValue = pair.split("=", 2);
            String value = nameAndValue.length == 2 ? nameAndValue[1] : "";
            parameters.put(URLDecoder.decode(nameAndValue[0], UTF_8), URLDecoder.decode(value, UTF_8));
        }
        return parameters;
    }
}
