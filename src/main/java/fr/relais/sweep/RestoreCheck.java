package fr.relais.sweep;

import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The check for a restored database. A restore may bring back offers that the source has removed since the backup, so
 * no earlier sweep counts as proved any more.
 *
 * <p>The first sign of a restore is that the fence of the lease, which only grows, is smaller than the one that is
 * remembered outside the database. A failover to a replica that has lost transactions shows the same sign, and has the
 * same consequences.
 *
 * <p>The second sign is a sweep from before a restore that is not marked as restored. It appears when a dump is
 * imported while a process runs: the lease comes first, and the restore is noticed; the sweeps come minutes later. To
 * recognize such a sweep, each restore begins a new era: the fence becomes the next multiple of {@link #ERA}.
 */
public final class RestoreCheck {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreCheck.class);

    /**
     * The number of fences in an era. The fence never gets to the next era without a restore. The first fence of a new
     * era is larger than any that another process remembers. Otherwise that process would notice the restore again.
     */
    private static final long ERA = 1_000_000_000_000L;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final RememberedFence remembered;
    private final Ledger ledger;
    private final Runnable onRestore;
    private volatile String database;

    /**
     * @param folder where the fences are remembered
     * @param ledger where the restore is recorded
     * @param onRestore what else a restore requires; runs in the transaction that records the restore, and again in the
     *     next check if that transaction fails
     */
    public RestoreCheck(
            JdbcClient jdbc, TransactionOperations transaction, Path folder, Ledger ledger, Runnable onRestore) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.remembered = new RememberedFence(folder);
        this.ledger = ledger;
        this.onRestore = onRestore;
    }

    /**
     * Looks for the signs of a restore. After a restore, no earlier sweep counts as proved or can be resumed.
     *
     * <p>Without a sweep, each check increases the fence, so that a backup from before the check is noticed.
     *
     * @return whether the database has been restored since the last check of any process
     */
    public synchronized boolean check() {
        database = jdbc.sql("select database_id from lease where name = 'sweep'")
                .query(String.class)
                .single();
        // Read before the fence in the database: if the lease is taken in between, the database has the larger fence,
        // which is no sign of a restore.
        OptionalLong last = remembered.of(database);
        if (last.isEmpty()) {
            warnOfUnknownPast();
        }
        boolean restored = isRestored(last.orElse(-1), "") && recordRestore(last.orElse(-1));
        remembered.raise(database, grow());
        return restored;
    }

    /** Remembers a fence that this process has set. */
    public void remember(long fence) {
        if (database != null) {
            remembered.raise(database, fence);
        }
    }

    /**
     * Returns whether the database was restored and no sweep has begun since, or the last one has been incomplete for
     * ten minutes. False while the mirror is sealed.
     */
    public boolean isSweepDue() {
        return jdbc.sql("""
                select coalesce((
                  select state = 'restored' or state = 'incomplete'
                    and ended_at < utc_timestamp(3) - interval 10 minute
                    and (select state = 'restored' from sweep where state in ('proved', 'restored')
                      order by id desc limit 1)
                  from sweep order by id desc limit 1), false)
                  and not exists (select 1 from seal where state <> 'open')""").query(Boolean.class).single();
    }

    /** Returns the names of all API keys. Those that were revoked after the backup are valid again after a restore. */
    public List<String> apiKeys() {
        return jdbc.sql("select name from api_key order by name")
                .query(String.class)
                .list();
    }

    private boolean isRestored(long last, String lock) {
        return jdbc.sql("""
                select fence < :last or exists (select 1 from sweep
                  where state <> 'restored' and sweep.fence < lease.fence - lease.fence mod :era)
                from lease where name = 'sweep'""" + lock)
                .param("last", last)
                .param("era", ERA)
                .query(Boolean.class)
                .single();
    }

    /** Records the restore, unless another process has done so. Returns whether this process has. */
    private boolean recordRestore(long last) {
        OptionalLong newEra = withdraw(last);
        if (newEra.isEmpty()) {
            return false;
        }
        // The withdrawal neither waits for the rest nor fails with it. Until the fence has grown to the new era, which
        // is remembered already, each check tries again.
        boolean isRecorded = transaction.execute(status -> {
            int rows = jdbc.sql("update lease set fence = :fence, expires_at = utc_timestamp(3)"
                            + " where name = 'sweep' and fence < :fence")
                    .param("fence", newEra.getAsLong())
                    .update();
            if (rows == 0) {
                return false;
            }
            // Another process may have begun a sweep in between. Its fence belongs to the old era.
            markSweepsRestored();
            onRestore.run();
            ledger.append(Kind.RESTORE, whatIsLeft());
            return true;
        });
        if (isRecorded) {
            LOG.warn(
                    "The database was restored: its offers are not shown until a new sweep is proved. {}",
                    revivedKeys(apiKeys()));
        }
        return isRecorded;
    }

    /**
     * Withdraws all offers, and remembers the beginning of the new era.
     *
     * @return the first fence of the new era; empty when another process has recorded the restore
     */
    private OptionalLong withdraw(long last) {
        return transaction.execute(status -> {
            // The first reading may have been out of date, for example on a replica. With a lock, the reading is
            // current.
            if (!isRestored(last, " for update")) {
                return OptionalLong.empty();
            }
            long newEra = (Math.max(last, fence()) / ERA + 1) * ERA;
            markSweepsRestored();
            remembered.raise(database, newEra);
            return OptionalLong.of(newEra);
        });
    }

    private void markSweepsRestored() {
        jdbc.sql("""
                update sweep set state = 'restored', reason = 'the database was restored after this sweep',
                  ended_at = coalesce(ended_at, utc_timestamp(3))
                where state <> 'restored'""").update();
    }

    /** Returns what the ledger says about a restore: the last sweep that the restored database has. */
    private Map<String, Object> whatIsLeft() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(
                "lastSweep",
                jdbc.sql("select max(id) from sweep")
                        .query((row, number) -> row.getObject(1, Long.class))
                        .single());
        return data;
    }

    /** Returns what a person must do about API keys after a restore. */
    public static String revivedKeys(List<String> names) {
        return names.isEmpty()
                ? "The restored database has no API key."
                : "Revoke again the API keys that were revoked after the backup; those that are valid now: "
                        + String.join(", ", names) + ".";
    }

    private void warnOfUnknownPast() {
        boolean hasMirror = jdbc.sql("select exists (select 1 from sweep where state = 'proved')")
                .query(Boolean.class)
                .single();
        if (hasMirror) {
            LOG.warn("It is not known whether the database was restored since the last sweep, because"
                    + " relais.restore.folder has no record of this database. If it was restored, execute:"
                    + " update sweep set state = 'restored'");
        }
    }

    /**
     * Increases the fence by one, unless a sweep depends on it.
     *
     * @return the fence that is committed
     */
    private long grow() {
        long fence = fence();
        if (isNeeded(fence)) {
            return fence;
        }
        try {
            int rows = jdbc.sql("update lease set fence = fence + 1"
                            + " where name = 'sweep' and fence = :fence and expires_at < utc_timestamp(3)")
                    .param("fence", fence)
                    .update();
            return fence + rows;
        } catch (DataAccessException e) {
            // The check itself has succeeded. The next one tries again.
            return fence;
        }
    }

    /**
     * Returns whether a sweep with this fence has not ended. Its process may have lost the connection for longer than
     * the lease lasts, and can continue if no other process has taken the lease.
     */
    private boolean isNeeded(long fence) {
        return jdbc.sql("select exists (select 1 from sweep where fence = :fence and state in ('reading', 'removing'))")
                .param("fence", fence)
                .query(Boolean.class)
                .single();
    }

    private long fence() {
        return jdbc.sql("select fence from lease where name = 'sweep'")
                .query(Long.class)
                .single();
    }
}
