package fr.relais.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses views from JSON: one object {@code {"offerId", "at", "key", "agent"}} or an array of them. Unknown fields are
 * ignored.
 */
public final class ViewParser {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final Runnable onRejection;

    public ViewParser() {
        this(() -> {});
    }

    /** @param onRejection what is called for each JSON value that is not a valid view or array of views */
    public ViewParser(Runnable onRejection) {
        this.onRejection = onRejection;
    }

    /**
     * Returns the views in a JSON value.
     *
     * @throws RejectedView when any event is not a valid view; then none of the events may be counted
     */
    public List<View> parse(JsonNode json) {
        try {
            return views(json);
        } catch (RejectedView e) {
            onRejection.run();
            throw e;
        }
    }

    private static List<View> views(JsonNode json) {
        List<View> views = new ArrayList<>();
        if (json.isArray()) {
            for (JsonNode event : json) {
                views.add(view(event, "event " + (views.size() + 1) + ": "));
            }
        } else {
            views.add(view(json, ""));
        }
        return views;
    }

    /**
     * Returns the views in a line of a file.
     *
     * @param json JSON in UTF-8
     * @throws RejectedView when the line is not JSON, or any event is not a valid view
     */
    List<View> parse(byte[] json) {
        try {
            return parse(JSON.readTree(json));
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    /**
     * Rejects a message that could not be parsed as JSON.
     *
     * @param failure the parser's failure; its own message quotes the text, so only its line and column are reported
     * @throws RejectedView always
     */
    public void rejectJson(Throwable failure) {
        onRejection.run();
        throw notJson(failure);
    }

    private static RejectedView notJson(Throwable failure) {
        return new RejectedView(
                failure instanceof JsonProcessingException json && json.getLocation() != null
                        ? "this is not JSON: line " + json.getLocation().getLineNr() + ", column "
                                + json.getLocation().getColumnNr()
                        : "this is not JSON in UTF-8");
    }

    private static View view(JsonNode event, String where) {
        if (!event.isObject()) {
            throw new RejectedView(where + "not a JSON object");
        }
        try {
            return view(text(event, "offerId"), text(event, "at"), text(event, "key"), text(event, "agent"));
        } catch (RejectedView e) {
            throw new RejectedView(where + e.getMessage());
        }
    }

    /**
     * Creates a view from the texts of its fields, each of which may be null.
     *
     * @param at an instant with an offset, in ISO 8601 format
     * @throws RejectedView when a field is missing or invalid
     */
    static View view(String offerId, String at, String key, String agent) {
        return new View(offerId, instant(at), key, agent);
    }

    private static Instant instant(String at) {
        try {
            if (at != null) {
                return OffsetDateTime.parse(at).toInstant();
            }
        } catch (DateTimeException e) {
            // Rejected below, like a missing instant.
        }
        throw new RejectedView(
                "at must be an instant with an offset, such as 2026-10-31T23:59:59+01:00 or 2026-10-31T22:59:59Z");
    }

    private static String text(JsonNode event, String field) {
        JsonNode value = event.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        } else if (!value.isTextual()) {
            throw new RejectedView(field + " must be a string");
        }
        return value.textValue();
    }
}
