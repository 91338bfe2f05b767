package fr.relais.offer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.JsonText;
import fr.relais.source.Answers;
import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

    private static final long SWEEP = 42;

    private static final String A = "{\"id\":\"A\",\"intitule\":\"Boulanger\",\"lieuTravail\":{\"commune\":\"75056\"}}";
    private static final String B = "{\"id\":\"B\",\"intitule\":\"Fleuriste\"}";

    private final Comparison comparison = new Comparison();

    @Test
    void an_offer_that_the_mirror_does_not_have_is_created() {
        Changes changes = compare(page(B, A));

        assertThat(changes.offers()).extracting(Offer::id).containsExactly("A", "B");
        assertThat(changes.offers()).extracting(Offer::content).containsExactly(A, B);
        assertThat(changes.offers()).allSatisfy(offer -> {
            assertThat(offer.isNew()).isTrue();
            assertThat(offer.origine()).isEqualTo("1");
            assertThat(offer.sweepId()).isEqualTo(SWEEP);
            assertThat(offer.fingerprint()).hasSize(32);
            assertThat(offer.digest()).hasSize(32);
        });
    }

    @Test
    void an_offer_with_identical_bytes_changes_nothing() {
        Changes changes = compare(page(A, B), mirrored(A, B));

        assertThat(changes.offers()).isEmpty();
        assertThat(changes.seen()).isEqualTo("[\"A\",\"B\"]");
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void an_offer_that_is_only_formatted_differently_changes_nothing(
            @ForAll("objects") Map<String, Object> offer, @ForAll Random random) {
        String former = JsonText.write(offer, random);

        List<Map<String, Object>> mirrored = mirrored(former);

        assertThat(compare(page(former)).offers()).extracting(Offer::content).containsExactly(former.strip());
        assertThat(compare(page(JsonText.write(offer, random)), mirrored).offers())
                .isEmpty();
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonText.objects();
    }

    @Test
    void an_offer_with_a_changed_field_is_updated() {
        String changed = A.replace("75056", "69123");

        Changes changes = compare(page(changed, B), mirrored(A, B));

        assertThat(changes.offers()).singleElement().satisfies(offer -> {
            assertThat(offer.content()).isEqualTo(changed);
            assertThat(offer.commune()).isEqualTo("69123");
            assertThat(offer.isNew()).isFalse();
        });
        assertThat(changes.seen()).isEqualTo("[\"A\",\"B\"]");
    }

    @Test
    void an_offer_that_moved_to_another_origin_is_updated() {
        Changes changes = comparison.changes(page(A), mirrored(A), "2", SWEEP);

        assertThat(changes.offers()).singleElement().satisfies(offer -> {
            assertThat(offer.origine()).isEqualTo("2");
            assertThat(offer.isNew()).isFalse();
        });
    }

    @Test
    void the_later_of_two_offers_with_the_same_id_counts() {
        String later = A.replace("Boulanger", "Boulangère");

        assertThat(compare(page(A, B, later)).offers())
                .extracting(Offer::content)
                .containsExactly(later, B);
        assertThat(compare(page(A, later), mirrored(A)).offers())
                .extracting(Offer::content)
                .containsExactly(later);
        assertThat(compare(page(A, later), mirrored(later)).offers()).isEmpty();
        assertThat(compare(page(A, later)).seen()).isEqualTo("[\"A\"]");
        assertThat(comparison.ids(page(B, A, later))).containsExactly("A", "B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eda080", "edb080", "c0af", "c080", "e080af", "f4908080"})
    void an_offer_that_is_not_utf8_is_set_aside_and_the_others_are_kept(String hex) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("{\"resultats\":[12," + B + ",{\"id\":\"NOT-UTF-8\",\"x\":\"secret").getBytes(UTF_8));
        body.writeBytes(HexFormat.of().parseHex(hex));
        body.writeBytes(("\"}," + A + "]}").getBytes(UTF_8));
        Page page = new Answers(null, null, null).page(200, null, "1", body.toByteArray());

        Changes changes = compare(page);

        assertThat(changes.offers()).extracting(Offer::id).containsExactly("A", "B");
        assertThat(changes.seen()).isEqualTo("[\"A\",\"B\"]");
        assertThat(changes.page().offers()).extracting(ReceivedOffer::id).containsExactlyInAnyOrder("A", "B");
        assertThat(changes.page().total()).isEqualTo(4);
        assertThat(changes.page().setAside())
                .hasSize(2)
                .startsWith(page.setAside().get(0));
        assertThat(changes.page().setAside())
                .extracting(SetAside::reason)
                .allSatisfy(reason -> assertThat(reason).isNotBlank().doesNotContain("secret", "NOT-UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u2028\u2029\u0085\u00a0\ufeff\ufffd\ufffe",
                "😀👩‍👩‍👧🇫🇷",
                "‮שלום‬ مرحبا",
                "\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\\/",
                "\\ud83d\\ude00",
                "\\ud800",
                "\\udfff x",
                "\\udc00\\ud800",
                "e\u0301",
                "</script>'; drop table offer; --",
                "${body} {{relais.source.client-id}} :#id ?",
                "\u007f\u0080"
            })
    void the_content_is_kept_byte_for_byte(String text) {
        String offer = "{ \"id\":\"A\",\t\"intitule\" : \"" + text + "\",\n \"x\":[{\"y\":\"" + text + "\"}] }";

        Changes changes = compare(page(offer));

        assertThat(changes.page().setAside()).isEmpty();
        assertThat(changes.offers()).extracting(Offer::content).containsExactly(offer);
        assertThat(compare(page(offer), mirrored(offer)).offers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "-9", "0.9"})
    void numbers_of_many_digits_are_kept(String beginning) {
        String offer = "{\"id\":\"A\",\"n\":" + beginning + "9".repeat(1_500) + "}";

        assertThat(compare(page(offer)).offers()).extracting(Offer::content).containsExactly(offer);
        assertThat(compare(page(offer.replace("9}", "8}")), mirrored(offer)).offers())
                .hasSize(1);
    }

    @Test
    void derived_text_is_truncated_by_code_points_but_the_content_is_not() {
        String offer = "{\"id\":\"A\",\"intitule\":\"" + "😀".repeat(501) + "\",\"romeCode\":\"" + "é".repeat(21)
                + "\",\"typeContrat\":\"" + "x".repeat(20) + "\",\"lieuTravail\":{\"commune\":\"" + "😀".repeat(30)
                + "\",\"codePostal\":\"" + "0".repeat(30) + "\"}}";

        assertThat(only(offer).intitule()).isEqualTo("😀".repeat(500));
        assertThat(only(offer).romeCode()).isEqualTo("é".repeat(20));
        assertThat(only(offer).typeContrat()).isEqualTo("x".repeat(20));
        assertThat(only(offer).commune()).isEqualTo("😀".repeat(20));
        assertThat(only(offer).codePostal()).isEqualTo("0".repeat(20));
        assertThat(only(offer).content()).isEqualTo(offer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\":1",
                "\"intitule\":null,\"romeCode\":[\"M1805\"],\"typeContrat\":{\"code\":\"CDI\"},\"lieuTravail\":{}",
                "\"lieuTravail\":\"75 - PARIS\"",
                "\"lieuTravail\":[{\"commune\":\"75056\"}]",
                "\"lieuTravail\":{\"commune\":{\"code\":\"75056\"},\"codePostal\":null}"
            })
    void a_derived_column_is_null_when_its_field_has_no_simple_value(String fields) {
        Offer offer = only("{\"id\":\"A\"," + fields + "}");

        assertThat(new Object[] {
                    offer.intitule(), offer.romeCode(), offer.typeContrat(), offer.commune(), offer.codePostal()
                })
                .containsOnlyNulls();
    }

    @Test
    void text_is_derived_from_numbers_and_booleans() {
        Offer offer = only("{\"id\":\"A\",\"intitule\":1.50,\"romeCode\":true,\"lieuTravail\":{\"codePostal\":75001}}");

        assertThat(offer.intitule()).isEqualTo("1.50");
        assertThat(offer.romeCode()).isEqualTo("true");
        assertThat(offer.codePostal()).isEqualTo("75001");
    }

    @ParameterizedTest
    @CsvSource({
        "2025-08-21T17:48:27.123Z, 2025-08-21T17:48:27.123",
        "2025-08-21T17:48:27Z, 2025-08-21T17:48:27",
        "2025-08-21T17:48:27+02:00, 2025-08-21T15:48:27",
        "1000-01-01T00:00:00Z, 1000-01-01T00:00:00",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59",
        "0999-12-31T23:59:59Z, ",
        "-0001-01-01T00:00:00Z, ",
        "+10000-01-01T00:00:00Z, ",
        "+1000000000-12-31T23:59:59.999999999Z, ",
        "+9999999999-12-31T23:59:59Z, ",
        "2025-02-30T00:00:00Z, ",
        "2025-08-21, ",
        "2025-08-21T17:48:27, ",
        "hier, ",
        "'', "
    })
    void dates_are_null_when_they_are_invalid_or_outside_the_range_of_the_column(String text, LocalDateTime date) {
        String dates = "\"dateCreation\":\"" + text + "\",\"dateActualisation\":\"" + text + "\"";
        Offer offer = only("{\"id\":\"A\"," + dates + "}");

        assertThat(offer.dateCreation()).isEqualTo(date);
        assertThat(offer.dateActualisation()).isEqualTo(date);
    }

    @Test
    void dates_are_null_when_they_are_not_text() {
        Offer offer = only("{\"id\":\"A\",\"dateCreation\":1755798507000,\"dateActualisation\":{}}");

        assertThat(offer.dateCreation()).isNull();
        assertThat(offer.dateActualisation()).isNull();
    }

    @Test
    void the_ids_seen_are_listed_in_order_as_json() throws Exception {
        Page page = page("{\"id\":\"b_1\"}", "{\"id\":\"B\"}", "{\"id\":\"-.1\"}");

        assertThat(new ObjectMapper().readValue(compare(page).seen(), String[].class))
                .containsExactly("-.1", "B", "b_1");
    }

    @Test
    void rows_have_all_parameters_of_the_upsert() throws Exception {
        try (InputStream sql = getClass().getResourceAsStream("/fr/relais/sql/upsert-offer.sql")) {
            List<String> parameters = Pattern.compile(":#(\\w+)")
                    .matcher(new String(sql.readAllBytes(), UTF_8))
                    .results()
                    .map(MatchResult::group)
                    .map(parameter -> parameter.substring(2))
                    .distinct()
                    .toList();

            assertThat(compare(page(A)).rows()).singleElement().satisfies(row -> assertThat(row.keySet())
                    .containsExactlyInAnyOrderElementsOf(parameters));
        }
    }

    @Test
    void an_empty_page_changes_nothing() {
        Changes changes = compare(new Answers(null, null, null).page(204, null, "1", null));

        assertThat(changes.offers()).isEmpty();
        assertThat(changes.seen()).isEqualTo("[]");
    }

    private static Page page(String... records) {
        String body = "{\"resultats\":[" + String.join(",", records) + "]}";
        return new Answers(null, null, null).page(200, null, "1", body.getBytes(UTF_8));
    }

    private Changes compare(Page page) {
        return compare(page, List.of());
    }

    private Changes compare(Page page, List<Map<String, Object>> known) {
        return comparison.changes(page, known, "1", SWEEP);
    }

    private Offer only(String offer) {
        return compare(page(offer)).offers().get(0);
    }

    /** Returns the rows of offers as the route reads them from the mirror. */
    private List<Map<String, Object>> mirrored(String... offers) {
        return compare(page(offers)).offers().stream()
                .map(offer -> Map.<String, Object>of(
                        "id", offer.id(),
                        "origine", offer.origine(),
                        "digest", offer.digest(),
                        "fingerprint", offer.fingerprint()))
                .toList();
    }
}
