package fr.relais.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests through {@link Answers#page}: accepted pages are exact to the byte, and doubtful answers are refused. */
class PageParserTest {

    private static final String BEFORE = "{\"id\":\"BEFORE\",\"intitule\":\"Avant\"}";
    private static final String AFTER = "{\"id\":\"AFTER\",\"intitule\":\"Après 😀\"}";
    private static final String FACETS = "\"filtresPossibles\":[{\"filtre\":\"typeContrat\",\"agregation\":["
            + "{\"valeurPossible\":\"CDI\",\"nbResultats\":2},{\"valeurPossible\":\"CDD\",\"nbResultats\":1}]},"
            + "{\"filtre\":\"experience\",\"agregation\":[{\"valeurPossible\":\"1\",\"nbResultats\":3}]}]";

    private final Answers answers = new Answers(null, null, null);

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void every_offer_is_kept_byte_for_byte(@ForAll("pages") List<Map<String, Object>> objects, @ForAll Random random) {
        List<String> offers = objects.stream()
                .map(object -> JsonText.write(object, random).strip())
                .toList();
        String between = JsonText.write(0, random).replace('0', ',');

        Page page = page("\n{ \"resultats\" :\t[ " + String.join(between, offers) + " ] , " + FACETS + "}\r\n");

        assertThat(page.offers()).extracting(PageParserTest::text).isEqualTo(offers);
        assertThat(page.offers())
                .allSatisfy(offer -> assertThat(offer.json()).asString(UTF_8).isEqualTo(text(offer)));
        assertThat(page.offers()).extracting(ReceivedOffer::id).containsOnly("A");
        assertThat(page.setAside()).isEmpty();
    }

    @Provide
    Arbitrary<List<Map<String, Object>>> pages() {
        return JsonText.objects().list().ofMinSize(1).ofMaxSize(4);
    }

    @Test
    void the_id_and_the_creation_date_of_an_offer_are_read() {
        Page page = pageOf(
                "{\"dateCreation\":\"2025-08-21T17:48:27.000Z\",\"id\":\"1\\u00345\"}",
                "{\"id\":\"A.1_b-2\",\"dateCreation\":\"hier\"}",
                "{\"id\":\"" + "x".repeat(64) + "\",\"dateCreation\":[1755798507000]}",
                "{\"id\":\"A\",\"description\":{\"id\":\"B\"}}");

        assertThat(page.offers()).extracting(ReceivedOffer::id).containsExactly("145", "A.1_b-2", "x".repeat(64), "A");
        assertThat(page.offers())
                .extracting(ReceivedOffer::dateCreation)
                .containsExactly(Instant.parse("2025-08-21T17:48:27Z"), null, null, null);
    }

    @ParameterizedTest
    @MethodSource("unusableRecords")
    void an_unusable_record_is_set_aside_and_the_others_are_kept(String record) throws Exception {
        Page page = pageOf(BEFORE, " " + record + "\n", AFTER);

        assertThat(page.offers()).extracting(PageParserTest::text).containsExactly(BEFORE, AFTER);
        assertThat(page.total()).isEqualTo(3);
        assertThat(page.setAside()).singleElement().satisfies(aside -> {
            assertThat(aside.hash()).isEqualTo(sha256(record));
            assertThat(aside.reason()).isNotBlank().doesNotContain("secret");
        });
    }

    static Stream<String> unusableRecords() {
        return Stream.of(
                "{}",
                "{\"intitule\":\"secret\"}",
                "{\"id\":1234567}",
                "{\"id\":null,\"intitule\":\"secret\"}",
                "{\"id\":[\"A\"]}",
                "{\"id\":{\"id\":\"A\"}}",
                "{\"id\":\"\"}",
                "{\"id\":\"secret A\"}",
                "{\"id\":\"secret\\nA\"}",
                "{\"id\":\"É\"}",
                "{\"id\":\"A/1\"}",
                "{\"id\":\"..\"}",
                "{\"id\":\"A\\u0000\"}",
                "{\"id\":\"" + "x".repeat(65) + "\"}",
                "{\"id\":\"A\",\"id\":1}",
                "[]",
                "[{\"id\":\"A\"}]",
                "\"secret é \\\" ]\"",
                "12",
                "-1.5e-3",
                "null",
                "true",
                nested("[", 65, "]"),
                nested("{\"a\":", 65, "}"),
                "{\"id\":\"A\",\"origineOffre\":{\"partenaires\":" + "[".repeat(65) + "]".repeat(65) + "}}",
                "{\"id\":\"A\",\"origineOffre\":" + "[".repeat(65) + "]".repeat(65) + "}",
                "{\"id\":\"A\",\"dateCreation\":" + "[".repeat(65) + "]".repeat(65) + "}",
                "[".repeat(50_000) + "]".repeat(50_000),
                nested("[", 50_000, "]"),
                sized(PageParser.MAX_OFFER_BYTES + 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | the record has no id",
                "{\"id\":12} | the id is not text",
                "{\"id\":\"\"} | the id is not 1 to 64 letters, digits, dots, dashes or underscores",
                "[] | the record is not an object"
            })
    void a_record_is_set_aside_with_a_reason(String record, String reason) {
        assertThat(pageOf(BEFORE, record).setAside())
                .extracting(SetAside::reason)
                .containsExactly(reason);
    }

    @Test
    void offers_up_to_the_limits_are_kept() {
        List<String> offers =
                List.of(sized(PageParser.MAX_OFFER_BYTES), nested("[", 64, "]"), nested("{\"a\":", 64, "}"));

        assertThat(pageOf(offers.toArray(String[]::new)).offers())
                .extracting(PageParserTest::text)
                .isEqualTo(offers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "-9", "0.9", "9e"})
    void offers_with_numbers_of_many_digits_are_kept(String beginning) {
        String offer = "{\"id\":\"A\",\"nombrePostes\":" + beginning + "9".repeat(1_500) + "}";

        assertThat(pageOf(BEFORE, offer, AFTER).offers())
                .extracting(PageParserTest::text)
                .containsExactly(BEFORE, offer, AFTER);
    }

    @Test
    void a_record_with_a_very_long_field_name_does_not_fail_the_page() {
        Page page = pageOf(BEFORE, "{\"id\":\"A\",\"" + "n".repeat(60_000) + "\":1}", AFTER);

        assertThat(page.offers()).extracting(PageParserTest::text).contains(BEFORE, AFTER);
    }

    @Test
    void a_record_with_very_many_fields_does_not_fail_the_page() {
        StringBuilder record = new StringBuilder("{\"id\":\"A\"");
        for (int i = 0; i < 70_000; i++) {
            record.append(",\"f").append(i).append("\":1");
        }

        assertThat(pageOf(BEFORE, record + "}", AFTER).offers()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eda080", "c0af", "f4908080"})
    void forbidden_utf8_sequences_are_left_to_the_comparison(String hex) {
        byte[] offer = between("{\"id\":\"A\",\"intitule\":\"", HexFormat.of().parseHex(hex), "\"}");

        Page page = page(200, null, between("{\"resultats\":[" + BEFORE + ",", offer, "," + AFTER + "]}"));

        assertThat(page.offers()).hasSize(3);
        assertThat(page.offers().get(1).json()).isEqualTo(offer);
    }

    @Test
    void unknown_fields_are_kept_in_offers_and_skipped_elsewhere() {
        String unknown = "\"nouveau\":{\"a\":[1,{\"resultats\":[{}]}],\"filtresPossibles\":null},";
        String offer = "{" + unknown + "\"origineOffre\":{" + unknown + "\"origine\":\"1\"},\"id\":\"A\"}";

        Page page =
                page("{" + unknown + "\"resultats\":[" + offer + "]," + unknown + "\"filtresPossibles\":[{" + unknown
                        + "\"filtre\":\"f\",\"agregation\":[{" + unknown + "\"valeurPossible\":\"v\"," + unknown
                        + "\"nbResultats\":1}]}]," + unknown.replaceAll(",$", "") + "}");

        assertThat(page.offers()).extracting(PageParserTest::text).containsExactly(offer);
        assertThat(page.facets()).isEqualTo(Map.of("f", Map.of("v", 1)));
    }

    @Test
    void unknown_fields_that_are_lists_are_skipped() {
        String unknown = "\"nouveau\":[1,[2],\"x\"]";

        Page page = page("{" + unknown + ",\"resultats\":[" + BEFORE + "],\"filtresPossibles\":[{\"filtre\":\"f\","
                + unknown + ",\"agregation\":[{\"valeurPossible\":\"v\",\"nbResultats\":1," + unknown
                + "}]}]}");

        assertThat(page.offers()).hasSize(1);
        assertThat(page.facets()).isEqualTo(Map.of("f", Map.of("v", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "1"})
    void facets_that_are_not_a_list_are_ignored(String facets) {
        String offers = "\"resultats\":[" + BEFORE + "]";

        assertThat(page("{\"filtresPossibles\":" + facets + "," + offers + "}").facets())
                .isEmpty();
        assertThat(page("{\"filtresPossibles\":[{\"filtre\":\"f\",\"agregation\":" + facets + "}]," + offers + "}")
                        .facets())
                .isEqualTo(Map.of("f", Map.of()));
    }

    @Test
    void the_facets_are_read() {
        assertThat(page("{" + FACETS + ",\"resultats\":[" + BEFORE + "]}").facets())
                .isEqualTo(Map.of("typeContrat", Map.of("CDI", 2, "CDD", 1), "experience", Map.of("1", 3)));
        assertThat(page("{\"filtresPossibles\":null,\"resultats\":[" + BEFORE + "]}")
                        .facets())
                .isEmpty();
    }

    @Test
    void a_truncated_answer_is_refused_at_every_length() {
        byte[] body = ("{\"resultats\":[" + BEFORE + ", 12.5 ," + AFTER + "]," + FACETS + "}").getBytes(UTF_8);
        assertThat(page(206, "offres 0-2/9", body).offers()).hasSize(2);

        for (int length = 0; length < body.length; length++) {
            byte[] truncated = Arrays.copyOf(body, length);
            assertRefused(200, null, truncated);
            assertRefused(206, "offres 0-2/9", truncated);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "<!DOCTYPE html><html><body>Maintenance secret</body></html>",
                "secret",
                "null",
                "12",
                "\"secret\"",
                "[]",
                "[{\"id\":\"A\"}]",
                "{}",
                "{\"codeErreur\":\"500\",\"message\":\"secret\"}",
                "{\"resultats\":null}",
                "{\"resultats\":[]}",
                "{\"resultats\":{}}",
                "{\"resultats\":{\"id\":\"A\"}}",
                "{\"resultats\":\"secret\"}",
                "{\"resultats\":[{\"id\":\"A\"}]}}",
                "{\"resultats\":[{\"id\":\"A\"}]} {}",
                "{\"resultats\":[{\"id\":\"A\"},]}",
                "{\"resultats\":[{\"id\":\"A\" \"secret\":1}]}",
                "{\"resultats\":[{\"id\":\"A\nsecret\"}]}",
                "{\"resultats\":[{\"id\":\"A\",\"n\":NaN}]}",
                "{\"resultats\":[{\"id\":\"A\"}],\"filtresPossibles\":[\"secret\"]}",
                "{\"resultats\":[{\"id\":\"A\"}],\"filtresPossibles\":[{\"agregation\":[1]}]}"
            })
    void anything_but_a_search_result_is_refused(String body) {
        assertRefused(200, null, body == null ? null : body.getBytes(UTF_8));
        assertRefused(206, "offres 0-0/1", body == null ? null : body.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "e9", "c3", "80"})
    void malformed_utf8_sequences_are_refused(String hex) {
        assertRefused(
                200,
                null,
                between("{\"resultats\":[{\"id\":\"A\",\"x\":\"", HexFormat.of().parseHex(hex), "\"}]}"));
    }

    /** The parser cannot skip such a name, so the call is retried, and the slice stays unproved. */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00\\ud800"})
    void field_names_with_unpaired_surrogates_are_refused(String name) {
        assertRefused(200, null, ("{\"resultats\":[{\"id\":\"A\",\"" + name + "\":1}]}").getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
    void other_encodings_are_refused(String charset) {
        assertRefused(200, null, ("{\"resultats\":[" + BEFORE + "]}").getBytes(Charset.forName(charset)));
    }

    @ParameterizedTest
    @CsvSource({
        "offres 0-1/2, 0, 2",
        "offres 0-1/66915, 0, 66915",
        "offres 3000-3001/3002, 3000, 3002",
        "'  0-1/2 ', 0, 2",
        "offres 0-149/2, 0, 2",
        "offres 150-299/152, 150, 152"
    })
    void a_page_contains_the_offers_that_its_content_range_announces(String contentRange, int first, int total) {
        for (int status : List.of(200, 206)) {
            Page page = page(status, contentRange, ("{\"resultats\":[" + BEFORE + "," + AFTER + "]}").getBytes(UTF_8));

            assertThat(page.first()).isEqualTo(first);
            assertThat(page.total()).isEqualTo(total);
            assertThat(page.offers()).hasSize(2);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "*/0",
                "*/2",
                "offres 0-1/*",
                "offres 0-1",
                "bytes 0-1/2",
                "offres -1-1/2",
                "offres 0-0/1",
                "offres 0-2/3",
                "offres 0-149/66915",
                "offres 0-1/1",
                "offres 0-1/0",
                "offres 1-2/2",
                "offres 2-1/2",
                "offres 5-6/2",
                "offres 0-99999999999/2"
            })
    void an_answer_is_refused_when_its_content_range_is_missing_or_contradicts_its_offers(String contentRange) {
        assertRefused(206, contentRange, ("{\"resultats\":[" + BEFORE + "," + AFTER + "]}").getBytes(UTF_8));
    }

    @Test
    void an_answer_is_refused_when_all_facets_agree_on_another_total() {
        assertThat(pageWithFacetSums(2, 2, 2, 2).total()).isEqualTo(2);
        assertThatThrownBy(() -> pageWithFacetSums(3, 3, 3, 3)).isInstanceOf(SourceException.Unavailable.class);
        assertThatThrownBy(() -> pageWithFacetSums(1, 1, 1, 1)).isInstanceOf(SourceException.Unavailable.class);
    }

    @Test
    void an_answer_is_accepted_when_facets_disagree_or_some_are_missing() {
        assertThat(pageWithFacetSums(3, 3, 3, 4).total()).isEqualTo(2);
        assertThat(pageWithFacetSums(3, 3, 3).total()).isEqualTo(2);
        assertThat(pageWithFacetSums().total()).isEqualTo(2);
    }

    /** Returns a page of two offers whose facets have the given sums. */
    private Page pageWithFacetSums(int... sums) {
        List<String> facets = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            facets.add("{\"filtre\":\"" + Page.PARTITIONS.get(i) + "\",\"agregation\":["
                    + "{\"valeurPossible\":\"a\",\"nbResultats\":" + (sums[i] - 1) + "},"
                    + "{\"valeurPossible\":\"b\",\"nbResultats\":1}]}");
        }
        return page("{\"resultats\":[" + BEFORE + "," + AFTER + "],\"filtresPossibles\":[" + String.join(",", facets)
                + "]}");
    }

    @Test
    void a_record_set_aside_counts_as_received() {
        Page page = page(206, "offres 10-11/20", ("{\"resultats\":[12," + AFTER + "]}").getBytes(UTF_8));

        assertThat(page.offers()).hasSize(1);
        assertThat(page.setAside()).hasSize(1);
    }

    @Test
    void a_204_is_an_empty_page() {
        for (String contentRange : new String[] {"*/0", null}) {
            Page page = page(204, contentRange, null);

            assertThat(page.total()).isZero();
            assertThat(page.offers()).isEmpty();
        }
    }

    @Test
    void an_answer_is_refused_when_it_contains_an_offer_of_another_origin() {
        String own = "{\"id\":\"A\",\"origineOffre\":{\"origine\":\"1\"}}";
        String other = "{\"id\":\"secret\",\"origineOffre\":{\"urlOrigine\":\"u\",\"origine\":\"2\"}}";

        assertThat(pageOf(own, BEFORE, "{\"id\":\"B\",\"origineOffre\":null}").offers())
                .hasSize(3);
        assertThatThrownBy(() -> pageOf(own, other))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("origineOffre")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"urlOrigine\":\"u\",\"origine\":\"1\"", "\"origine\":null", "\"origine\":[\"2\"]", ""})
    void an_answer_is_accepted_when_no_offer_names_another_origin(String origin) {
        assertThat(pageOf("{\"id\":\"A\",\"origineOffre\":{" + origin + "}}").offers())
                .hasSize(1);
    }

    private Page page(int status, String contentRange, byte[] body) {
        return answers.page(status, contentRange, "1", body);
    }

    private Page page(String body) {
        return page(200, null, body.getBytes(UTF_8));
    }

    private Page pageOf(String... records) {
        return page("{\"resultats\":[" + String.join(",", records) + "]}");
    }

    private void assertRefused(int status, String contentRange, byte[] body) {
        assertThatThrownBy(() -> page(status, contentRange, body))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageNotContainingAny("secret", "BEFORE", "Avant")
                .hasNoCause();
    }

    private static String nested(String open, int levels, String close) {
        String innermost = open.equals("[") ? "" : "1";
        return "{\"id\":\"A\",\"x\":" + open.repeat(levels) + innermost + close.repeat(levels) + "}";
    }

    private static String sized(int bytes) {
        return "{\"id\":\"A\",\"x\":\"" + "x".repeat(bytes - 17) + "\"}";
    }

    private static byte[] between(String before, byte[] bytes, String after) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before.getBytes(UTF_8));
        all.writeBytes(bytes);
        all.writeBytes(after.getBytes(UTF_8));
        return all.toByteArray();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static String text(ReceivedOffer offer) {
        return new String(offer.json(), UTF_8);
    }
}
