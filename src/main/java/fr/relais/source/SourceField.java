package fr.relais.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A field that records of the source have, without any value of it.
 *
 * @param path the names that lead to the field, such as {@code entreprise.nom}, or {@code competences[].libelle} for
 *     the elements of an array; {@link #OTHER} for names that could be content
 * @param type the JSON type of its value
 */
public record SourceField(String path, Type type) {

    /** Stands for paths that are too long, exceed the maximum number, or have names that are not identifiers. */
    static final String OTHER = "(other)";

    /** The maximum number of paths. Known offers have fewer than a hundred. */
    static final int MAX_PATHS = 500;

    private static final int MAX_LENGTH = 100;

    private static final JsonFactory JSON = new JsonFactory();

    /** The JSON types. The database uses the names in lower case. */
    public enum Type {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL;

        static Type of(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the fields of a record. If the record is not JSON, returns the fields before the mistake. */
    static Set<SourceField> of(byte[] bytes, int offset, int length) {
        Set<SourceField> fields = new LinkedHashSet<>();
        Deque<String> parents = new ArrayDeque<>();
        String path = "";
        try (JsonParser json = JSON.createParser(bytes, offset, length)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    path = child(parents.element(), json.currentName());
                } else if (token.isStructEnd()) {
                    parents.pop();
                    path = parents.isEmpty() ? "" : parents.element();
                } else {
                    Type type = type(token);
                    if (!path.isEmpty() && fields.size() < MAX_PATHS) {
                        fields.add(new SourceField(path, type));
                    }
                    if (type == Type.ARRAY) {
                        path = path.equals(OTHER) ? OTHER : limited(path + "[]");
                    }
                    if (token.isStructStart()) {
                        parents.push(path);
                    }
                }
            }
        } catch (IOException e) {
            // The text of this exception may quote the record.
        }
        return fields;
    }

    private static Type type(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Type.OBJECT;
            case START_ARRAY -> Type.ARRAY;
            case VALUE_STRING -> Type.STRING;
            case VALUE_TRUE, VALUE_FALSE -> Type.BOOLEAN;
            case VALUE_NULL -> Type.NULL;
            default -> Type.NUMBER;
        };
    }

    private static String child(String parent, String name) {
        if (parent.equals(OTHER) || !isIdentifier(name)) {
            return OTHER;
        }
        return limited(parent.isEmpty() ? name : parent + "." + name);
    }

    private static String limited(String path) {
        return path.length() > MAX_LENGTH ? OTHER : path;
    }

    /** Whether a name consists of letters, digits, {@code _} and {@code -}, and begins with a letter. */
    private static boolean isIdentifier(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!isLetter && (i == 0 || !(c >= '0' && c <= '9' || c == '_' || c == '-'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
