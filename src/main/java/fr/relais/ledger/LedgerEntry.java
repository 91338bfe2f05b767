package fr.relais.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * An entry of the ledger.
 *
 * @param number the place in the ledger; the first entry has the number 1
 * @param text one line of JSON with the fields {@code number}, {@code at}, {@code kind}, {@code previous} (the hash of
 *     the previous entry) and {@code data}
 * @param hash the SHA-256 of the text in UTF-8, in hexadecimal
 */
public record LedgerEntry(long number, String text, String hash) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The subject of an entry. */
    public enum Kind {
        SWEEP,
        REMOVALS,
        REPORT,
        PUBLICATION,
        LICENCE,
        ACCOUNT,
        KEY,
        SETTINGS,
        RESTORE,
        WIPE,
        SELF_AUDIT,
        PROFILE,
        DUTIES;

        /** Returns the name in entries, such as {@code self-audit}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Returns the entry that follows another.
     *
     * @param data the facts by name: texts, numbers, booleans, nulls, and lists and maps of these
     */
    static LedgerEntry after(Anchor previous, Instant at, Kind kind, Map<String, ?> data) {
        long number = previous.number() + 1;
        ObjectNode json = JSON.createObjectNode()
                .put("number", number)
                .put("at", at.toString())
                .put("kind", kind.toString())
                .put("previous", previous.hash());
        json.set("data", JSON.valueToTree(data));
        try {
            String text = JSON.writeValueAsString(json);
            return new LedgerEntry(number, text, DigestUtils.sha256Hex(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the data of an entry cannot be written as JSON", e);
        }
    }

    /**
     * Returns the facts of the entry.
     *
     * @throws IllegalStateException when the text is not that of an entry
     */
    public JsonNode data() {
        return json().path("data");
    }

    /** Returns when the entry was written; fails like {@link #data}. */
    public Instant at() {
        return Instant.parse(json().path("at").asText());
    }

    /** Returns the kind of the entry, such as {@code self-audit}; fails like {@link #data}. */
    public String kind() {
        return json().path("kind").asText();
    }

    private JsonNode json() {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("entry " + number + " of the ledger is not JSON", e);
        }
    }

    /** Returns the anchor of the entry. */
    public Anchor anchor() {
        return new Anchor(number, hash);
    }
}
