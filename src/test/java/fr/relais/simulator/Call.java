package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One call as received.
 *
 * @param kind the end point called
 * @param number how many calls of this kind there have been since the counters were reset, this one included
 * @param id the offer asked for, decoded; empty unless this is a {@link Kind#DETAIL}
 * @param parameters decoded parameters of the query string and, for a {@link Kind#TOKEN}, of the form; the last wins
 */
public record Call(Kind kind, int number, String id, Map<String, String> parameters) {

    /** The end points of the source. */
    public enum Kind {
        TOKEN,
        SEARCH,
        DETAIL
    }

    /** This call with another value of one parameter. */
    Call with(String parameter, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(parameter, value);
        return new Call(kind, number, id, changed);
    }

    /** Reads {@code a=b&c=d}, URL-encoded; null or empty gives no parameter. */
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
