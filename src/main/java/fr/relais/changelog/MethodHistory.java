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

/** All versions of the method: the table {@code method}. */
final class MethodHistory {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Method method;
    private final Clock clock;

    /** The version that this process recorded or found to be its own; 0 before that. */
    private int recorded;

    /** The newest version in the table. */
    record Newest(int version, String sha256) {}

    /**
     * @param transaction at level READ COMMITTED
     * @param method in force in this process
     */
    MethodHistory(JdbcClient jdbc, TransactionOperations transaction, Method method, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.method = method;
        this.clock = clock;
    }

    /**
     * Records the method of this process as a new version, unless it is the newest one. While a release is rolled
     * out, processes with different methods run side by side: each records its own once, at its beginning, and none
     * answers the other's version with its own.
     */
    synchronized void record() {
        if (isRecorded()) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            // Of processes that begin together, one waits here until it can see the other's version.
            jdbc.sql("select id from publication where id = 1 for update")
                    .query(Integer.class)
                    .single();
            if (!isRecorded()) {
                jdbc.sql("insert into method (since, sha256, text) values (:now, :sha256, :text)")
                        .param("now", UtcTime.of(clock.instant().truncatedTo(ChronoUnit.MILLIS)))
                        .param("sha256", method.sha256())
                        .param("text", method.text())
                        .update();
            }
        });
        isRecorded();
    }

    private boolean isRecorded() {
        return newest().map(newest -> {
                    if (newest.sha256.equals(method.sha256())) {
                        recorded = newest.version;
                        return true;
                    }
                    // A smaller version means that the database was restored, and that ours is lost.
                    return recorded > 0 && newest.version > recorded;
                })
                .orElse(false);
    }

    Optional<Newest> newest() {
        return jdbc.sql("select version, sha256 from method order by version desc limit 1")
                .query(Newest.class)
                .optional();
    }

    /** All versions, newest first. */
    List<MethodVersion> versions() {
        List<MethodVersion> versions = new ArrayList<>();
        jdbc.sql("select version, since, sha256, text from method order by version")
                .query(row -> {
                    MethodVersion before = versions.isEmpty() ? null : versions.get(versions.size() - 1);
                    int number = row.getInt("version");
                    Method that = Method.parse(row.getString("text"));
                    versions.add(new MethodVersion(
                            number,
                            UtcTime.instant(row, "since"),
                            row.getString("sha256"),
                            that,
                            before == null ? List.of() : difference(before.number(), before.method(), number, that)));
                });
        Collections.reverse(versions);
        return versions;
    }

    /** The lines in which two versions differ, in unified form. */
    static List<String> difference(int before, Method old, int number, Method that) {
        List<String> lines = old.lines();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "version " + before, "version " + number, lines, DiffUtils.diff(lines, that.lines()), 0);
    }
}
