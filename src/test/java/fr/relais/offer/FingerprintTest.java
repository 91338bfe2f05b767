package fr.relais.offer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.JsonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void the_fingerprint_does_not_depend_on_the_formatting_of_an_offer(
            @ForAll("objects") Map<String, Object> offer, @ForAll Random random) throws Exception {
        assertThat(fingerprint(JsonText.write(offer, random))).isEqualTo(fingerprint(JsonText.write(offer, random)));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void the_fingerprint_changes_with_any_value_at_any_depth(
            @ForAll("objects") Map<String, Object> offer, @ForAll Random random) throws Exception {
        byte[] fingerprint = fingerprint(JsonText.write(offer, random));

        for (int leaf = 0; leaf < leaves(offer); leaf++) {
            Object changed = change(offer, new int[] {leaf});
            assertThat(fingerprint(JsonText.write(changed, random)))
                    .as("%s and %s", offer, changed)
                    .isNotEqualTo(fingerprint);
        }
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonText.objects();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":\"\\u00e9\\/\\ud83d\\ude00\"} | {\"a\":\"é/😀\"}",
                "{\"a\":\"\\u0009\\u0022\\u005c\"} | {\"a\":\"\\t\\\"\\\\\"}",
                "{\"\\u0061\":{\"c\":1,\"b\":2}} | { \"a\" : { \"b\" : 2 , \"c\" : 1 } }"
            })
    void the_fingerprint_does_not_depend_on_escapes(String one, String other) throws Exception {
        assertThat(fingerprint(one)).isEqualTo(fingerprint(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":[1,2]} | {\"a\":[2,1]}",
                "{\"a\":1} | {\"b\":1}",
                "{\"a\":1} | {\"a\":\"1\"}",
                "{\"a\":true} | {\"a\":\"true\"}",
                "{\"a\":null} | {\"a\":\"null\"}",
                "{\"a\":null} | {}",
                "{\"a\":{}} | {\"a\":[]}",
                "{\"a\":[[1],2]} | {\"a\":[1,[2]]}",
                "{\"a\":\"\"} | {\"a\":\" \"}",
                "{\"a\":\"é\"} | {\"a\":\"e\u0301\"}",
                "{\"a\":0.1} | {\"a\":0.10000000000000000000000001}",
                "{\"a\":12345678901234567890123} | {\"a\":12345678901234567890124}",
                "{\"a\":\"\\ud800\"} | {\"a\":\"\\ud801\"}",
                "{\"a\":\"\\ud800\"} | {\"a\":\"?\"}",
                "{\"a\":\"\\ud800\"} | {\"a\":\"\\\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"} | {\"a\":\"\\ud800\\udc00\"}"
            })
    void different_offers_have_different_fingerprints(String one, String other) throws Exception {
        assertThat(fingerprint(one)).isNotEqualTo(fingerprint(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"a\"", "{} {}", "{\"a\":1", "{\"a\":01}"})
    void only_a_json_object_has_a_fingerprint(String json) {
        assertThatThrownBy(() -> fingerprint(json)).isInstanceOf(IOException.class);
    }

    private static byte[] fingerprint(String json) throws IOException {
        return Fingerprint.of(Fingerprint.read(json.getBytes(UTF_8)));
    }

    /**
     * Returns a copy of a value with one leaf replaced.
     *
     * @param countdown the index of the leaf as its only element, which is decremented at each leaf
     */
    private static Object change(Object value, int[] countdown) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, field) -> copy.put(key, change(field, countdown)));
            return copy;
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            return list.stream().map(item -> change(item, countdown)).toList();
        }
        return countdown[0]-- == 0 ? "other than " + value : value;
    }

    private static int leaves(Object value) {
        int[] countdown = {Integer.MAX_VALUE};
        change(value, countdown);
        return Integer.MAX_VALUE - countdown[0];
    }
}
