package fr.relais.database;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Counts and times the commits of a transaction manager. Commits that fail count, too. */
public final class CommitTimes implements TransactionExecutionListener {

    private final LongAdder commits = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** When the current thread began to commit. A transaction is committed by one thread. */
    private final ThreadLocal<Long> startedAt = new ThreadLocal<>();

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        startedAt.set(System.nanoTime());
    }

    @Override
    public void afterCommit(TransactionExecution transaction, Throwable failure) {
        Long start = startedAt.get();
        if (start != null) {
            startedAt.remove();
            nanos.add(System.nanoTime() - start);
            commits.increment();
        }
    }

    /** Returns the number of commits since the start of the process. */
    public long commits() {
        return commits.sum();
    }

    /** Returns the time that these commits took together. */
    public Duration total() {
        return Duration.ofNanos(nanos.sum());
    }
}
