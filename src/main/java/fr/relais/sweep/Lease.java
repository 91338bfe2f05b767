package fr.relais.sweep;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The right to sweep, of which there is one for all processes that share a database: a row of the table {@code lease}
 * that its holder renews. By the database's clock, so that machines need not agree on the time.
 */
public final class Lease implements AutoCloseable {

    static final Duration LIFETIME = Duration.ofSeconds(30);

    private final String holder = ManagementFactory.getRuntimeMXBean().getName() + " " + UUID.randomUUID();
    private final JdbcClient jdbc;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relais-lease");
        thread.setDaemon(true);
        return thread;
    });
    private ScheduledFuture<?> renewing;

    public Lease(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the lease. When another process holds it, waits long enough to know whether that process still lives.
     *
     * @return false when this process has it already, or another one lives and holds it
     */
    public synchronized boolean take() throws InterruptedException {
        if (renewing != null) {
            return false;
        }
        long giveUpAt = System.nanoTime() + LIFETIME.plusSeconds(5).toNanos();
        while (!update("expires_at < utc_timestamp(3)")) {
            if (System.nanoTime() > giveUpAt) {
                return false;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        long third = LIFETIME.toMillis() / 3;
        renewing = renewal.scheduleAtFixedRate(this::renew, third, third, TimeUnit.MILLISECONDS);
        return true;
    }

    private void renew() {
        try {
            update("holder = :holder");
        } catch (RuntimeException e) {
            // The database may be back before the lease is over; an exception would end all further renewals.
        }
    }

    public synchronized void release() {
        if (renewing != null) {
            renewing.cancel(false);
            renewing = null;
            jdbc.sql("update lease set expires_at = utc_timestamp(3) where name = 'sweep' and holder = :holder")
                    .param("holder", holder)
                    .update();
        }
    }

    @Override
    public void close() {
        renewal.shutdownNow();
    }

    private boolean update(String condition) {
        return jdbc.sql("update lease set holder = :holder,"
                                + " expires_at = timestampadd(second, :seconds, utc_timestamp(3)) where name = 'sweep' and "
                                + condition)
                        .param("holder", holder)
                        .param("seconds", LIFETIME.toSeconds())
                        .update()
                == 1;
    }
}
