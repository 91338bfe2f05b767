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
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/**
 * The lease for sweeping. All processes on one database share one lease: a row of the table {@code lease} that its
 * holder renews. The lease uses the database's clock, so that the clocks of the machines may differ.
 *
 * <p>A process that was paused may not know that it has lost the lease. So each acquisition has a fencing token (the
 * fence). A single statement of a sweep compares that token. A transaction of a sweep begins with {@link #require},
 * which prevents other processes from taking the lease until the transaction ends.
 *
 * <p>The fence grows when the lease is taken and when it is released, so that a backup from the middle of a sweep has a
 * smaller fence than the database after that sweep. {@link RestoreCheck} relies on this, and increases the fence
 * between two sweeps, too.
 */
public final class Lease implements AutoCloseable {

    private static final Duration LIFETIME = Duration.ofSeconds(30);

    private final String holder = ManagementFactory.getRuntimeMXBean().getName() + " " + UUID.randomUUID();
    private final JdbcClient jdbc;
    private final Duration lifetime;
    private final LongSupplier nanoTime;
    private final Waiter waiter;
    private final LongConsumer onGrowth;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relais-lease");
        thread.setDaemon(true);
        return thread;
    });
    private volatile ScheduledFuture<?> renewal;
    private volatile long heldFence;
    private volatile Runnable check;

    /** The refusal of a write that came too late, because another process has taken the lease. */
    public static final class Lost extends RelaisException {
        private Lost() {
            super("another process has taken over", "See the console for the sweep of the other process.");
        }
    }

    /** Waits between two attempts to take the lease. */
    @FunctionalInterface
    interface Waiter {
        void await(Duration pause) throws InterruptedException;
    }

    /** @param onGrowth is called with each fence that this process has set */
    public Lease(JdbcClient jdbc, LongConsumer onGrowth) {
        this(jdbc, LIFETIME, System::nanoTime, pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()), onGrowth);
    }

    /**
     * @param lifetime how long the lease lasts without a renewal
     * @param nanoTime the time in nanoseconds since an arbitrary moment, which limits how long {@link #take} waits
     */
    Lease(JdbcClient jdbc, Duration lifetime, LongSupplier nanoTime, Waiter waiter, LongConsumer onGrowth) {
        this.jdbc = jdbc;
        this.lifetime = lifetime;
        this.nanoTime = nanoTime;
        this.waiter = waiter;
        this.onGrowth = onGrowth;
    }

    /**
     * Takes the lease. When another process holds the lease, waits until that process releases it or its lease
     * expires, or gives up after a little more than the lifetime of a lease.
     *
     * @return the fence, or null when this process already holds the lease or another process keeps renewing it
     */
    public synchronized Long take() throws InterruptedException {
        if (renewal != null) {
            return null;
        }
        Duration pause = lifetime.dividedBy(30);
        long maxWait = lifetime.multipliedBy(5).dividedBy(4).toNanos();
        long start = nanoTime.getAsLong();
        Long granted = tryTake();
        while (granted == null) {
            if (nanoTime.getAsLong() - start > maxWait) {
                return null;
            }
            waiter.await(pause);
            granted = tryTake();
        }
        long fence = granted;
        heldFence = fence;
        check = () -> {};
        onGrowth.accept(fence);
        long period = lifetime.toMillis() / 3;
        renewal = scheduler.scheduleWithFixedDelay(() -> checkAndRenew(fence), period, period, TimeUnit.MILLISECONDS);
        return fence;
    }

    /**
     * Makes sure that the lease has not been taken again, and prevents that until the current transaction ends.
     *
     * @throws Lost when the lease has been taken again
     */
    public void require(long fence) {
        jdbc.sql("select fence from lease where name = 'sweep' and fence = :fence lock in share mode")
                .param("fence", fence)
                .query(Long.class)
                .optional()
                .orElseThrow(Lost::new);
    }

    /** Sets a check that runs before each renewal of the current lease. The check may release the lease. */
    void checkBeforeRenewals(Runnable check) {
        this.check = check;
    }

    /**
     * Releases the lease, unless it was released before. When the database is unavailable, the lease expires instead.
     *
     * @param fence the result of {@link #take}
     */
    public synchronized void release(long fence) {
        if (renewal != null && heldFence == fence) {
            renewal.cancel(false);
            renewal = null;
            try {
                int rows = jdbc.sql("""
                        update lease set expires_at = utc_timestamp(3), fence = fence + 1
                        where name = 'sweep' and fence = :fence""").param("fence", fence).update();
                if (rows == 1) {
                    onGrowth.accept(fence + 1);
                }
            } catch (DataAccessException e) {
                // The lease expires.
            }
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    /** Returns the fence, or null when another process holds the lease. */
    private Long tryTake() {
        // The statement itself returns the fence. A later statement could read the fence of another process.
        GeneratedKeyHolder fence = new GeneratedKeyHolder();
        try {
            int rows = jdbc.sql("""
                    update lease set holder = :holder, fence = last_insert_id(fence + 1),
                      expires_at = timestampadd(microsecond, :lifetime, utc_timestamp(3))
                    where name = 'sweep' and expires_at < utc_timestamp(3)""")
                    .param("holder", holder)
                    .param("lifetime", 1_000 * lifetime.toMillis())
                    .update(fence);
            return rows == 1 ? fence.getKeyAs(Number.class).longValue() : null;
        } catch (DataAccessException e) {
            if (Failures.isTransient(e)) {
                // A transaction of the previous holder still locks the row.
                return null;
            }
            throw e;
        }
    }

    void checkAndRenew(long fence) {
        try {
            check.run();
        } catch (RuntimeException e) {
            // The next renewal checks again. An exception would end all further renewals.
        }
        if (renewal != null && heldFence == fence) {
            renew(fence);
        }
    }

    /** Renews the lease, unless it has been taken again. */
    void renew(long fence) {
        try {
            jdbc.sql("""
                    update lease set expires_at = timestampadd(microsecond, :lifetime, utc_timestamp(3))
                    where name = 'sweep' and fence = :fence""")
                    .param("lifetime", 1_000 * lifetime.toMillis())
                    .param("fence", fence)
                    .update();
        } catch (DataAccessException e) {
            // The database may return before the lease expires. An exception would end all further renewals.
        }
    }
}
