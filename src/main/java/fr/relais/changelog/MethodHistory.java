package fr.relais.changelog;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The versions of the method, in the table {@code method}. */
final class MethodHistory {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Method method;
    private final Clock clock;

    /** The version that has the method of this process; 0 until it is known. */
    private int recorded;

    /** The newest version in the table. */
    record Newest(int version, String sha256) {}

    /**
     * @param transaction at level READ COMMITTED
     * @param method the method of this process
     */
    MethodHistory(JdbcClient jdbc, TransactionOperations transaction, Method method, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.method = method;
        this.clock = clock;
    }

    /**
     * Records the method of this process as a new version, unless it is the newest version already. While a release is
     * rolled out, processes with different methods run side by side. Each process records its method only once, so that
     * they do not keep superseding each other's versions.
     */
    synchronized void record() {
        if (checkRecorded()) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            // When processes start together, the second waits here until it can see the version of the first.
            jdbc.sql("select id from publication where id = 1 for update")
                    .query(Integer.class)
                    .single();
            if (!checkRecorded()) {
                jdbc.sql("insert into method (since, sha256, text) values (:now, :sha256, :text)")
                        .param("now", UtcTime.of(clock.instant().truncatedTo(ChronoUnit.MILLIS)))
                        .param("sha256", method.sha256())
                        .param("text", method.text())
                        .update();
            }
        });
        checkRecorded();
    }

    /** Returns whether this process has nothing to record, and remembers the version that has its method. */
    private boolean checkRecorded() {
        return newest().map(newest -> {
                    if (newest.sha256.equals(method.sha256())) {
                        recorded = newest.version;
                        return true;
                    }
                    // A lower number means that the database was restored and our version is lost.
                    return recorded > 0 && newest.version > recorded;
                })
                .orElse(false);
    }

    /** Returns the newest version, if there is one. */
    Optional<Newest> newest() {
        return jdbc.sql("select version, sha256 from method order by version desc limit 1")
                .query(Newest.class)
                .optional();
    }

    /** Returns all versions, newest first. */
    List<MethodVersion> versions() {
        List<MethodVersion> versions = new ArrayList<>();
        jdbc.sql("select version, since, sha256, text from method order by version")
                .query(row -> {
                    MethodVersion last = versions.isEmpty() ? null : versions.get(versions.size() - 1);
                    int number = row.getInt("version");
                    Method current = Method.parse(row.getString("text"));
                    versions.add(new MethodVersion(
                            number,
                            UtcTime.instant(row, "since"),
                            row.getString("sha256"),
                            current,
                            last == null ? List.of() : difference(last.number(), last.method(), number, current)));
                });
        Collections.reverse(versions);
        return versions;
    }

    /** Returns the lines in which two versions differ, as a unified diff. */
    static List<String> difference(int oldNumber, Method old, int newNumber, Method current) {
        List<String> lines = old.lines();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "version " + oldNumber, "version " + newNumber, lines, DiffUtils.diff(lines, current.lines()), 0);
    }
}
