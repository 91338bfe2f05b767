package fr.relais.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads views from JSON: one object {@code {"offerId", "at", "key", "agent"}} or an array of them. Unknown fields are ignored. */
public final class ViewParser {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /**
     * @param json UTF-8
     * @throws RejectedView when any of it is not a view: then none is to be counted
     */
    public List<View> parse(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            // Its own message quotes what it read.
            throw new RejectedView(
                    e.getLocation() == null
                            ? "this is not JSON"
                            : "this is not JSON: line " + e.getLocation().getLineNr() + ", column "
                                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new RejectedView("this is not UTF-8");
        }
        List<View> views = new ArrayList<>();
        if (root.isArray()) {
            for (JsonNode event : root) {
                views.add(view(event, "event " + (views.size() + 1) + ": "));
            }
        } else {
            views.add(view(root, ""));
        }
        return views;
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
     * @param at an instant with its offset, as ISO 8601 writes it
     * @throws RejectedView when they make no view
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
            // Told below.
        }
        throw new RejectedView(
                "at takes an instant with its offset, such as 2026-10-31T23:59:59+01:00 or 2026-10-31T22:59:59Z");
    }

    private static String text(JsonNode event, String field) {
        JsonNode value = event.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        } else if (!value.isTextual()) {
            throw new RejectedView(field + " takes a text");
        }
        return value.textValue();
    }
}
