package fr.relais.sweep;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Notices that the database was restored from a copy, which may bring back offers that the source has removed since. From
 * then on no sweep counts as proved until a new one is.
 *
 * <p>Two signs: the lease's fence, which only grows, is smaller than this process has seen it; or the server made the table
 * {@code restore_fence} at another time than the table itself says, which a dump and a copy of the files both bring about. A storage snapshot that
 * is put back while no process runs shows neither.
 */
public final class RestoreFence {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Lease lease;
    private long highest;

    public RestoreFence(JdbcClient jdbc, TransactionOperations transaction, Lease lease) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lease = lease;
    }

    /** Looks for the signs; true when the database has been restored since the last look. */
    public synchronized boolean check() {
        long fence = lease.fence();
        long createdAt = jdbc.sql("""
                select unix_timestamp(create_time) from information_schema.tables
                where table_schema = database() and table_name = 'restore_fence'""").query(Long.class).single();
        // Processes that begin side by side may each have recorded it.
        Optional<Long> recorded = jdbc.sql("select distinct created_at from restore_fence")
                .query(Long.class)
                .optional();
        boolean restored =
                fence < highest || recorded.filter(at -> at != createdAt).isPresent();
        if (recorded.isEmpty() || restored) {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("delete from restore_fence").update();
                jdbc.sql("insert into restore_fence (created_at) values (:createdAt)")
                        .param("createdAt", createdAt)
                        .update();
                if (restored) {
                    distrust();
                }
            });
        }
        // Only now: a sign that could not be acted on must be seen again.
        highest = fence;
        return restored;
    }

    private void distrust() {
        jdbc.sql("""
                update sweep set state = 'restored', reason = 'the database was restored after this sweep'
                where state in ('proved', 'held', 'reading', 'removing')""").update();
    }
}
