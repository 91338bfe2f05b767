package fr.relais.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import fr.relais.offer.Offer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON document that keeps everything: numbers as written, names that occur twice, and the order of fields. */
public sealed interface Json {

    JsonFactory FACTORY =
            JsonFactory.builder().streamReadConstraints(Offer.LIMITS).build();

    /** A string. */
    record Text(String value) implements Json {}

    /** A number, {@code true} or {@code false}, as written. */
    record Literal(String value) implements Json {}

    /** {@code null}. */
    record Null() implements Json {}

    /** An array. */
    record Items(List<Json> items) implements Json {}

    /** An object. */
    record Fields(List<Field> fields) implements Json {

        /** Returns the value of the last field of this name, which is the one that most parsers keep. */
        Optional<Json> get(String name) {
            Json found = null;
            for (Field field : fields) {
                found = field.name.equals(name) ? field.value : found;
            }
            return Optional.ofNullable(found);
        }
    }

    /** A field of an object. */
    record Field(String name, Json value) {}

    /**
     * Parses an offer as received.
     *
     * @throws UncheckedIOException when the text is not JSON
     */
    static Json parse(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return read(parser, parser.nextToken());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Json read(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                List<Field> fields = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    fields.add(new Field(name, read(parser, parser.nextToken())));
                }
                yield new Fields(fields);
            }
            case START_ARRAY -> {
                List<Json> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(read(parser, next));
                }
                yield new Items(items);
            }
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NULL -> new Null();
            default -> new Literal(parser.getText());
        };
    }

    /** Returns the string at a path of field names; empty when there is no string. */
    default Optional<String> text(String... path) {
        Json at = this;
        for (String name : path) {
            at = at instanceof Fields fields ? fields.get(name).orElse(null) : null;
        }
        return at instanceof Text text ? Optional.of(text.value) : Optional.empty();
    }
}
