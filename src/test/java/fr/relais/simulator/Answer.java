package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP answer.
 *
 * @param status the HTTP status
 * @param headers one value for each name
 * @param body the parts of the body in order; no part for an empty body
 */
public record Answer(int status, Map<String, String> headers, List<byte[]> body) implements Reply {

    /** Large, because the JDK's server makes a system call for each write. */
    private static final int BUFFER = 64 * 1024;

    /** Returns an answer without a body and without a Content-Type. */
    public static Answer empty(int status) {
        return new Answer(status, Map.of(), List.of());
    }

    /** Returns an answer with a text as its body, encoded as UTF-8. */
    public static Answer of(int status, String contentType, String body) {
        return new Answer(status, Map.of("Content-Type", contentType), List.of(body.getBytes(UTF_8)));
    }

    static Answer json(int status, JsonNode body) {
        return of(status, "application/json;charset=UTF-8", body.toString());
    }

    static Answer json(int status, List<byte[]> parts) {
        return new Answer(status, Map.of("Content-Type", "application/json;charset=UTF-8"), parts);
    }

    /** Returns this answer with one more header. */
    public Answer with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    /** Returns this answer with other parts as its body. */
    Answer withBody(List<byte[]> parts) {
        return new Answer(status, headers, parts);
    }

    /** Returns a copy of the whole body. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** Sends this answer and ends the exchange. */
    @Override
    public void sendTo(HttpExchange exchange) throws IOException {
        long length = body.stream().mapToLong(part -> part.length).sum();
        sendHeaders(exchange, length == 0 ? -1 : length);
        if (length > 0) {
            try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
                for (byte[] part : body) {
                    out.write(part);
                }
            }
        }
    }

    /**
     * Sends the status and the headers.
     *
     * @param length the length of the body, as {@link HttpExchange#sendResponseHeaders} defines it
     */
    void sendHeaders(HttpExchange exchange, long length) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, length);
    }
}
