package fr.relais.wipe;

import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.seal.Seal;
import fr.relais.sweep.Lease;
import fr.relais.wipe.WipedTables.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The removal of all content, views and keys at the end of the licence (article 9). Each step commits. After an
 * interruption at any point, the next wipe continues. The ledger stays, and has entries about the wipe.
 */
public final class Wipe {

    private static final int ROWS_AT_ONCE = 1_000;

    /** How many times the lease is tried, for half a minute each. A running sweep ends within two minutes. */
    private static final int LEASE_ATTEMPTS = 5;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Lease lease;
    private final Seal seal;
    private final Ledger ledger;
    private final WipedFiles files;
    private final WipedTables tables;
    private final ServerCopies copies;
    private final Clock clock;

    /**
     * The result of a wipe.
     *
     * @param deleted the number of deleted rows by table, and of files; also of earlier wipes that were interrupted
     * @param remaining what is left for people to delete, one text for each place
     */
    public record Result(Map<String, Long> deleted, List<String> remaining) {}

    /** @param transaction runs statements that must be committed together */
    public Wipe(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Lease lease,
            Seal seal,
            Ledger ledger,
            WipedFiles files,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lease = lease;
        this.seal = seal;
        this.ledger = ledger;
        this.files = files;
        this.tables = new WipedTables(jdbc);
        this.copies = new ServerCopies(jdbc);
        this.clock = clock;
    }

    /** Returns the name of the schema, which a person types to confirm the wipe. */
    public String schema() {
        return tables.schema();
    }

    /** Returns the months whose reports have not been accepted by the mail server and cannot be sent after the wipe. */
    public List<String> unsentReports() {
        return jdbc.sql("select date_format(month, '%Y-%m') from monthly_report"
                        + " where state not in ('accepted', 'confirmed') and reduced_at is null order by month")
                .query(String.class)
                .list();
    }

    /**
     * Seals the mirror and removes everything but the evidence.
     *
     * @param person the name of the person who starts the wipe, or null when it is unknown
     * @param progress receives one line of text for each step
     * @throws SweepRunning when another process keeps sweeping
     * @throws TableInUse when a table cannot be rebuilt
     * @throws UncheckedIOException when a file cannot be deleted
     */
    public Result run(String person, Consumer<String> progress) throws InterruptedException {
        transaction.executeWithoutResult(status -> begin(person));
        return finish(progress);
    }

    /**
     * Removes everything but the evidence, if the mirror is sealed. Does nothing otherwise.
     *
     * @param condition what the seal must be like
     * @param reason why the mirror is wiped, for the ledger
     */
    public void runIfSealed(Predicate<Seal.Status> condition, String reason, Consumer<String> progress)
            throws InterruptedException {
        boolean begins = transaction.execute(status -> {
            boolean isDue = seal.lock().filter(condition).isPresent();
            if (isDue) {
                begin(reason);
            }
            return isDue;
        });
        if (begins) {
            finish(progress).remaining().forEach(place -> progress.accept("Left for you: " + place));
        }
    }

    private Result finish(Consumer<String> progress) throws InterruptedException {
        progress.accept("The mirror is sealed. Nothing is shown, and no sweep begins.");
        long fence = takeLease();
        try {
            if (isWiped()) {
                // Another process has finished the wipe.
                return new Result(Map.of(), new Remaining(jdbc, tables, files).texts(true));
            }
            withdraw(fence);
            copies.deleteFiller();
            List<Table> emptied = tables.emptied();
            // What was written while the tables were being emptied is found the second time.
            for (int pass = 1; pass <= 2; pass++) {
                emptied.forEach(table -> empty(table, fence));
            }
            progress.accept("The tables are empty.");
            deleteFiles(fence);
            progress.accept("The files are deleted.");
            emptied.forEach(copies::rebuild);
            boolean isPurged = copies.awaitPurge();
            progress.accept("The tables are rebuilt. Now the logs of the database server are overwritten.");
            copies.overwrite();
            copies.rebuild(new Table(schema(), "sighting", true));
            Map<String, Long> deleted = end(fence);
            return new Result(deleted, new Remaining(jdbc, tables, files).texts(isPurged));
        } finally {
            lease.release(fence);
        }
    }

    private void begin(String person) {
        if (seal.beginWipe()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("by", person);
            facts.put("unreported", unsentReports());
            record("begun", facts);
        }
    }

    private boolean isWiped() {
        return seal.status()
                .filter(status -> status.state() == Seal.State.WIPED)
                .isPresent();
    }

    private long takeLease() throws InterruptedException {
        for (int attempt = 1; attempt <= LEASE_ATTEMPTS; attempt++) {
            Long fence = lease.take();
            if (fence != null) {
                return fence;
            }
        }
        throw new SweepRunning();
    }

    /**
     * Withdraws the earlier sweeps, so that no offer is shown before a new one, even if a person opens the mirror
     * again. Gives up the reports that have not been sent, because their counts are deleted.
     */
    private void withdraw(long fence) {
        transaction.executeWithoutResult(status -> {
            lease.require(fence);
            jdbc.sql("update sweep set state = 'restored', reason = 'the mirror was wiped after this sweep',"
                            + " ended_at = coalesce(ended_at, utc_timestamp(3)) where state <> 'restored'")
                    .update();
            jdbc.sql("delete from monthly_report where state = 'open'").update();
            jdbc.sql("update monthly_report set state = 'failed', reason = 'the mirror was wiped before it was sent'"
                            + " where state in ('prepared', 'submitting')")
                    .update();
            jdbc.sql("update monthly_report set reduced_at = :now where reduced_at is null")
                    .param("now", UtcTime.of(clock.instant()))
                    .update();
        });
    }

    private void empty(Table table, long fence) {
        int rows;
        do {
            rows = transaction.execute(status -> {
                lease.require(fence);
                int deleted = jdbc.sql("delete from " + table.sql() + " limit " + ROWS_AT_ONCE)
                        .update();
                count(table.toString(), deleted);
                return deleted;
            });
        } while (rows == ROWS_AT_ONCE);
    }

    private void deleteFiles(long fence) {
        try {
            for (Path file : files.find()) {
                if (Files.deleteIfExists(file)) {
                    transaction.executeWithoutResult(status -> {
                        lease.require(fence);
                        count("files", 1);
                    });
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(String name, int number) {
        if (number > 0) {
            jdbc.sql("insert into wiped (name, number) values (left(:name, 200), :number)"
                            + " on duplicate key update number = number + values(number)")
                    .param("name", name)
                    .param("number", number)
                    .update();
        }
    }

    private Map<String, Long> end(long fence) {
        return transaction.execute(status -> {
            lease.require(fence);
            Map<String, Long> deleted = new LinkedHashMap<>();
            jdbc.sql("select name, number from wiped order by name").query(row -> {
                deleted.put(row.getString("name"), row.getLong("number"));
            });
            jdbc.sql("delete from wiped").update();
            seal.endWipe();
            record("finished", Map.of("deleted", deleted));
            return deleted;
        });
    }

    private void record(String event, Map<String, ?> more) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("event", event);
        data.putAll(more);
        ledger.append(Kind.WIPE, data);
    }
}
