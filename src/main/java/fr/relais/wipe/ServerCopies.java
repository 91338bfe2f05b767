package fr.relais.wipe;

import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The copies of deleted rows in the files of the database server. A table that is rebuilt gets a new file. The redo
 * log, the undo logs and the doublewrite buffer keep copies until they are written again, so this class writes there.
 */
final class ServerCopies {

    /** How many pages of the database are written again and again. */
    private static final int ROWS = 512;

    /** How many rows a transaction changes. The server uses its 128 rollback segments in turn. */
    private static final int ROWS_AT_ONCE = ROWS / 128;

    /** The minimum number of times that each page is written. */
    private static final int ROUNDS = 3;

    private static final Duration PURGE_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    /** The value of the rows that overwrite the logs. It is JSON, because the column requires JSON. */
    private static final String FILLER = "concat('[\"', repeat(md5(rand()), 234), '\"]')";

    private final JdbcClient jdbc;

    ServerCopies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Rebuilds a table, so that its file has nothing of deleted rows.
     *
     * @throws TableInUse when the table cannot be locked or rebuilt
     */
    void rebuild(WipedTables.Table table) {
        boolean isRebuilt = jdbc
                .sql("set statement lock_wait_timeout = " + LOCK_TIMEOUT.toSeconds() + " for optimize table "
                        + table.sql())
                .query((row, number) -> row.getString("Msg_type"))
                .list()
                .stream()
                .noneMatch("Error"::equalsIgnoreCase);
        if (!isRebuilt) {
            throw new TableInUse(table.toString());
        }
    }

    /**
     * Waits until the server has purged the deleted rows from its undo logs.
     *
     * @return false when it has not within two minutes, for example because an old transaction is still open
     */
    boolean awaitPurge() {
        long end = System.nanoTime() + PURGE_TIMEOUT.toNanos();
        while (status("INNODB_HISTORY_LIST_LENGTH") > 0) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            jdbc.sql("select sleep(0.1)").query(Integer.class).single();
        }
        return true;
    }

    /**
     * Writes as much as the redo log can hold, in pages and transactions that also overwrite the undo logs and the
     * doublewrite buffer. The server writes every older page to its files before it reuses the redo log.
     */
    void overwrite() {
        deleteFiller();
        jdbc.sql("insert into sighting (sweep_id, offer_ids) select 0, " + FILLER + " from seq_1_to_" + ROWS)
                .update();
        long end = written() + redoLogSize() * 9 / 8;
        for (int round = 0; round < ROUNDS || written() < end; round++) {
            overwritePages(round < ROUNDS ? ROWS_AT_ONCE : ROWS);
        }
        deleteFiller();
    }

    private void overwritePages(int rowsAtOnce) {
        List<Long> ids = jdbc.sql("select id from sighting where sweep_id = 0 order by id")
                .query(Long.class)
                .list();
        for (int first = 0; first < ids.size(); first += rowsAtOnce) {
            jdbc.sql("update sighting set offer_ids = " + FILLER + " where id between :first and :last")
                    .param("first", ids.get(first))
                    .param("last", ids.get(Math.min(first + rowsAtOnce, ids.size()) - 1))
                    .update();
        }
    }

    /** Deletes what an interrupted wipe has written. */
    void deleteFiller() {
        jdbc.sql("delete from sighting where sweep_id = 0").update();
    }

    private long written() {
        return status("INNODB_LSN_CURRENT");
    }

    private long status(String variable) {
        return jdbc.sql("select variable_value from information_schema.global_status where variable_name = :variable")
                .param("variable", variable)
                .query(Long.class)
                .single();
    }

    private long redoLogSize() {
        return jdbc.sql("select @@global.innodb_log_file_size")
                .query(Long.class)
                .single();
    }
}
