package fr.relais.source;

import fr.relais.database.UtcTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A change in the fields of the source's records. It is reported for 30 days.
 *
 * @param before the type that the field had before; null unless it is retyped
 * @param type the type that was seen last
 * @param since when the field was first seen (new), was last seen (missing), or first had this type (retyped)
 */
public record SourceDrift(Kind kind, String path, SourceField.Type before, SourceField.Type type, Instant since) {

    /** How long fields are learned before changes are reported, and how long a missing field has not been seen. */
    private static final Duration WEEK = Duration.ofDays(7);

    private static final Duration REPORTED = Duration.ofDays(30);

    /** The kinds of changes. */
    public enum Kind {
        NEW,
        MISSING,
        RETYPED
    }

    /** A row of the table {@code source_field}. */
    record Seen(SourceField field, Instant first, Instant last) {}

    /**
     * What is known about the fields.
     *
     * @param paths the number of known fields
     * @param learnedAt when changes are reported from; null when no sweep has looked at any record
     * @param drifts the changes, newest first
     */
    public record Overview(int paths, Instant learnedAt, List<SourceDrift> drifts) {

        /** Returns when the latest new field or new type was first seen; null when there is none. */
        public Instant changedAt() {
            // A rare field can be missing by chance.
            return drifts.stream()
                    .filter(drift -> drift.kind != Kind.MISSING)
                    .map(SourceDrift::since)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Reads the present overview. */
    public static Overview read(JdbcClient jdbc) {
        return of(jdbc.sql("select path, type, first_seen_at, last_seen_at from source_field")
                .query((row, number) -> new Seen(
                        new SourceField(row.getString("path"), SourceField.Type.of(row.getString("type"))),
                        UtcTime.instant(row, "first_seen_at"),
                        UtcTime.instant(row, "last_seen_at")))
                .list());
    }

    /** The time of the last sweep counts as the present, so that no field is missing only for lack of a sweep. */
    static Overview of(List<Seen> fields) {
        if (fields.isEmpty()) {
            return new Overview(0, null, List.of());
        }
        Instant learned = fields.stream()
                .map(Seen::first)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .plus(WEEK);
        Instant now =
                fields.stream().map(Seen::last).max(Comparator.naturalOrder()).orElseThrow();
        Instant reported = now.minus(REPORTED);
        Instant earliest = learned.isAfter(reported) ? learned : reported;
        Collection<List<Seen>> paths = fields.stream()
                .collect(Collectors.groupingBy(seen -> seen.field().path(), TreeMap::new, Collectors.toList()))
                .values();
        List<SourceDrift> drifts = new ArrayList<>();
        for (List<Seen> types : paths) {
            drift(types, now, earliest, drifts);
        }
        drifts.sort(Comparator.comparing(SourceDrift::since).reversed());
        return new Overview(paths.size(), learned, List.copyOf(drifts));
    }

    private static void drift(List<Seen> types, Instant now, Instant earliest, List<SourceDrift> drifts) {
        String path = types.get(0).field().path();
        List<Seen> byAge =
                types.stream().sorted(Comparator.comparing(Seen::first)).toList();
        Seen last = types.stream().max(Comparator.comparing(Seen::last)).orElseThrow();
        List<Seen> typed = byAge.stream()
                .filter(seen -> seen.field().type() != SourceField.Type.NULL)
                .toList();
        Seen newest = typed.isEmpty() ? null : typed.get(typed.size() - 1);
        if (last.last().isBefore(now.minus(WEEK))) {
            if (last.last().isAfter(now.minus(WEEK).minus(REPORTED))) {
                drifts.add(
                        new SourceDrift(Kind.MISSING, path, null, last.field().type(), last.last()));
            }
        } else if (byAge.get(0).first().isAfter(earliest)) {
            drifts.add(new SourceDrift(
                    Kind.NEW, path, null, last.field().type(), byAge.get(0).first()));
        } else if (newest != null
                && newest.first().isAfter(earliest)
                && newest.first().isAfter(typed.get(0).first())) {
            Seen before = typed.get(typed.size() - 2);
            drifts.add(new SourceDrift(
                    Kind.RETYPED, path, before.field().type(), newest.field().type(), newest.first()));
        }
    }
}
