package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.source.SourceDrift.Kind;
import fr.relais.source.SourceDrift.Seen;
import fr.relais.source.SourceField.Type;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceDriftTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A field that every sweep of the first 100 days has seen. */
    private static final Seen ALWAYS = seen("id", Type.STRING, 0, 100);

    @Test
    void nothing_is_known_before_the_first_sweep() {
        assertThat(SourceDrift.of(List.of())).isEqualTo(new SourceDrift.Overview(0, null, List.of()));
    }

    @Test
    void unchanged_fields_are_not_reported() {
        assertThat(drifts(
                        seen("a", Type.OBJECT, 0, 100), seen("a.b", Type.NULL, 0, 100), seen("c", Type.NUMBER, 6, 99)))
                .isEmpty();
    }

    @Test
    void the_first_week_only_learns_the_fields() {
        SourceDrift.Overview overview =
                SourceDrift.of(List.of(seen("a", Type.STRING, 0, 6), seen("b", Type.STRING, 6, 6)));

        assertThat(overview).isEqualTo(new SourceDrift.Overview(2, day(7), List.of()));
    }

    @Test
    void a_field_is_new_for_thirty_days() {
        assertThat(drifts(seen("a", Type.STRING, 71, 100)))
                .containsExactly(new SourceDrift(Kind.NEW, "a", null, Type.STRING, day(71)));
        assertThat(drifts(seen("a", Type.STRING, 69, 100))).isEmpty();
    }

    @Test
    void a_field_is_missing_when_no_sweep_has_seen_it_for_a_week() {
        assertThat(drifts(seen("a", Type.STRING, 0, 92)))
                .containsExactly(new SourceDrift(Kind.MISSING, "a", null, Type.STRING, day(92)));
        assertThat(drifts(seen("a", Type.STRING, 0, 94))).isEmpty();
        assertThat(drifts(seen("a", Type.STRING, 0, 62))).isEmpty();
    }

    @Test
    void a_field_with_a_newer_type_is_retyped_but_null_is_no_type() {
        assertThat(drifts(seen("a", Type.STRING, 0, 80), seen("a", Type.ARRAY, 81, 100)))
                .containsExactly(new SourceDrift(Kind.RETYPED, "a", Type.STRING, Type.ARRAY, day(81)));
        assertThat(drifts(seen("a", Type.STRING, 0, 100), seen("a", Type.NULL, 90, 100)))
                .isEmpty();
        assertThat(drifts(seen("a", Type.NULL, 0, 100), seen("a", Type.STRING, 90, 100)))
                .isEmpty();
        assertThat(drifts(seen("a", Type.STRING, 3, 100), seen("a", Type.NUMBER, 5, 100)))
                .isEmpty();
    }

    @Test
    void the_newest_change_comes_first() {
        assertThat(drifts(
                        seen("a", Type.STRING, 80, 100),
                        seen("b", Type.STRING, 90, 100),
                        seen("c", Type.STRING, 0, 85)))
                .extracting(SourceDrift::path)
                .containsExactly("b", "c", "a");
    }

    private static List<SourceDrift> drifts(Seen... fields) {
        return SourceDrift.of(
                        Stream.concat(Stream.of(ALWAYS), Stream.of(fields)).toList())
                .drifts();
    }

    private static Seen seen(String path, Type type, int first, int last) {
        return new Seen(new SourceField(path, type), day(first), day(last));
    }

    private static Instant day(int number) {
        return START.plus(number, ChronoUnit.DAYS);
    }
}
