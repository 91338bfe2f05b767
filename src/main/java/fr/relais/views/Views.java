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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The table {@code view_count}. Callers that count at the same time share one commit: whoever comes first commits for all that wait by then.
 *
 * <p>A view belongs to the month of its own instant; one that comes after that month was closed for its report counts among the late ones
 * of the first month still open.
 */
public final class Views {

    /** The clock of a site may be fast by so much; a view that is dated later is taken for one of now. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** How many views one commit takes, but for a caller who brings more. */
    private static final int BATCH = 1_000;

    private static final int ATTEMPTS = 5;

    /** In the place of the id of an offer that is not in the mirror. */
    private static final String UNKNOWN = "";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Robots robots;
    private final Duration keyWindow;
    private final Months months;
    private final Clock clock;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock committing = new ReentrantLock();

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

    /** A caller's views until they are committed. */
    private static final class Waiting {

        private final Thread thread = Thread.currentThread();
        private final List<View> views;
        private final boolean[] robot;
        private volatile Counted counted;
        private volatile RuntimeException failure;

        Waiting(List<View> views, boolean[] robot) {
            this.views = views;
            this.robot = robot;
        }

        boolean isDone() {
            return counted != null || failure != null;
        }

        void succeed(Counted result) {
            counted = result;
            LockSupport.unpark(thread);
        }

        void fail(RuntimeException cause) {
            failure = cause;
            LockSupport.unpark(thread);
        }
    }

    /** A line of the table, as far as one commit adds to it. */
    private static final class Addition {
        private long views;
        private long robots;
        private long lateViews;
        private long lateRobots;
    }

    private record Line(YearMonth month, String offerId) {}

    /**
     * @param transaction at level READ COMMITTED, and never that of the caller: it commits the views of others too
     * @param keyWindow how long a key is kept, so that an event that is delivered again counts once
     */
    public Views(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Robots robots,
            Duration keyWindow,
            Months months,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
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
        Waiting own = new Waiting(views, robot);
        queue.add(own);
        boolean interrupted = false;
        while (!own.isDone()) {
            if (committing.tryLock()) {
                try {
                    if (!own.isDone()) {
                        commitNext();
                    }
                } finally {
                    committing.unlock();
                    // Whoever came meanwhile found the lock taken, and waits for this.
                    Waiting next = queue.peek();
                    if (next != null) {
                        LockSupport.unpark(next.thread);
                    }
                }
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (own.failure != null) {
            throw own.failure;
        }
        return own.counted;
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

    private void commitNext() {
        List<Waiting> batch = new ArrayList<>();
        int size = 0;
        Waiting next = queue.peek();
        while (next != null && (batch.isEmpty() || size + next.views.size() <= BATCH)) {
            batch.add(queue.poll());
            size += next.views.size();
            next = queue.peek();
        }
        try {
            List<Counted> counted = commit(batch);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).succeed(counted.get(i));
            }
        } catch (RuntimeException e) {
            batch.forEach(waiting -> waiting.fail(e));
        } catch (Error e) {
            batch.forEach(waiting -> waiting.fail(new IllegalStateException("views were not counted", e)));
            throw e;
        }
    }

    private List<Counted> commit(List<Waiting> batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> batch(batch));
            } catch (TransientDataAccessException e) {
                // Another process counts the same offers. Nothing of this one was committed.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<Counted> batch(List<Waiting> batch) {
        Instant now = clock.instant();
        Map<ByteBuffer, View> firsts = new LinkedHashMap<>();
        batch.forEach(waiting -> waiting.views.forEach(view -> firsts.putIfAbsent(ByteBuffer.wrap(view.hash()), view)));
        Set<ByteBuffer> fresh = insertKeys(firsts.keySet(), now);
        Set<YearMonth> own =
                firsts.values().stream().map(view -> month(view, now)).collect(Collectors.toSet());
        Months.Open months = this.months.open(now, own);
        Set<String> known = known(firsts.values().stream().map(View::offerId).collect(Collectors.toSet()), own, months);
        Map<Line, Addition> additions =
                new TreeMap<>(Comparator.comparing(Line::month).thenComparing(Line::offerId));
        List<Counted> results = new ArrayList<>();
        for (Waiting waiting : batch) {
            int counted = 0;
            int unknown = 0;
            for (int i = 0; i < waiting.views.size(); i++) {
                View view = waiting.views.get(i);
                if (fresh.remove(ByteBuffer.wrap(view.hash()))) {
                    boolean isKnown = known.contains(view.offerId());
                    add(additions, months, month(view, now), isKnown ? view.offerId() : UNKNOWN, waiting.robot[i]);
                    counted++;
                    unknown += isKnown ? 0 : 1;
                }
            }
            results.add(new Counted(counted, waiting.views.size() - counted, unknown));
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
            addition.views++;
            addition.robots += robot ? 1 : 0;
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
