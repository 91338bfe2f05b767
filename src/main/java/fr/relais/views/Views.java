package fr.relais.views;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
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
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The table {@code view_count}. Callers that count at the same time {@link SharedCall share} one commit.
 *
 * <p>A view belongs to the month of its own instant; one that comes after that month was closed for its report counts among the late ones
 * of the first month still open.
 */
public final class Views {

    /** The clock of a site may be fast by so much; a view that is dated later is taken for one of now. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** How many views one commit takes. */
    private static final int BATCH = 1_000;

    private static final int ATTEMPTS = 5;

    /** In the place of the id of an offer that is not in the mirror. */
    private static final String UNKNOWN = "";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final TransactionOperations outside;
    private final Robots robots;
    private final Duration keyWindow;
    private final Months months;
    private final Clock clock;
    private final SharedCall<Given, Counted> commits =
            new SharedCall<>(BATCH, given -> given.views.size(), this::commit);

    /**
     * What came of the views of one caller.
     *
     * @param counted for the first time
     * @param repeated counted before
     * @param unknown of those counted: of offers that are not in the mirror
     */
    public record Counted(int counted, int repeated, int unknown) {

        Counted plus(Counted other) {
            return new Counted(counted + other.counted, repeated + other.repeated, unknown + other.unknown);
        }
    }

    /** What one caller brings, and for each whether it is by a robot. */
    private record Given(List<View> views, boolean[] robot) {}

    /** A line of the table, as far as one commit adds to it. */
    private static final class Addition {
        private long views;
        private long robots;
        private long lateViews;
        private long lateRobots;

        void add(boolean robot) {
            views++;
            robots += robot ? 1 : 0;
        }
    }

    private record Line(YearMonth month, String offerId) {

        /** Sorted, so that processes side by side wait for each other and do not deadlock. */
        private static final Comparator<Line> ORDER =
                Comparator.comparing(Line::month).thenComparing(Line::offerId);
    }

    /**
     * @param transaction at level READ COMMITTED, and never that of the caller: it commits the views of others too
     * @param outside of any transaction, so that each statement commits itself
     * @param keyWindow how long a key is kept, so that an event that is delivered again counts once
     */
    public Views(
            JdbcClient jdbc,
            TransactionOperations transaction,
            TransactionOperations outside,
            Robots robots,
            Duration keyWindow,
            Months months,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.outside = outside;
        this.robots = robots;
        this.keyWindow = keyWindow;
        this.months = months;
        this.clock = clock;
    }

    /**
     * Counts views and returns when that is committed.
     *
     * @throws DataAccessException when it is not known to be; the same views may be given again
     */
    public Counted count(List<View> views) {
        // Outside the lock: to compare an agent with the list takes longer than to count.
        boolean[] robot = new boolean[views.size()];
        for (int i = 0; i < robot.length; i++) {
            robot[i] = robots.isRobot(views.get(i).agent());
        }
        return commits.of(new Given(views, robot));
    }

    /** Forgets the keys that are older than the window. */
    public void forgetKeys() {
        LocalDateTime before = utc(clock.instant().minus(keyWindow));
        int forgotten;
        do {
            forgotten = jdbc.sql("delete from view_key where counted_at < :before limit 10000")
                    .param("before", before)
                    .update();
        } while (forgotten > 0);
    }

    private List<Counted> commit(List<Given> batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                return outside.execute(status -> addShown(batch))
                        ? batch.stream()
                                .map(given -> new Counted(given.views.size(), 0, 0))
                                .toList()
                        : transaction.execute(status -> batch(batch));
            } catch (PessimisticLockingFailureException e) {
                // Another process counts the same offers. Nothing of this one was committed.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * When this process showed them all in a month that is open: one statement, where others take ten, which each page would wait for.
     *
     * @return false when that is not so; then nothing was counted
     */
    private boolean addShown(List<Given> batch) {
        Instant now = clock.instant();
        Map<Line, Addition> additions = new TreeMap<>(Line.ORDER);
        for (Given given : batch) {
            for (int i = 0; i < given.views.size(); i++) {
                View view = given.views.get(i);
                if (!view.shown()) {
                    return false;
                }
                additions
                        .computeIfAbsent(new Line(month(view, now), view.offerId()), line -> new Addition())
                        .add(given.robot[i]);
            }
        }
        List<YearMonth> months =
                additions.keySet().stream().map(Line::month).distinct().toList();
        if (months.size() != 1) {
            return false;
        }
        LocalDate month = months.get(0).atDay(1);
        List<Object> parameters = new ArrayList<>(List.of(month));
        additions.forEach((line, addition) ->
                Collections.addAll(parameters, line.offerId, addition.views, addition.robots, month));
        parameters.remove(parameters.size() - 1);
        try {
            // When the month is not open the first row has none, and no row is inserted. The lock waits for a report
            // that is being made, and makes one that begins wait.
            jdbc.sql(
                            "insert into view_count (month, offer_id, views, robots) values"
                                    + " ((select month from monthly_report where month = ? and state = 'open' lock in share mode), ?, ?, ?)"
                                    + ", (?, ?, ?, ?)".repeat(additions.size() - 1)
                                    + " on duplicate key update views = views + values(views), robots = robots + values(robots)")
                    .params(parameters)
                    .update();
            return true;
        } catch (DataIntegrityViolationException e) {
            return false;
        }
    }

    private List<Counted> batch(List<Given> batch) {
        Instant now = clock.instant();
        List<View> views = batch.stream().flatMap(given -> given.views.stream()).toList();
        List<View> reported = views.stream().filter(view -> !view.shown()).toList();
        Set<ByteBuffer> fresh = insertKeys(
                reported.stream().map(view -> ByteBuffer.wrap(view.hash())).collect(Collectors.toSet()), now);
        Set<YearMonth> own = views.stream().map(view -> month(view, now)).collect(Collectors.toSet());
        Months.Open months = this.months.open(now, own);
        Set<String> known = known(reported.stream().map(View::offerId).collect(Collectors.toSet()), own, months);
        Map<Line, Addition> additions = new TreeMap<>(Line.ORDER);
        List<Counted> results = new ArrayList<>();
        for (Given given : batch) {
            int counted = 0;
            int unknown = 0;
            for (int i = 0; i < given.views.size(); i++) {
                View view = given.views.get(i);
                if (view.shown() || fresh.remove(ByteBuffer.wrap(view.hash()))) {
                    boolean isKnown = view.shown() || known.contains(view.offerId());
                    add(additions, months, month(view, now), isKnown ? view.offerId() : UNKNOWN, given.robot[i]);
                    counted++;
                    unknown += isKnown ? 0 : 1;
                }
            }
            results.add(new Counted(counted, given.views.size() - counted, unknown));
        }
        write(additions);
        return results;
    }

    private YearMonth month(View view, Instant now) {
        return months.of(view.at().isAfter(now.plus(AHEAD)) ? now : view.at());
    }

    /** The keys that were not there. Sorted, so that processes side by side wait for each other and do not deadlock. */
    private Set<ByteBuffer> insertKeys(Set<ByteBuffer> hashes, Instant now) {
        Set<ByteBuffer> fresh = new HashSet<>();
        for (List<ByteBuffer> chunk : chunks(hashes.stream().sorted().toList())) {
            List<Object> parameters = new ArrayList<>();
            chunk.forEach(hash -> Collections.addAll(parameters, hash.array(), utc(now)));
            jdbc.sql("insert ignore into view_key (hash, counted_at) values " + rows(chunk.size(), "(?, ?)")
                            + " returning hash")
                    .params(parameters)
                    .query((row, number) -> ByteBuffer.wrap(row.getBytes(1)))
                    .list()
                    .forEach(fresh::add);
        }
        return fresh;
    }

    private Set<String> known(Set<String> ids, Set<YearMonth> own, Months.Open months) {
        Set<String> known = new HashSet<>();
        List<LocalDate> counted = Stream.of(own, months.months(), Set.of(months.first()))
                .flatMap(Set::stream)
                .map(month -> month.atDay(1))
                .distinct()
                .toList();
        for (List<String> chunk : chunks(ids.stream().sorted().toList())) {
            // An offer that was removed while its month goes on is known by what was counted of it.
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

    private static void add(
            Map<Line, Addition> additions, Months.Open months, YearMonth month, String offerId, boolean robot) {
        boolean late = !months.months().contains(month);
        Addition addition =
                additions.computeIfAbsent(new Line(late ? months.first() : month, offerId), line -> new Addition());
        if (late) {
            addition.lateViews++;
            addition.lateRobots += robot ? 1 : 0;
        } else {
            addition.add(robot);
        }
    }

    private void write(Map<Line, Addition> additions) {
        for (List<Map.Entry<Line, Addition>> chunk : chunks(List.copyOf(additions.entrySet()))) {
            List<Object> parameters = new ArrayList<>();
            chunk.forEach(entry -> Collections.addAll(
                    parameters,
                    entry.getKey().month.atDay(1),
                    entry.getKey().offerId,
                    entry.getValue().views,
                    entry.getValue().robots,
                    entry.getValue().lateViews,
                    entry.getValue().lateRobots));
            jdbc.sql("insert into view_count (month, offer_id, views, robots, late_views, late_robots) values "
                            + rows(chunk.size(), "(?, ?, ?, ?, ?, ?)")
                            + """
                             on duplicate key update views = views + values(views), robots = robots + values(robots),
                             late_views = late_views + values(late_views), late_robots = late_robots + values(late_robots)""")
                    .params(parameters)
                    .update();
        }
    }

    private static String rows(int count, String row) {
        return String.join(", ", Collections.nCopies(count, row));
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            chunks.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return chunks;
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
