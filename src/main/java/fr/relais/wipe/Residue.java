package fr.relais.wipe;

import fr.relais.database.UtcTime;
import fr.relais.seal.Seal;
import fr.relais.wipe.WipedTables.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The search for data that should be gone (licence, article 7), in the tables and in the files of Relais. It cannot
 * know the content of removed offers, so it looks for data past its retention and for rows without an offer.
 */
public final class Residue {

    /** How much longer than its retention something may stay, until the next cleaning. */
    private static final Duration TOLERANCE = Duration.ofDays(1);

    /** An id as the source writes it. A published file must not have the id of any offer. */
    private static final Pattern ID = Pattern.compile("\\b(?=[0-9A-Z]*[0-9])[0-9A-Z]{7}\\b");

    private final JdbcClient jdbc;
    private final WipedTables tables;
    private final WipedFiles files;
    private final Retention retention;
    private final Clock clock;

    /**
     * How long things are kept.
     *
     * @param counts the counts of each offer after the report was accepted
     * @param events an event that waits
     * @param keys the idempotency key of a view
     * @param rejected a file of rejected lines
     */
    public record Retention(Duration counts, Duration events, Duration keys, Duration rejected) {}

    public Residue(JdbcClient jdbc, WipedFiles files, Retention retention, Clock clock) {
        this.jdbc = jdbc;
        this.tables = new WipedTables(jdbc);
        this.files = files;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * Returns what was found, one text for each place; empty when nothing was. The texts quote nothing of an offer.
     *
     * @throws IOException when a folder or a file cannot be read
     */
    public List<String> find() throws IOException {
        List<String> found = new ArrayList<>();
        counts().forEach((place, count) -> {
            if (count > 0) {
                found.add(place + ": " + count);
            }
        });
        for (Path file : files.find()) {
            findIn(file).ifPresent(found::add);
        }
        return found;
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (WipedTables.Key key : tables.keysToOffer()) {
            counts.put(
                    "rows of " + key.table() + " without an offer",
                    count("select count(*) from " + key.table().sql() + " d where d." + key.column()
                            + " is not null and not exists (select 1 from offer where id = d." + key.column() + ")"));
        }
        counts.put("rows of sighting without a running sweep", count("""
                select count(*) from sighting where sweep_id not in
                (select id from sweep where state in ('reading', 'removing'))"""));
        counts.put("candidates without a running or held sweep", count("""
                select count(*) from removal where sweep_id not in
                (select id from sweep where state in ('reading', 'removing', 'held'))"""));
        counts.put("slices with ids after their sweep", count("""
                select count(*) from slice where tail is not null and sweep_id not in
                (select id from sweep where state in ('reading', 'removing'))"""));
        counts.put(
                "views of offers after the retention of their report",
                jdbc.sql("""
                        select count(*) from view_count join monthly_report using (month)
                        where reduced_at is not null or state in ('accepted', 'confirmed') and accepted_at < :before""")
                        .param("before", before(retention.counts))
                        .query(Long.class)
                        .single());
        counts.put("events after their retention", count("outbox", "at", retention.events));
        counts.put("idempotency keys after their retention", count("view_key", "counted_at", retention.keys));
        counts.put("openings of earlier days", count("opening", "day", TOLERANCE));
        counts.put("familiar offers of earlier days", count("familiar_offer", "day", TOLERANCE));
        counts.put("columns whose values the server has copied to mysql.column_stats", columnStatistics());
        if (Seal.status(jdbc).filter(seal -> seal.state() == Seal.State.WIPED).isPresent()) {
            for (Table table : tables.emptied()) {
                // The service creates a key for the operator of a wiped mirror.
                if (!table.name().equals("api_key")) {
                    counts.put("rows of " + table + " after the wipe", count("select count(*) from " + table.sql()));
                }
            }
        }
        return counts;
    }

    private long count(String table, String column, Duration kept) {
        return jdbc.sql("select count(*) from " + table + " where " + column + " < :before")
                .param("before", before(kept))
                .query(Long.class)
                .single();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private LocalDateTime before(Duration kept) {
        return UtcTime.of(clock.instant().minus(kept).minus(TOLERANCE));
    }

    private long columnStatistics() {
        try {
            return count("select count(*) from mysql.column_stats where db_name = database()");
        } catch (DataAccessException e) {
            // The account need not have access to the server's own tables.
            return 0;
        }
    }

    private Optional<String> findIn(Path file) throws IOException {
        Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
        String name = file.getFileName().toString();
        Duration kept = name.endsWith(".rejected") ? retention.rejected.plus(TOLERANCE) : TOLERANCE;
        if (WipedFiles.isTemporary(file) && age.compareTo(kept) > 0) {
            return Optional.of(file + ": is left from an interrupted run, or not yet processed");
        }
        return WipedFiles.isPublished(file) && hasId(Files.readString(file))
                ? Optional.of(file + ": has the id of an offer")
                : Optional.empty();
    }

    private boolean hasId(String text) {
        Set<String> words =
                new TreeSet<>(ID.matcher(text).results().map(MatchResult::group).toList());
        return !words.isEmpty()
                && jdbc.sql("select exists (select 1 from offer where id in (:words))")
                        .param("words", words)
                        .query(Boolean.class)
                        .single();
    }
}
