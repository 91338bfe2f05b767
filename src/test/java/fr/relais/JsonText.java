package fr.relais;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random JSON values, and random ways to write them as text. */
public final class JsonText {

    private JsonText() {}

    /** Returns random objects with the id A, some fields of offers and some other fields. */
    public static Arbitrary<Map<String, Object>> objects() {
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                texts().asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigDecimals().ofScale(3).asGeneric(),
                Arbitraries.of(true, false).asGeneric().injectNull(0.3));
        Arbitrary<Object> values = Arbitraries.recursive(
                () -> scalars,
                value -> Arbitraries.oneOf(
                        value.list().ofMaxSize(3).asGeneric(),
                        Arbitraries.maps(keys(), value).ofMaxSize(3).asGeneric()),
                0,
                2);
        return Arbitraries.maps(keys(), values).ofMaxSize(5).map(fields -> {
            Map<String, Object> offer = new HashMap<>(fields);
            offer.put("id", "A");
            return offer;
        });
    }

    /** Returns the value as valid JSON, with random white space, order of keys and escapes. */
    public static String write(Object value, Random random) {
        if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> fields = new ArrayList<>(map.entrySet());
            Collections.shuffle(fields, random);
            return fields.stream()
                    .map(field -> write(field.getKey(), random) + space(random) + ":" + write(field.getValue(), random))
                    .collect(joining(",", space(random) + "{" + space(random), "}" + space(random)));
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(item -> write(item, random))
                    .collect(joining(",", space(random) + "[" + space(random), "]" + space(random)));
        }
        if (value instanceof String text) {
            return space(random) + quote(text, random) + space(random);
        }
        return space(random) + value + space(random);
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.of(
                "id", "intitule", "dateCreation", "resultats", "origineOffre", "clé", "a\"b", "", "\u2028", "😀");
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.of("a", "]}", "é", "\"", "\\", "/", "\n", "\u0000", "\u2028", "שלום", "😀", "A\u0301")
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
    }

    private static String space(Random random) {
        return List.of("", "", " ", "\t", "\r\n", "  \n ").get(random.nextInt(6));
    }

    private static String quote(String text, Random random) {
        return text.codePoints()
                .mapToObj(point -> point < ' ' || point == '"' || point == '\\' || random.nextInt(4) == 0
                        ? escape(point)
                        : Character.toString(point))
                .collect(joining("", "\"", "\""));
    }

    private static String escape(int point) {
        return Character.toString(point)
                .chars()
                .mapToObj(unit -> String.format("\\u%04x", unit))
                .collect(joining());
    }
}
