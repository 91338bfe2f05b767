package fr.relais.views;

import fr.relais.database.UtcTime;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The counts of views, in the tables {@code view_count}, {@code view_day} and {@code view_key}.
 *
 * <p>A view belongs to the month of its own instant. When that month is not open, the view is counted as a late view of
 * the present month, or of the next month when the present one is closed as well.
 */
final class ViewCounts {

    /** How far a site's clock may be ahead. A view that is dated later is counted as if it happened now. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** The maximum number of rows in one statement. */
    private static final int MAX_ROWS = 1_000;

    /** Stands in {@code view_count} for all offers that are not in the mirror. */
    private static final String UNKNOWN = "";

    private final JdbcClient jdbc;
    private final Months months;
    private final ViewDays days;
    private final Clock clock;

    /** A row of {@code view_count}. */
    private record Row(YearMonth month, String offerId, String reporter) {

        /** The order in which every process locks rows, so that processes wait for each other and do not deadlock. */
        private static final Comparator<Row> ORDER =
                Comparator.comparing(Row::month).thenComparing(Row::offerId).thenComparing(Row::reporter);
    }

    /** The numbers that one commit adds to a row. */
    private static final class Addition {
        private long views;
        private long robots;
        private long lateViews;
        private long lateRobots;

        void add(boolean byRobot) {
            views++;
            robots += byRobot ? 1 : 0;
        }

        void addLate(boolean byRobot) {
            lateViews++;
            lateRobots += byRobot ? 1 : 0;
        }
    }

    ViewCounts(JdbcClient jdbc, Months months, Clock clock) {
        this.jdbc = jdbc;
        this.months = months;
        this.days = new ViewDays(jdbc);
        this.clock = clock;
    }

    /**
     * Adds views with two statements, because each page waits for them; {@link #add} needs several. Succeeds only when
     * this process showed all the offers and all the views belong to the same open month. Must be called in a
     * transaction.
     *
     * @return whether the views were added; when false, none was
     */
    boolean addShown(List<Views.Delivery> batch) {
        if (!batch.stream().flatMap(delivery -> delivery.views().stream()).allMatch(View::shown)) {
            return false;
        }
        Instant now = clock.instant();
        Map<Row, Addition> additions = new TreeMap<>(Row.ORDER);
        ViewDays.Additions byDay = new ViewDays.Additions();
        for (Views.Delivery delivery : batch) {
            for (int i = 0; i < delivery.views().size(); i++) {
                View view = delivery.views().get(i);
                additions
                        .computeIfAbsent(new Row(month(view, now), view.offerId(), ""), row -> new Addition())
                        .add(delivery.byRobot()[i]);
                byDay.add(months.day(instant(view, now)), "", delivery.byRobot()[i]);
            }
        }
        List<YearMonth> months =
                additions.keySet().stream().map(Row::month).distinct().toList();
        if (months.size() != 1 || !insertShown(months.get(0).atDay(1), additions)) {
            return false;
        }
        days.add(byDay);
        return true;
    }

    private boolean insertShown(LocalDate month, Map<Row, Addition> additions) {
        List<Object> parameters = new ArrayList<>(List.of(month));
        additions.forEach(
                (row, addition) -> Collections.addAll(parameters, row.offerId, addition.views, addition.robots, month));
        parameters.remove(parameters.size() - 1);
        try {
            // When the month is not open, the first row has no month, and the statement fails without inserting
            // anything. The lock waits for a freeze of the month in progress and makes a later freeze wait.
            jdbc.sql("insert into view_count (month, offer_id, views, robots) values"
                            + " ((select month from monthly_report where month = ? and state = 'open'"
                            + " lock in share mode), ?, ?, ?)" + ", (?, ?, ?, ?)".repeat(additions.size() - 1)
                            + " on duplicate key update views = views + values(views),"
                            + " robots = robots + values(robots)")
                    .params(parameters)
                    .update();
            return true;
        } catch (DataIntegrityViolationException e) {
            return false;
        }
    }

    /**
     * Adds any views. After a wipe, drops them. Must be called in a transaction.
     *
     * @return the result of each delivery, in order
     */
    List<Views.Counted> add(List<Views.Delivery> batch) {
        if (months.isWiped()) {
            return Collections.nCopies(batch.size(), new Views.Counted(0, 0, 0));
        }
        Instant now = clock.instant();
        List<View> views =
                batch.stream().flatMap(delivery -> delivery.views().stream()).toList();
        List<View> submitted = views.stream().filter(view -> !view.shown()).toList();
        Set<ByteBuffer> newKeys = insertKeys(
                batch.stream()
                        .flatMap(delivery -> delivery.views().stream()
                                .filter(view -> !view.shown())
                                .map(view -> key(view, delivery)))
                        .collect(Collectors.toSet()),
                now);
        Set<YearMonth> own = views.stream().map(view -> month(view, now)).collect(Collectors.toSet());
        Months.Open open = months.open(now, own);
        Set<String> known = knownOffers(submitted.stream().map(View::offerId).collect(Collectors.toSet()), own, open);
        Map<Row, Addition> additions = new TreeMap<>(Row.ORDER);
        ViewDays.Additions byDay = new ViewDays.Additions();
        List<Views.Counted> results = new ArrayList<>();
        for (Views.Delivery delivery : batch) {
            int counted = 0;
            int unknown = 0;
            for (int i = 0; i < delivery.views().size(); i++) {
                View view = delivery.views().get(i);
                if (view.shown() || newKeys.remove(key(view, delivery))) {
                    boolean isKnown = view.shown() || known.contains(view.offerId());
                    Row row = new Row(month(view, now), isKnown ? view.offerId() : UNKNOWN, delivery.reporter());
                    add(additions, open, row, delivery.byRobot()[i]);
                    byDay.add(day(view, now, open), delivery.reporter(), delivery.byRobot()[i]);
                    counted++;
                    unknown += isKnown ? 0 : 1;
                }
            }
            results.add(new Views.Counted(counted, delivery.views().size() - counted, unknown));
        }
        write(additions);
        days.add(byDay);
        return results;
    }

    private static ByteBuffer key(View view, Views.Delivery delivery) {
        return ByteBuffer.wrap(view.hash(delivery.reporter()));
    }

    private YearMonth month(View view, Instant now) {
        return months.of(instant(view, now));
    }

    private static Instant instant(View view, Instant now) {
        return view.at().isAfter(now.plus(TOLERANCE)) ? now : view.at();
    }

    /** Returns the day of a view. The day of a late view is in the month in which the view counts. */
    private LocalDate day(View view, Instant now, Months.Open open) {
        LocalDate own = months.day(instant(view, now));
        if (open.months().contains(YearMonth.from(own))) {
            return own;
        }
        LocalDate first = open.first().atDay(1);
        LocalDate today = months.day(now);
        return today.isAfter(first) ? today : first;
    }

    /**
     * Inserts the hashes that are not stored yet, and returns them. They are inserted in sorted order, so that
     * processes wait for each other and do not deadlock.
     */
    private Set<ByteBuffer> insertKeys(Set<ByteBuffer> hashes, Instant now) {
        Set<ByteBuffer> inserted = new HashSet<>();
        for (List<ByteBuffer> chunk : chunks(hashes.stream().sorted().toList())) {
            List<Object> parameters = new ArrayList<>();
            chunk.forEach(hash -> Collections.addAll(parameters, hash.array(), UtcTime.of(now)));
            jdbc.sql("insert ignore into view_key (hash, counted_at) values " + rows(chunk.size(), "(?, ?)")
                            + " returning hash")
                    .params(parameters)
                    .query((row, number) -> ByteBuffer.wrap(row.getBytes(1)))
                    .list()
                    .forEach(inserted::add);
        }
        return inserted;
    }

    private Set<String> knownOffers(Set<String> ids, Set<YearMonth> own, Months.Open open) {
        Set<String> known = new HashSet<>();
        List<LocalDate> counted = Stream.of(own, open.months(), Set.of(open.first()))
                .flatMap(Set::stream)
                .map(month -> month.atDay(1))
                .distinct()
                .toList();
        for (List<String> chunk : chunks(ids.stream().sorted().toList())) {
            // An offer that has been removed from the mirror is still known by its row for one of these months.
            jdbc.sql("select id from offer where id in (:ids) union"
                            + " select offer_id from view_count where month in (:months) and offer_id in (:ids)")
                    .param("months", counted)
                    .param("ids", chunk)
                    .query(String.class)
                    .list()
                    .forEach(known::add);
        }
        return known;
    }

    private static void add(Map<Row, Addition> additions, Months.Open open, Row row, boolean byRobot) {
        if (open.months().contains(row.month)) {
            additions.computeIfAbsent(row, key -> new Addition()).add(byRobot);
        } else {
            additions
                    .computeIfAbsent(new Row(open.first(), row.offerId, row.reporter), key -> new Addition())
                    .addLate(byRobot);
        }
    }

    private void write(Map<Row, Addition> additions) {
        for (List<Map.Entry<Row, Addition>> chunk : chunks(List.copyOf(additions.entrySet()))) {
            List<Object> parameters = new ArrayList<>();
            chunk.forEach(entry -> Collections.addAll(
                    parameters,
                    entry.getKey().month.atDay(1),
                    entry.getKey().offerId,
                    entry.getKey().reporter,
                    entry.getValue().views,
                    entry.getValue().robots,
                    entry.getValue().lateViews,
                    entry.getValue().lateRobots));
            jdbc.sql("insert into view_count (month, offer_id, reporter, views, robots, late_views, late_robots)"
                            + " values " + rows(chunk.size(), "(?, ?, ?, ?, ?, ?, ?)")
                            + """
                             on duplicate key update views = views + values(views), robots = robots + values(robots),
                             late_views = late_views + values(late_views),
                             late_robots = late_robots + values(late_robots)""")
                    .params(parameters)
                    .update();
        }
    }

    private static String rows(int count, String row) {
        return String.join(", ", Collections.nCopies(count, row));
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_ROWS) {
            chunks.add(all.subList(from, Math.min(from + MAX_ROWS, all.size())));
        }
        return chunks;
    }
}
