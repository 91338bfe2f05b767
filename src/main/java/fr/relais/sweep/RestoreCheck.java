package fr.relais.sweep;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The check for a restored database. A restore may bring back offers that the source has removed since the backup, so
 * no earlier sweep counts as proved any more.
 *
 * <p>There are two signs of a restore. One is that the lease's fence, which only grows, is smaller than at the last
 * check of this process. The other is that the creation time of the table {@code restore_fence} differs from the time
 * that is recorded in it; both a restored dump and restored data files change the creation time. A storage snapshot
 * or a dump of rows only, restored while no process runs, shows neither sign.
 */
public final class RestoreCheck {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Lease lease;
    private long lastFence;

    public RestoreCheck(JdbcClient jdbc, TransactionOperations transaction, Lease lease) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lease = lease;
    }

    /**
     * Looks for the signs of a restore. After a restore, no earlier sweep counts as proved or can be resumed.
     *
     * @return whether the database has been restored since the last check
     */
    public synchronized boolean check() {
        long fence = lease.fence();
        long createdAt = jdbc.sql("""
                select unix_timestamp(create_time) from information_schema.tables
                where table_schema = database() and table_name = 'restore_fence'""").query(Long.class).single();
        // Processes that started at the same time may each have recorded the time.
        Optional<Long> recorded = jdbc.sql("select distinct created_at from restore_fence")
                .query(Long.class)
                .optional();
        boolean restored =
                fence < lastFence || recorded.filter(at -> at != createdAt).isPresent();
        if (recorded.isEmpty() || restored) {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("delete from restore_fence").update();
                jdbc.sql("insert into restore_fence (created_at) values (:createdAt)")
                        .param("createdAt", createdAt)
                        .update();
                if (restored) {
                    markSweepsRestored();
                }
            });
        }
        // If the transaction fails, the next check must find the sign again.
        lastFence = fence;
        return restored;
    }

    private void markSweepsRestored() {
        jdbc.sql("""
                update sweep set state = 'restored', reason = 'the database was restored after this sweep',
                  ended_at = coalesce(ended_at, utc_timestamp(3))
                where state in ('proved', 'held', 'reading', 'removing')""").update();
    }
}
