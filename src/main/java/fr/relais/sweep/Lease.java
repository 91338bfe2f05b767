package fr.relais.sweep;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The lease for sweeping. All processes on one database share one lease: a row of the table {@code lease} that its
 * holder renews. The lease uses the database's clock, so that the clocks of the machines may differ.
 *
 * <p>A process that was paused may not know that it has lost the lease. So each acquisition has a fencing token (the
 * fence), and every transaction of a sweep begins with {@link #require}: nobody can take the lease before that
 * transaction ends.
 */
public final class Lease implements AutoCloseable {

    private static final Duration LIFETIME = Duration.ofSeconds(30);

    private final String holder = ManagementFactory.getRuntimeMXBean().getName() + " " + UUID.randomUUID();
    private final JdbcClient jdbc;
    private final Duration lifetime;
    private final LongSupplier nanoTime;
    private final Waiter waiter;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relais-lease");
        thread.setDaemon(true);
        return thread;
    });
    private ScheduledFuture<?> renewing;

    /** The write of a sweep came too late: another process has taken the lease. */
    public static final class Lost extends RelaisException {
        private Lost() {
            super("another process has taken over", "Its result is on the console of the other.");
        }
    }

    /** Waits between two attempts to take the lease. */
    @FunctionalInterface
    interface Waiter {
        void await(Duration pause) throws InterruptedException;
    }

    public Lease(JdbcClient jdbc) {
        this(jdbc, LIFETIME, System::nanoTime, pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()));
    }

    /**
     * @param lifetime how long a holder that died keeps it
     * @param nanoTime the time by which a process that waits gives up, in nanoseconds since any moment
     */
    Lease(JdbcClient jdbc, Duration lifetime, LongSupplier nanoTime, Waiter waiter) {
        this.jdbc = jdbc;
        this.lifetime = lifetime;
        this.nanoTime = nanoTime;
        this.waiter = waiter;
    }

    /**
     * Takes the lease. When another process holds it, waits long enough to know whether that process still lives.
     *
     * @return the fence, or null when this process has the lease already, or another one lives and holds it
     */
    public synchronized Long take() throws InterruptedException {
        if (renewing != null) {
            return null;
        }
        Duration pause = lifetime.dividedBy(30);
        long longest = lifetime.multipliedBy(5).dividedBy(4).toNanos();
        long start = nanoTime.getAsLong();
        while (!isTaken()) {
            if (nanoTime.getAsLong() - start > longest) {
                return null;
            }
            waiter.await(pause);
        }
        long fence = jdbc.sql("select fence from lease where name = 'sweep'")
                .query(Long.class)
                .single();
        long third = lifetime.toMillis() / 3;
        renewing = renewal.scheduleAtFixedRate(() -> renew(fence), third, third, TimeUnit.MILLISECONDS);
        return fence;
    }

    /**
     * Makes sure, until the end of the present transaction, that the lease has not been taken again.
     *
     * @throws Lost when it has
     */
    public void require(long fence) {
        jdbc.sql("select fence from lease where name = 'sweep' and fence = :fence lock in share mode")
                .param("fence", fence)
                .query(Long.class)
                .optional()
                .orElseThrow(Lost::new);
    }

    /** The highest fence so far. */
    public long fence() {
        return jdbc.sql("select fence from lease where name = 'sweep'")
                .query(Long.class)
                .single();
    }

    /** Gives the lease back. When the database cannot be told, it finds out by itself. */
    public synchronized void release() {
        if (renewing != null) {
            renewing.cancel(false);
            renewing = null;
            try {
                jdbc.sql("update lease set expires_at = utc_timestamp(3) where name = 'sweep' and holder = :holder")
                        .param("holder", holder)
                        .update();
            } catch (DataAccessException e) {
                // It expires.
            }
        }
    }

    @Override
    public void close() {
        renewal.shutdownNow();
    }

    private boolean isTaken() {
        try {
            return jdbc.sql("""
                    update lease set holder = :holder, fence = fence + 1,
                      expires_at = timestampadd(microsecond, :lifetime, utc_timestamp(3))
                    where name = 'sweep' and expires_at < utc_timestamp(3)""")
                            .param("holder", holder)
                            .param("lifetime", 1_000 * lifetime.toMillis())
                            .update()
                    == 1;
        } catch (DataAccessException e) {
            if (Failures.isTransient(e)) {
                // A transaction of the former holder is still under way.
                return false;
            }
            throw e;
        }
    }

    /** Does nothing when the lease has been taken again. */
    void renew(long fence) {
        try {
            jdbc.sql("""
                    update lease set expires_at = timestampadd(microsecond, :lifetime, utc_timestamp(3))
                    where name = 'sweep' and fence = :fence""")
                    .param("lifetime", 1_000 * lifetime.toMillis())
                    .param("fence", fence)
                    .update();
        } catch (DataAccessException e) {
            // The database may be back before the lease is over; an exception would end all further renewals.
        }
    }
}
