package fr.relais.views;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewParserTest {

    private final ViewParser parser = new ViewParser();

    @Test
    void reads_one_or_many_views_and_ignores_unknown_fields() {
        View one = new View("123ABCD", Instant.parse("2026-10-31T22:59:59.999Z"), "k1", "Firefox");
        String json = "{\"offerId\":\"123ABCD\",\"at\":\"2026-10-31T23:59:59.999+01:00\",\"key\":\"k1\","
                + "\"agent\":\"Firefox\",\"page\":[1]}";

        assertThat(parse(json)).containsExactly(one);
        assertThat(parse("[" + json + ",{\"offerId\":\"x-1\",\"at\":\"2026-01-01T00:00:00Z\",\"key\":null}]"))
                .containsExactly(one, new View("x-1", Instant.parse("2026-01-01T00:00:00Z"), null, null));
        assertThat(parse("[]")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | this is not JSON: line 1",
                "{}{} | this is not JSON: line 1, column 3",
                "`` | not a JSON object",
                "\"secret\" | not a JSON object",
                "[{\"offerId\":\"1\",\"at\":\"2026-01-01T00:00:00Z\"},7] | event 2: not a JSON object",
                "{\"at\":\"2026-01-01T00:00:00Z\"} | offerId must be 1 to 64 letters",
                "{\"offerId\":\"secret secret\",\"at\":\"2026-01-01T00:00:00Z\"} | offerId must be 1 to 64 letters",
                "{\"offerId\":12,\"at\":\"2026-01-01T00:00:00Z\"} | offerId must be a string",
                "{\"offerId\":\"1\"} | at must be an instant with an offset",
                "{\"offerId\":\"1\",\"at\":\"2026-01-01T00:00:00\"} | at must be an instant with an offset",
                "{\"offerId\":\"1\",\"at\":\"secret\"} | at must be an instant with an offset",
                "{\"offerId\":\"1\",\"at\":\"-999999999-01-01T00:00:00+18:00\"} | at must be an instant from 0000",
                "{\"offerId\":\"1\",\"at\":\"+999999999-12-31T23:59:59Z\"} | at must be an instant from 0000",
                "{\"offerId\":\"1\",\"at\":\"2026-01-01T00:00:00Z\",\"key\":\"\"} | key must have 1 to 200 characters"
            })
    void gives_the_reason_for_a_rejection_and_quotes_nothing(String json, String reason) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(RejectedView.class)
                .hasMessageStartingWith(reason)
                .hasMessageNotContaining("secret");
    }

    @Test
    void rejects_any_encoding_but_utf_8() {
        byte[] latin1 = "{\"offerId\":\"é\"}".getBytes(ISO_8859_1);

        assertThatThrownBy(() -> parser.parse(latin1)).isInstanceOf(RejectedView.class);
    }

    @Test
    void recognizes_robots_by_a_list() {
        Robots robots = new Robots("");

        assertThat(robots.isRobot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"))
                .isTrue();
        assertThat(robots.isRobot("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
                .isFalse();
        assertThat(robots.isRobot(null)).isFalse();
    }

    private List<View> parse(String json) {
        return parser.parse(json.getBytes(UTF_8));
    }
}
