package fr.relais.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
     * What the text of an entry says.
     *
     * @param at when the entry was written
     * @param kind the kind, such as {@code self-audit}
     * @param data the facts by name
     */
    public record Content(Instant at, String kind, JsonNode data) {

        /** Returns the facts as texts, in their order. */
        public Map<String, String> facts() {
            Map<String, String> facts = new LinkedHashMap<>();
            data.properties()
                    .forEach(fact -> facts.put(
                            fact.getKey(),
                            fact.getValue().isValueNode()
                                    ? fact.getValue().asText()
                                    : fact.getValue().toString()));
            return facts;
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
     * @throws IllegalStateException when somebody has damaged the text
     */
    public JsonNode data() {
        return content()
                .map(Content::data)
                .orElseThrow(() -> new IllegalStateException("entry " + number + " of the ledger is damaged"));
    }

    /** Returns what the text says; empty when somebody has damaged it. */
    public Optional<Content> content() {
        try {
            JsonNode json = JSON.readTree(text);
            Instant at = Instant.parse(json.path("at").asText());
            return Optional.of(new Content(at, json.path("kind").asText(), json.path("data")));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the anchor of the entry. */
    public Anchor anchor() {
        return new Anchor(number, hash);
    }
}
